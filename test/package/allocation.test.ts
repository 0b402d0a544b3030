/**
 * Inference allocates nothing: in a process of its own, after warming up, many calls leave the heap as it was and
 * never wake the garbage collector.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { KnownTarget } from '../../compiler/targets/index.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders, runNode } from '../support/folders.ts';
import { classifier } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage } from '../support/packages.ts';

const newFolder = createFolders();

const CALLS = 6000;

/**
 * A boxed double takes 16 bytes: one of them a call would be 192 kB (each round calls twice). What is left to allow
 * is the measuring itself, a few kB.
 */
const ALLOWED_BYTES = 48_000;

/** `extra` is done beside every call. */
const program = (extra: string): string => `
  import { PerformanceObserver } from 'node:perf_hooks';
  import { getHeapStatistics } from 'node:v8';
  import { load } from './package/index.js';

  const model = await load();
  const inputs = { image: new Float32Array(360).fill(0.5) };
  const out = { logits: new Float32Array(3) };
  let kept;
  const run = (calls) => {
    for (let i = 0; i < calls; i++) {
      model.forward(inputs);
      model.forward(inputs, out);
      ${extra}
    }
  };
  // Interpreted code boxes doubles; all of it is compiled by then, in the background too.
  for (let round = 0; round < 20; round++) {
    run(${CALLS / 20});
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const collections = [];
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
  gc();
  gc();
  observer.observe({ entryTypes: ['gc'] });
  const before = getHeapStatistics().used_heap_size;
  run(${CALLS});
  const bytes = getHeapStatistics().used_heap_size - before;
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(JSON.stringify({ bytes, collections: collections.length, kept: kept?.length }));
`;

interface Measured {
  readonly bytes: number;
  readonly collections: number;
}

async function measure(target: KnownTarget, extra = ''): Promise<Measured> {
  const folder = newFolder();
  writePackage(join(folder, 'package'), await compilePackage(classifier, 'model.ts', { targets: [target] }));
  writeFileSync(join(folder, 'main.mjs'), program(extra));
  return JSON.parse(runNode(folder, '--expose-gc', 'main.mjs')) as Measured;
}

/** Not on WebGPU, whose promises and command buffers are new with every call. */
it.each(['typescript', 'wasm'] as const)(
  'forward on %s allocates nothing, with and without `out`',
  async (target) => {
    const { bytes, collections } = await measure(target);
    expect(bytes).toBeLessThan(ALLOWED_BYTES);
    expect(collections).toBe(0);
  },
  COMPILE_TIMEOUT,
);

it(
  'the measurement would see one object of two numbers a call',
  async () => {
    const { bytes, collections } = await measure('typescript', 'kept = [i, i];');
    expect(collections > 0 || bytes > ALLOWED_BYTES).toBe(true);
  },
  COMPILE_TIMEOUT,
);
