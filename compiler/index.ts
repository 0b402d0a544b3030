/** The library's face: `import { defineModel, buildGraph } from 'cnnc'`. */
export { Diagnostic } from './diagnostics/diagnostic.ts';
export { buildGraph, type BuildOptions } from './frontend/buildGraph.ts';
export { defineModel, type InputSpec, type Model, type ModelDefinition } from './frontend/model.ts';
export type { Net } from './frontend/net.ts';
export type { Preprocess } from './frontend/preprocess.ts';
export type { Tensor } from './frontend/tensor.ts';
export type { Graph, Node, TensorType } from './ir/types.ts';
