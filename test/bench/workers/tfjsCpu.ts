/**
 * A training step of tfjs on its plain JavaScript backend, the only one of tfjs without a GPU that has all gradients:
 * forward, loss, gradients of all weights, gradient descent. files: `plan`, `tensors`, `imageNhwc`, `label`.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type { Host, Job, Session } from './job.ts';
import { readFloats, readInts, readJson } from './numbers.ts';
import { runPlan, uploadTensors } from './tfjsGraph.ts';
import type { TfjsPlan } from './tfjsPlan.ts';

export async function load({ files }: Job, host: Host): Promise<Session> {
  await tf.setBackend('cpu');
  await tf.ready();
  const plan = (await readJson(host, files['plan']!)) as TfjsPlan;
  const variables = new Map(
    [...uploadTensors(plan, await readFloats(host, files['tensors']!))].map(([value, start]) => [
      value,
      tf.variable(start),
    ]),
  );
  const image = tf.tensor(await readFloats(host, files['imageNhwc']!), plan.input.shape);
  const labels = tf.tensor(await readInts(host, files['label']!), [plan.input.shape[0]!], 'int32');
  const optimizer = tf.train.sgd(1e-3);
  const loss = (): tf.Tensor => {
    const logits = runPlan(plan, variables, image);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(labels, logits.shape[1]!), logits);
  };
  return {
    run() {
      const cost = optimizer.minimize(loss, true);
      const value = cost.dataSync();
      cost.dispose();
      return value;
    },
  };
}
