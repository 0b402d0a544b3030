/** tfjs on its WebAssembly backend. files: `wasm` (the folder of its .wasm), `plan`, `tensors`, `imageNhwc`. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Job, Session } from './job.ts';
import { readFloats } from './numbers.ts';
import { serve } from './serve.ts';
import { deaths, runPlan, uploadTensors } from './tfjsGraph.ts';
import type { TfjsPlan } from './tfjsPlan.ts';

async function load({ files }: Job): Promise<Session> {
  setWasmPaths(`${files['wasm']}/`);
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const plan = JSON.parse(readFileSync(files['plan']!, 'utf8')) as TfjsPlan;
  const known = uploadTensors(plan, readFloats(files['tensors']!));
  const dies = deaths(plan);
  const numbers = readFloats(files['imageNhwc']!);
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

void serve(load);
