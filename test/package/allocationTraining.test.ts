/**
 * Training allocates nothing: in a process of its own, after warming up, many steps leave the heap as it was and
 * never wake the garbage collector.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defineModel } from 'cnnc';
import type { OptimizerName } from '../../compiler/autodiff/optimizers/types.ts';
import { immediateTargetNames, type KnownTarget } from '../../compiler/targets/index.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { compile } from '../../compiler/index.ts';
import { createFolders, runNode } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';

const newFolder = createFolders();

const STEPS = 4000;

/** A boxed double takes 16 bytes: one of them a step would be 64 kB. What is allowed is the measuring, some 600 bytes. */
const ALLOWED_BYTES = 4000;

/** Batch statistics, a residual, random numbers: what steps have to do beside convolutions. */
const model = defineModel({
  name: 'trained',
  inputs: { image: [2, 2, 6, 6] },
  build(net, { image }) {
    const conv = (name: string, x: typeof image) =>
      net.batchNorm(`${name}.bn`, net.conv2d(name, x, { channels: 4, kernel: 3, padding: 1, bias: false }));
    const x = net.relu(conv('conv1', image));
    const y = net.maxPool(net.relu(net.add(conv('conv2', x), x)), { kernel: 2 });
    return { logits: net.linear('fc', net.dropout(net.flatten(y), { p: 0.25 }), { features: 3 }) };
  },
});

/** `extra` is done beside every step. */
const program = (extra: string): string => `
  import { PerformanceObserver } from 'node:perf_hooks';
  import { getHeapStatistics } from 'node:v8';
  import { load } from './package/index.js';

  const trainer = await load({ training: true, seed: 1, learningRate: 0.001, momentum: 0.5, weightDecay: 0.01 });
  const inputs = { image: Float32Array.from({ length: 144 }, (_, i) => Math.sin(i)), label: Int32Array.of(0, 2) };
  let kept;
  // In a variable it would be an object of our own.
  const loss = new Float64Array(1);
  const run = (steps) => {
    for (let i = 0; i < steps; i++) {
      loss[0] = trainer.trainStep(inputs).loss;
      ${extra}
    }
  };
  // Interpreted code boxes doubles; all of it is compiled by then, in the background too.
  for (let round = 0; round < 30; round++) {
    run(${STEPS / 10});
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const collections = [];
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
  gc();
  gc();
  observer.observe({ entryTypes: ['gc'] });
  // The first measurement makes what measuring needs.
  let bytes = 0;
  for (let round = 0; round < 2; round++) {
    const before = getHeapStatistics().used_heap_size;
    run(${STEPS});
    bytes = getHeapStatistics().used_heap_size - before;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(JSON.stringify({ bytes, collections: collections.length, loss: loss[0], kept: kept?.length }));
`;

interface Measured {
  readonly bytes: number;
  readonly collections: number;
  readonly loss: number;
}

async function measure(target: KnownTarget, optimizer: OptimizerName, extra = ''): Promise<Measured> {
  const folder = newFolder();
  const options = { source: 'model.ts', targets: [target], training: { optimizer } };
  const { files } = await compile(model, options);
  writePackage(join(folder, 'package'), files);
  writeFileSync(join(folder, 'main.mjs'), program(extra));
  return JSON.parse(runNode(folder, '--expose-gc', 'main.mjs')) as Measured;
}

const CASES = immediateTargetNames.flatMap((target) =>
  (['sgd', 'adam'] as const).map((one) => [target, one] as const),
);

it.each(CASES)(
  'trainStep on %s with %s allocates nothing',
  async (target, optimizer) => {
    const { bytes, collections, loss } = await measure(target, optimizer);
    expect(loss).toBeLessThan(1);
    expect(bytes).toBeLessThan(ALLOWED_BYTES);
    expect(collections).toBe(0);
  },
  COMPILE_TIMEOUT,
);

it(
  'the measurement would see one object of two numbers a step',
  async () => {
    const { bytes, collections } = await measure('typescript', 'sgd', 'kept = [i, i];');
    expect(collections > 0 || bytes > ALLOWED_BYTES).toBe(true);
  },
  COMPILE_TIMEOUT,
);
