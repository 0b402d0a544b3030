/**
 * A copy of a target's code in which every kernel is timed: `kernels.js` exports timed wrappers of the original, which is
 * beside it under another name. Kernels overwrite their inputs, so they are timed in whole runs and not one by one.
 * Weights are not copied.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './statistics.ts';
import type { Subject } from './subject.ts';

/** The record of the timed functions, in the order of the calls. */
export interface TimerLog {
  /** Positions in `kernels`. */
  readonly calls: number[];
  /** Times in milliseconds. */
  readonly times: number[];
}

interface Timer extends TimerLog {
  /** A function that does nothing, timed like the kernels. */
  nothing(): void;
}

export interface Instrumented {
  readonly home: string;
  readonly kernels: readonly string[];
  /** Empties the log. */
  take(): TimerLog;
  /** The time that the measurement adds to each call: the median of calls that do nothing. */
  readonly overheadMs: number;
  remove(): void;
}

export async function instrument({ home, bench, inference, training = {} }: Subject): Promise<Instrumented> {
  const copy = mkdtempSync(join(tmpdir(), 'cnnc-bench-'));
  const remove = (): void => rmSync(copy, { recursive: true, force: true });
  try {
    const calls = [...Object.values(inference), ...Object.values(training)].flat();
    const arities = new Map(calls.map(({ kernel, args }) => [kernel, args.length]));
    writeCopy(home, copy, bench.kernels === 'loaded' ? loadedKernels(arities) : exportedKernels(arities));
    const timer = (await import(pathToFileURL(join(copy, 'timer.js')).href)) as Timer;
    const take = (): TimerLog => ({ calls: timer.calls.splice(0), times: timer.times.splice(0) });
    return { home: copy, kernels: [...arities.keys()], take, overheadMs: overhead(timer, take), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The folders with the code of a target: its own and `training`. */
function writeCopy(home: string, copy: string, kernels: string): void {
  for (const folder of ['', 'training']) {
    if (!existsSync(join(home, folder))) continue;
    mkdirSync(join(copy, folder), { recursive: true });
    const code = readdirSync(join(home, folder)).filter((file) => /\.(js|wasm)$/.test(file));
    for (const file of code) copyFileSync(join(home, folder, file), join(copy, folder, file));
  }
  renameSync(join(copy, 'kernels.js'), join(copy, 'originalKernels.js'));
  writeFileSync(join(copy, 'kernels.js'), kernels);
  writeFileSync(join(copy, 'timer.js'), TIMER);
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }\n');
}

const timedBody = (call: string, index: number): string =>
  `const start = performance.now(); ${call}; times.push(performance.now() - start); calls.push(${index});`;

const TIMER = `export const calls = [];
export const times = [];
export const nothing = () => { ${timedBody('empty()', 0)} };
function empty() {}
`;

const letters = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}`).join(', ');

const OVERHEAD_CALLS = 20_000;

function overhead(timer: Timer, take: () => TimerLog): number {
  for (let i = 0; i < OVERHEAD_CALLS; i++) timer.nothing();
  return median(take().times);
}

type Arities = ReadonlyMap<string, number>;

/** Kernels that are exported functions. */
const exportedKernels = (arities: Arities): string =>
  [
    `import * as original from './originalKernels.js';`,
    `import { calls, times } from './timer.js';`,
    ...[...arities].map(
      ([name, arity], i) =>
        `export function ${name}(${letters(arity)}) { ${timedBody(`original.${name}(${letters(arity)})`, i)} }`,
    ),
    '',
  ].join('\n');

/** Kernels that a function loads: the exports of an instance. */
const loadedKernels = (arities: Arities): string =>
  [
    `import { loadKernels as load } from './originalKernels.js';`,
    `import { calls, times } from './timer.js';`,
    `export async function loadKernels(memory, options) {`,
    `const original = await load(memory, options);`,
    `return {`,
    ...[...arities].map(
      ([name, arity], i) =>
        `${name}(${letters(arity)}) { ${timedBody(`original.${name}(${letters(arity)})`, i)} },`,
    ),
    `};`,
    `}`,
    '',
  ].join('\n');
