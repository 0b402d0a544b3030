/**
 * The times of a package on WebGPU: whole runs of the unchanged package until the results are readable, and every kernel
 * call by the GPU's clock, in runs where each dispatch is a separate pass. The two alternate.
 */
import { fail } from '../../diagnostics/diagnostic.ts';
import { importing } from '../package.ts';
import { orderGpuRun, type GpuRun } from './gpuRun.ts';
import { createGpuTimer, describeGpu, openDawn, type GpuTimer } from './gpuTimer.ts';
import { benchInputs, BLOCKS, likelyRuns, WARM_RUNS, type Measured, type Pass } from './measure.ts';
import { median } from './statistics.ts';
import { importTarget, type KernelFamily, type LoadedModel, type Subject } from './subject.ts';

type TimedRun = () => Promise<number>;

export interface GpuMeasuring {
  readonly pass: Pass;
  readonly runs: number | undefined;
  /** The kernel family (default: depends on the adapter, as in `load`). */
  readonly family: KernelFamily | undefined;
  /** The npm package that provides WebGPU in Node.js. */
  readonly npmPackage: string;
}

export async function measureGpu(subject: Subject, measuring: GpuMeasuring): Promise<Measured> {
  const { pass, runs } = measuring;
  const gpu = await openDawn(subject, measuring.npmPackage);
  const name = await describeGpu(gpu, subject);
  const timer = createGpuTimer(gpu);
  const loaded: LoadedModel[] = [];
  const load = async (given: GPU): Promise<TimedRun> => {
    const model = await loadModel(subject, measuring, given);
    loaded.push(model);
    return timedRun(subject, model, pass);
  };
  try {
    const whole = await load(gpu);
    const family = loaded[0]!.family!;
    const run = await orderGpuRun(subject, pass, family);
    const firstMs = await whole();
    const parts = await load(timer.gpu);
    let last = 0;
    for (let i = 0; i < WARM_RUNS; i++) last = await whole();
    await parts();
    // Drops the times of loading and of a first run.
    await timer.take();
    const measured = await takeTimes(subject, { run, whole, parts, timer }, runs ?? likelyRuns(last));
    return {
      ...measured,
      whole: { ...measured.whole, firstMs },
      overheadMs: 0,
      gpu: `${name}, ${family} kernels`,
    };
  } finally {
    for (const model of loaded) model.close();
  }
}

async function loadModel(
  { folder, home }: Subject,
  { pass, family }: GpuMeasuring,
  gpu: GPU,
): Promise<LoadedModel> {
  const module = await importTarget(folder, home);
  // With a learning rate of 0: a thousand steps on one batch could end in NaN.
  const training = pass === 'training' ? { training: true, learningRate: 0 } : {};
  return importing(folder, 'loading it failed', () => module.load({ gpu, family, ...training }));
}

/** Runs once and returns the milliseconds. */
function timedRun({ info }: Subject, model: LoadedModel, pass: Pass): TimedRun {
  const targets = pass === 'training' ? (info.training?.targets ?? {}) : {};
  const inputs = benchInputs({ ...info.inputs, ...targets });
  return async () => {
    const start = performance.now();
    await (pass === 'training' ? model.trainStep!(inputs) : model.forward(inputs));
    return performance.now() - start;
  };
}

interface Runners {
  readonly run: GpuRun;
  readonly whole: TimedRun;
  readonly parts: TimedRun;
  readonly timer: GpuTimer;
}

async function takeTimes(subject: Subject, { run, whole, parts, timer }: Runners, runs: number) {
  const wholeTimes: number[] = [];
  const samples: number[][] = run.calls.map(() => []);
  for (let block = 0; block < BLOCKS; block++) {
    const share = Math.floor(((block + 1) * runs) / BLOCKS) - Math.floor((block * runs) / BLOCKS);
    for (let i = 0; i < share; i++) wholeTimes.push(await whole());
    for (let i = 0; i < share; i++) {
      await parts();
      addSample(subject, samples, run.places, await timer.take());
    }
  }
  return {
    calls: run.calls.map((call, i) => {
      const [ms, minMs] = [median(samples[i]!), Math.min(...samples[i]!)];
      return { ...call, ms, minMs };
    }),
    runs,
    whole: { medianMs: median(wholeTimes), minMs: Math.min(...wholeTimes) },
  };
}

function addSample(
  { folder }: Subject,
  samples: number[][],
  places: readonly number[],
  times: readonly number[],
): void {
  if (times.length !== places.length) {
    const found = `a run has ${times.length} dispatches, its modules list ${places.length}`;
    fail('CNNC5012', 'package', { file: folder }, `${found}; compile the model again`);
  }
  const totals = samples.map(() => 0);
  places.forEach((place, i) => (totals[place]! += times[i]!));
  totals.forEach((total, place) => samples[place]!.push(total));
}
