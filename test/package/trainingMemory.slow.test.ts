/**
 * ResNet-18 at 224x224, batch 4, trained in half of its memory: the same losses, for at most 35 % more multiply-adds.
 */
import { afterAll, expect, it } from 'vitest';
import { runCalls } from '../../compiler/program/liveness.ts';
import { TRAIN_STEP } from '../../compiler/program/types.ts';
import resnet18 from '../../models/resnet18.ts';
import { createWorkplace } from '../oracle/trainer.ts';
import { compiledModel } from '../support/compiled.ts';
import { firstWeights } from '../support/weights.ts';

const workplace = createWorkplace();
afterAll(() => workplace.remove());

const BATCH = 4;
const STEPS = 3;

function planned(maxMemory?: number) {
  const options = { source: 'the test', batch: BATCH, training: { optimizer: 'sgd', maxMemory } } as const;
  const { program, plan } = compiledModel(resnet18, options).training!;
  const multiplyAdds = runCalls(program, TRAIN_STEP).reduce((sum, call) => sum + call.multiplyAdds, 0);
  return { arena: plan.arenaBytes, multiplyAdds };
}

async function losses(weights: Uint8Array, maxMemory?: number): Promise<number[]> {
  const compiled = await workplace.compile(resnet18, {
    training: { optimizer: 'sgd', maxMemory },
    batch: BATCH,
  });
  const trainer = await compiled.load(weights, { learningRate: 0.01, momentum: 0.9 });
  const image = Float32Array.from(
    { length: BATCH * 3 * 224 * 224 },
    (_, i) => Math.sin(i * 0.37) * Math.cos(i * 0.0011),
  );
  const label = Int32Array.from({ length: BATCH }, (_, i) => i * 37);
  return Array.from({ length: STEPS }, () => trainer.trainStep({ image, label }).loss);
}

it('ResNet-18 trains in half of its memory', async () => {
  const [whole, half] = [planned(), planned(planned().arena / 2)];
  expect(half.arena).toBeLessThanOrEqual(whole.arena / 2);
  expect(half.multiplyAdds).toBeLessThanOrEqual(1.35 * whole.multiplyAdds);
  const weights = firstWeights(resnet18);
  const [expected, actual] = [await losses(weights), await losses(weights, whole.arena / 2)];
  expect(expected[STEPS - 1]).toBeLessThan(expected[0]!);
  // The same kernels on the same numbers; a fused tail may round elsewhere.
  actual.forEach((loss, i) => expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-5 * expected[i]!));
}, 600_000);
