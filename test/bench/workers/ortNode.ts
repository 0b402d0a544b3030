/** onnxruntime-node on the CPU: native code. files: `peers` (the folder it is installed in), `onnx`, `image`, `shape`. */
import { createRequire } from 'node:module';
import type { Host, Job, Session } from './job.ts';
import { ortSession, type Ort } from './onnx.ts';

export async function load({ files }: Job, host: Host): Promise<Session> {
  const ort = createRequire(`${files['peers']}/`)('onnxruntime-node') as Ort;
  return ortSession(ort, files['onnx']!, files, { executionProviders: ['cpu'] }, host);
}
