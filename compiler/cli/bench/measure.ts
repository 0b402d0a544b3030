/**
 * The times of a package: whole runs of the unchanged package, and every kernel call in runs of the instrumented copy.
 * The two alternate, so that other work on the machine slows both. Ceilings are measured between them.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../../diagnostics/diagnostic.ts';
import { importing, messageOf } from '../package.ts';
import type { CeilingMeter } from './ceilings.ts';
import { instrument, type Instrumented } from './instrument.ts';
import { orderRun, type PlacedCall, type RunOrder } from './segments.ts';
import { median } from './statistics.ts';
import {
  importTarget,
  withVariant,
  type Arrays,
  type LoadedModel,
  type Subject,
  type TensorInfos,
} from './subject.ts';

export type Pass = 'forward' | 'training';

export interface MeasureOptions {
  readonly pass: Pass;
  /** Number of runs (default: about two seconds of each kind). */
  readonly runs?: number;
  /** Measures the ceilings, for the wasm target. */
  readonly meter?: CeilingMeter;
}

export interface MeasuredCall extends PlacedCall {
  /** Calls in one run: more than one if a step has micro-batches. */
  readonly times: number;
  /** Median over the runs of the sum of its times, without the time that the measurement adds. */
  readonly ms: number;
  /** Time of the fastest run. */
  readonly minMs: number;
}

export interface Measured {
  readonly calls: readonly MeasuredCall[];
  readonly runs: number;
  readonly whole: { readonly medianMs: number; readonly minMs: number; readonly firstMs: number };
  readonly overheadMs: number;
  /** The name that the adapter reports, if a GPU was measured. */
  readonly gpu?: string;
}

export const WARM_RUNS = 3;
const WARM_MS = 300;
const MEASURED_MS = 2000;
const [LEAST_RUNS, MOST_RUNS] = [10, 2000];
export const BLOCKS = 5;

export async function measure(subject: Subject, options: MeasureOptions): Promise<Measured> {
  const copy = await instrument(subject);
  const loaded: LoadedModel[] = [];
  try {
    const load = async (home: string): Promise<() => number> => {
      const model = await loadModel(subject, home, options);
      loaded.push(model);
      return timedRun(subject, model, options.pass);
    };
    const whole = await load(subject.home);
    const firstMs = whole();
    const parts = await load(copy.home);
    return takeTimes({ subject, copy, whole, parts }, options, firstMs);
  } finally {
    for (const model of loaded) model.close();
    copy.remove();
  }
}

function loadModel(subject: Subject, home: string, { pass, meter }: MeasureOptions): Promise<LoadedModel> {
  return importing(subject.folder, 'loading it failed', async () => {
    const module = await importTarget(subject.folder, home);
    // The copy has the code alone. Without this file the weights are part of the code.
    const weights = join(subject.home, 'weights.safetensors');
    return module.load({
      ...(existsSync(weights) ? { weights: pathToFileURL(resolve(weights)) } : {}),
      ...(meter ? { relaxedSimd: meter.variant === 'relaxed' } : {}),
      // With a learning rate of 0: a thousand steps on one batch could end in NaN.
      ...(pass === 'training' ? { training: true, learningRate: 0 } : {}),
    });
  });
}

/** Runs once and returns the milliseconds. */
function timedRun({ folder, info }: Subject, model: LoadedModel, pass: Pass): () => number {
  const targets = pass === 'training' ? (info.training?.targets ?? {}) : {};
  const inputs = benchInputs({ ...info.inputs, ...targets });
  const run = pass === 'training' ? () => model.trainStep!(inputs) : () => model.forward(inputs);
  return () => {
    try {
      const start = performance.now();
      run();
      return performance.now() - start;
    } catch (error) {
      return fail('CNNC5011', 'package', { file: folder }, `running it failed: ${messageOf(error)}`);
    }
  };
}

const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

/** Numbers between -1 and 1. Integers are zeros, which are valid labels and indices. */
export const benchInputs = (types: TensorInfos): Arrays =>
  Object.fromEntries(
    Object.entries(types).map(([name, { dtype, shape }]) => {
      const length = shape.reduce((size, extent) => size * extent, 1);
      if (dtype === 'f32') return [name, Float32Array.from({ length }, (_, i) => Math.sin(i))];
      return [name, new ARRAYS[dtype as keyof typeof ARRAYS](length)];
    }),
  );

interface Runners {
  readonly subject: Subject;
  readonly copy: Instrumented;
  /** The unchanged package, and the copy that records its parts. */
  readonly whole: () => number;
  readonly parts: () => number;
}

function takeTimes(runners: Runners, options: MeasureOptions, firstMs: number): Measured {
  const { copy, whole, parts } = runners;
  const { meter } = options;
  const runs = options.runs ?? likelyRuns(warm(whole));
  warm(parts);
  copy.take();
  parts();
  const order = orderOf(runners, options);
  const wholeTimes: number[] = [];
  const samples: number[][] = order.calls.map(() => []);
  for (let block = 0; block < BLOCKS; block++) {
    const count = Math.floor(((block + 1) * runs) / BLOCKS) - Math.floor((block * runs) / BLOCKS);
    meter?.sample();
    for (let i = 0; i < count; i++) wholeTimes.push(whole());
    for (let i = 0; i < count; i++) {
      parts();
      addSample(samples, order, copy);
    }
  }
  const repeats = order.calls.map((_, place) => order.places.filter((one) => one === place).length);
  return {
    calls: order.calls.map((call, i) => {
      const [ms, minMs] = [median(samples[i]!), Math.min(...samples[i]!)];
      return { ...call, times: repeats[i]!, ms, minMs };
    }),
    runs,
    whole: { medianMs: median(wholeTimes), minMs: Math.min(...wholeTimes), firstMs },
    overheadMs: copy.overheadMs,
  };
}

/** Runs until the engine has optimized the code. Returns the milliseconds of the last run. */
function warm(run: () => number): number {
  let [last, spent] = [0, 0];
  for (let i = 0; i < WARM_RUNS || spent < WARM_MS; i++) spent += last = run();
  return last;
}

export const likelyRuns = (ms: number): number =>
  Math.min(MOST_RUNS, Math.max(LEAST_RUNS, Math.ceil(MEASURED_MS / ms)));

function orderOf({ subject, copy }: Runners, { pass, meter }: MeasureOptions): RunOrder {
  const { calls } = copy.take();
  const { inference, training } = subject;
  return orderRun(
    subject.folder,
    withVariant(pass === 'training' ? training! : inference, meter?.variant),
    calls.map((call) => copy.kernels[call]!),
  );
}

/** Subtracts the time of the measurement from each time; no result is below zero. */
function addSample(samples: number[][], { places }: RunOrder, copy: Instrumented): void {
  const { times } = copy.take();
  const totals = samples.map(() => 0);
  places.forEach((place, i) => {
    totals[place]! += Math.max(0, times[i]! - copy.overheadMs);
  });
  totals.forEach((total, place) => samples[place]!.push(total));
}
