/** onnxruntime-web on its WebAssembly backend. files: `ort` (its dist folder), `onnx`, `image`, `shape`. */
import type { Host, Job, Session } from './job.ts';
import { ortSession, type Ort } from './onnx.ts';

export async function load({ files }: Job, host: Host): Promise<Session> {
  const dist = host.addressOf(`${files['ort']}/`);
  const ort = (await import(`${dist}ort.wasm.min.mjs`)) as Ort;
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = dist;
  // It would fetch a path, and Node fetches no files.
  const model = await host.read(files['onnx']!);
  return ortSession(ort, model, files, { executionProviders: ['wasm'] }, host);
}
