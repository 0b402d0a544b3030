/** Measurements that need a process for each sample: cold start and peak memory. */
import type { Engine } from './engines.ts';
import type { PreparedNet } from './prepare.ts';
import type { ProcessRuntime } from './runtimes.ts';
import { median, summarize, type Summary } from './statistics.ts';
import { runOnce } from './workerProcess.ts';
import type { Job, Mode } from './workers/job.ts';

export interface ColdStart {
  readonly engine: string;
  /** Time from the start of the process to its first logits; everything that it reads is in the file cache. */
  readonly ms: Summary;
}

export interface Peak {
  readonly engine: string;
  /** Resident high-water mark above bare Node, loaded and run three times; bytes. */
  readonly bytes: number;
  readonly bareNode: number;
}

export interface Failure {
  readonly engine: string;
  readonly reason: string;
}

export interface OnceResult<T> {
  readonly results: readonly T[];
  readonly failures: readonly Failure[];
}

/** The sections here are about processes. */
type Started = Engine<ProcessRuntime>;
type ScriptOf = (engine: Started) => string;

const COLD_RUNS = 5;
const MEMORY_RUNS = 3;

const once = (engine: Started, net: PreparedNet, mode: Mode, script: string) => {
  const job: Job = { mode, task: 'inference', files: engine.files(net) };
  return runOnce(engine.runtime, [script, JSON.stringify(job)]);
};

/** In turns, after one start of each that is not counted. */
export async function measureColdStart(
  net: PreparedNet,
  engines: readonly Started[],
  scriptOf: ScriptOf,
  progress: (text: string) => void,
): Promise<OnceResult<ColdStart>> {
  const samples = new Map(engines.map((engine) => [engine, [] as number[]]));
  const failures: Failure[] = [];
  for (let round = -1; round < COLD_RUNS; round++) {
    progress(`${net.name}: cold start ${round < 0 ? 'uncounted' : `${round + 1} of ${COLD_RUNS}`}`);
    for (const [engine, times] of samples) {
      const started = await attempt(engine, failures, () => once(engine, net, 'cold', scriptOf(engine)));
      if (!started) samples.delete(engine);
      else if (round >= 0) times.push(started.ms);
    }
  }
  const results = [...samples].map(([{ name }, times]) => ({ engine: name, ms: summarize(times) }));
  return { results, failures };
}

export async function measurePeak(
  net: PreparedNet,
  engines: readonly Started[],
  scriptOf: ScriptOf,
  progress: (text: string) => void,
): Promise<OnceResult<Peak>> {
  const results: Peak[] = [];
  const failures: Failure[] = [];
  for (const engine of engines) {
    progress(`${net.name}: peak memory of ${engine.name}`);
    const peak = await attempt(engine, failures, async () => {
      const bareNode = await medianOf(() => bareBytes(engine.runtime));
      const run = () => once(engine, net, 'memory', scriptOf(engine));
      const whole = await medianOf(async () => Number((await run()).output));
      return { engine: engine.name, bytes: whole - bareNode, bareNode };
    });
    if (peak) results.push(peak);
  }
  return { results, failures };
}

/** What one engine cannot do is no reason to measure the others not. */
async function attempt<T>(
  engine: Engine,
  failures: Failure[],
  run: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    failures.push({ engine: engine.name, reason: (error as Error).message });
    return undefined;
  }
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < MEMORY_RUNS; i++) values.push(await measure());
  return median(values);
}

const BARE =
  `const s = process.platform === 'linux' ? require('node:fs').readFileSync('/proc/self/status', 'utf8') : '';` +
  `console.log(1024 * Number((/^VmHWM:\\s+(\\d+) kB$/m.exec(s) ?? [0, process.resourceUsage().maxRSS])[1]))`;

const bareBytes = async (runtime: ProcessRuntime): Promise<number> =>
  Number((await runOnce(runtime, ['-e', BARE])).output);
