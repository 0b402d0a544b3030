/** tfjs on its WebAssembly backend. files: `wasm` (the folder of its .wasm), `plan`, `tensors`, `imageNhwc`. */
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Host, Job, Session } from './job.ts';
import { readFloats, readJson } from './numbers.ts';
import { deaths, runPlan, uploadTensors } from './tfjsGraph.ts';
import type { TfjsPlan } from './tfjsPlan.ts';

export async function load({ files }: Job, host: Host): Promise<Session> {
  // A path in Node, an address on the server of a page.
  setWasmPaths(`${files['wasm']}/`);
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const plan = (await readJson(host, files['plan']!)) as TfjsPlan;
  const known = uploadTensors(plan, await readFloats(host, files['tensors']!));
  const dies = deaths(plan);
  const numbers = await readFloats(host, files['imageNhwc']!);
  return {
    run() {
      const image = tf.tensor(numbers, plan.input.shape);
      const output = runPlan(plan, known, image, dies);
      const logits = output.dataSync();
      image.dispose();
      output.dispose();
      return logits;
    },
  };
}
