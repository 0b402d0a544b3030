/**
 * Measures one net on all engines in one run. Every engine loads, outputs are compared, and those that agree are
 * warmed up and run in turns, so that other load on the machine affects all alike. Each round has its own order, the
 * same in every run of the bench: what an engine leaves behind (a clock lowered by AVX-512, caches) would otherwise
 * always affect the same one.
 */
import { permutation } from '../../runtime/training/fit/random.ts';
import type { Engine } from './engines.ts';
import type { PreparedNet } from './prepare.ts';
import { relativeDifference, summarize, type Summary } from './statistics.ts';
import type { Worker } from './worker.ts';
import type { Job, Task } from './workers/job.ts';

export interface SpeedSettings {
  readonly runs: number;
  readonly turnMs: number;
  /** Relative to the largest output. */
  readonly tolerance: number;
}

export type EngineSpeed = { readonly engine: string } & (
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'differs'; readonly difference: number }
  | {
      readonly state: 'timed';
      readonly difference: number;
      readonly relaxedSimd?: boolean;
      readonly warmUpRuns: number;
      readonly times: Summary;
      /** Milliseconds a call, by round. */
      readonly samples: readonly number[];
    }
);

export interface NetSpeed {
  readonly net: string;
  /** Whose outputs are the measure. */
  readonly reference: string;
  readonly engines: readonly EngineSpeed[];
}

/** An engine that needs longer for a run has one round. */
const SLOW_MS = 30_000;

const WARM_UP = { runs: 3, ms: 1000, mostMs: 6000 };

/** Starts an engine's worker where it runs. */
export type Start = (engine: Engine, job: Omit<Job, 'mode'>) => Promise<Worker>;

interface Running {
  readonly engine: Engine;
  readonly worker: Worker;
  readonly outputs: readonly number[];
}

export async function measureSpeed(
  net: PreparedNet,
  task: Task,
  engines: readonly Engine[],
  start: Start,
  settings: SpeedSettings,
  progress: (text: string) => void,
): Promise<NetSpeed> {
  const results = new Map<Engine, EngineSpeed>();
  const running: Running[] = [];
  try {
    for (const engine of engines) {
      progress(`${net.name}: loading ${engine.name}`);
      await open(engine, net, task, start).then(
        (started) => running.push(started),
        (error: Error) =>
          results.set(engine, { engine: engine.name, state: 'failed', reason: error.message }),
      );
    }
    const reference = referenceOf(running);
    const agreeing = running.filter(({ engine, outputs }) => {
      const difference = relativeDifference(outputs, reference?.outputs ?? []);
      const agrees = difference <= settings.tolerance;
      if (!agrees) results.set(engine, { engine: engine.name, state: 'differs', difference });
      return agrees;
    });
    const timed = await timeInTurns(agreeing, net.name, settings, progress);
    timed.forEach((result, i) => {
      const { engine, outputs, worker } = agreeing[i]!;
      const difference = relativeDifference(outputs, reference!.outputs);
      results.set(engine, { ...result, engine: engine.name, difference, relaxedSimd: worker.relaxedSimd });
    });
    return {
      net: net.name,
      reference: reference?.engine.name ?? 'none',
      engines: engines.map((engine) => results.get(engine)!),
    };
  } finally {
    for (const { worker } of running) await worker.stop();
  }
}

async function open(engine: Engine, net: PreparedNet, task: Task, start: Start): Promise<Running> {
  const worker = await start(engine, { task, files: engine.files(net) });
  try {
    const expected = engine.runtime.name === 'relaxed';
    if (worker.relaxedSimd !== undefined && worker.relaxedSimd !== expected)
      throw new Error(`relaxed SIMD is ${worker.relaxedSimd ? 'on' : 'off'} in ${engine.runtime.version}`);
    return { engine, worker, outputs: await worker.outputs() };
  } catch (error) {
    await worker.stop();
    throw error;
  }
}

/** The native runtime is the one that most people have checked; then any peer, then ourselves. */
const referenceOf = (running: readonly Running[]): Running | undefined =>
  running.find(({ engine }) => engine.kind === 'native') ??
  running.find(({ engine }) => engine.kind === 'web') ??
  running[0];

async function timeInTurns(
  running: readonly Running[],
  net: string,
  { runs, turnMs }: SpeedSettings,
  progress: (text: string) => void,
) {
  const warmed: { readonly runs: number; readonly ms: number }[] = [];
  for (const { engine, worker } of running) {
    progress(`${net}: warming up ${engine.name}`);
    warmed.push(await worker.warm(WARM_UP.runs, WARM_UP.ms, WARM_UP.mostMs));
  }
  const samples: number[][] = running.map(() => []);
  for (let round = 0; round < runs; round++) {
    progress(`${net}: round ${round + 1} of ${runs}`);
    for (const i of permutation([0, round], running.length))
      if (round === 0 || warmed[i]!.ms <= SLOW_MS) samples[i]!.push(await running[i]!.worker.turn(turnMs));
  }
  return samples.map((times, i) => ({
    state: 'timed' as const,
    warmUpRuns: warmed[i]!.runs,
    times: summarize(times),
    samples: times,
  }));
}
