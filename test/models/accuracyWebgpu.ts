/** Trained nets on WebGPU get as many of their data sets' images right as PyTorch, with its logits. */
import { expect } from 'vitest';
import { matchWeights } from '../../compiler/frontend/matchWeights.ts';
import { toFloat32 } from '../../compiler/frontend/safetensors.ts';
import type { Image } from '../support/dataSets.ts';
import { runningDevice } from '../support/gpu.ts';
import { batchOfPictures, compileForGpu, inferOnGpu } from '../support/gpuNets.ts';
import { readNet } from '../support/trainedNets.ts';

/** Logits reach 40, where a rounding of f32 is 2e-6: sums in f32 over twenty layers, as on wasm (measured there: 4.7e-5). */
const TOLERANCE = 2e-4;

export interface TrainedNet {
  readonly model: string;
  readonly net: string;
  readonly right: number;
  readonly batch: number;
}

export async function expectAccuracy({ model, net, right, batch }: TrainedNet, images: readonly Image[]) {
  const compiled = await compileForGpu(model, {
    batch,
    weights: (expected) => matchWeights(readNet(net, 'weights'), expected, net).weights,
  });
  const batches = Array.from({ length: images.length / batch }, (_, i) =>
    batchOfPictures(compiled, images.slice(i * batch, (i + 1) * batch)),
  );
  const logits = (await inferOnGpu(await runningDevice(), compiled, batches)).flatMap((part) => [...part]);
  const expected = toFloat32(readNet(net, 'expected').tensors.get('output_all')!);
  expect(logits).toHaveLength(expected.length);
  const worst = logits.reduce((most, logit, i) => Math.max(most, Math.abs(logit - expected[i]!)), 0);
  const classes = logits.length / images.length;
  const answers = images.map((_, i) => {
    const scores = logits.slice(i * classes, (i + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
  expect(images.filter(({ label }, i) => answers[i] === label)).toHaveLength(right);
  expect(worst).toBeLessThan(TOLERANCE);
}
