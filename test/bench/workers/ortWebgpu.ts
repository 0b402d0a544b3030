/** onnxruntime-web on WebGPU, in Node by Dawn. files: `dawn`, `ort` (its dist folder), `onnx`, `image`, `shape`. */
import { openGpu } from './dawn.ts';
import type { Host, Job, Session } from './job.ts';
import { ortSession, type Ort } from './onnx.ts';

export async function load({ files }: Job, host: Host): Promise<Session> {
  await openGpu(files, host);
  const dist = host.addressOf(`${files['ort']}/`);
  const ort = (await import(`${dist}ort.webgpu.min.mjs`)) as Ort;
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = dist;
  const model = await host.read(files['onnx']!);
  return ortSession(ort, model, files, { executionProviders: ['webgpu'] }, host);
}
