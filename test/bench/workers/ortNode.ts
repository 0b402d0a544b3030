/** onnxruntime-node on the CPU: native code. files: `peers` (the folder it is installed in), `onnx`, `image`, `shape`. */
import { createRequire } from 'node:module';
import type { Job, Session } from './job.ts';
import { ortSession, type Ort } from './onnx.ts';
import { serve } from './serve.ts';

async function load({ files }: Job): Promise<Session> {
  const ort = createRequire(`${files['peers']}/`)('onnxruntime-node') as Ort;
  return ortSession(ort, files['onnx']!, files, { executionProviders: ['cpu'] });
}

await serve(load);
