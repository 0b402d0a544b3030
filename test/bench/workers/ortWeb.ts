/** onnxruntime-web on its WebAssembly backend. files: `ort` (its dist folder), `onnx`, `image`, `shape`. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Job, Session } from './job.ts';
import { ortSession, type Ort } from './onnx.ts';
import { serve } from './serve.ts';

async function load({ files }: Job): Promise<Session> {
  const dist = pathToFileURL(`${files['ort']}/`).href;
  const ort = (await import(`${dist}ort.wasm.min.mjs`)) as Ort;
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = dist;
  // It would fetch a path, and Node fetches no files.
  return ortSession(ort, readFileSync(files['onnx']!), files, { executionProviders: ['wasm'] });
}

await serve(load);
