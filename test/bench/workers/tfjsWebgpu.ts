/** tfjs on WebGPU, in Node by Dawn. files: `dawn`, `plan`, `tensors`, `imageNhwc`. */
import * as tf from '@tensorflow/tfjs-core';
import { openGpu } from './dawn.ts';
import type { Host, Job, Session } from './job.ts';
import { readFloats, readJson } from './numbers.ts';
import { deaths, runPlan, uploadTensors } from './tfjsGraph.ts';
import type { TfjsPlan } from './tfjsPlan.ts';

export async function load({ files }: Job, host: Host): Promise<Session> {
  await openGpu(files, host);
  // It looks for a GPU when it is loaded.
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs has no WebGPU here');
  await tf.ready();
  const plan = (await readJson(host, files['plan']!)) as TfjsPlan;
  const known = uploadTensors(plan, await readFloats(host, files['tensors']!));
  const dies = deaths(plan);
  const numbers = await readFloats(host, files['imageNhwc']!);
  return {
    async run() {
      const image = tf.tensor(numbers, plan.input.shape);
      const output = runPlan(plan, known, image, dies);
      const logits = await output.data();
      image.dispose();
      output.dispose();
      return logits;
    },
  };
}
