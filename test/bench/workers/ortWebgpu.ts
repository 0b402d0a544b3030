/** onnxruntime-web on WebGPU, in Node by Dawn. files: `dawn`, `ort` (its dist folder), `onnx`, `image`, `shape`. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { openGpu } from './dawn.ts';
import type { Job, Session } from './job.ts';
import { ortSession, type Ort } from './onnx.ts';
import { serve } from './serve.ts';

async function load({ files }: Job): Promise<Session> {
  await openGpu(files);
  const dist = pathToFileURL(`${files['ort']}/`).href;
  const ort = (await import(`${dist}ort.webgpu.min.mjs`)) as Ort;
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = dist;
  return ortSession(ort, readFileSync(files['onnx']!), files, { executionProviders: ['webgpu'] });
}

await serve(load);
