/** tfjs on WebGPU, in Node by Dawn. files: `dawn`, `plan`, `tensors`, `imageNhwc`. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { openGpu } from './dawn.ts';
import type { Job, Session } from './job.ts';
import { readFloats } from './numbers.ts';
import { serve } from './serve.ts';
import { deaths, runPlan, uploadTensors } from './tfjsGraph.ts';
import type { TfjsPlan } from './tfjsPlan.ts';

async function load({ files }: Job): Promise<Session> {
  await openGpu(files);
  // It looks for a GPU when it is loaded.
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs has no WebGPU here');
  await tf.ready();
  const plan = JSON.parse(readFileSync(files['plan']!, 'utf8')) as TfjsPlan;
  const known = uploadTensors(plan, readFloats(files['tensors']!));
  const dies = deaths(plan);
  const numbers = readFloats(files['imageNhwc']!);
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

void serve(load);
