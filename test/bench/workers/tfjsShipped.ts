/** What an app ships of tfjs to run a net: the walker's operations and the WebAssembly backend. Measured, not run. */
export * from '@tensorflow/tfjs-backend-wasm';
export { ready, setBackend, tensor } from '@tensorflow/tfjs-core';
export { deaths, runPlan, uploadTensors } from './tfjsGraph.ts';
