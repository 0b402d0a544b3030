/**
 * Runs an engine in a process of its own, for several turns or for one measurement. Otherwise a runtime's heap,
 * compiler threads and garbage collections would affect the numbers of others, and peak memory and cold start would
 * mean nothing. Only one of the processes runs at any time; the others sleep.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Runtime } from './runtimes.ts';
import type { Answer, Job, Order } from './workers/job.ts';

/** Longer than the slowest thing that anybody measures. */
const PATIENCE_MS = 20 * 60 * 1000;
const ERROR_TAIL = 400;

export interface Worker {
  readonly relaxedSimd: boolean;
  outputs(): Promise<readonly number[]>;
  warm(runs: number, ms: number, mostMs: number): Promise<{ readonly runs: number; readonly ms: number }>;
  /** Milliseconds a call. */
  turn(ms: number): Promise<number>;
  stop(): void;
}

type AnswerOf<K extends Answer['kind']> = Extract<Answer, { kind: K }>;

export async function startWorker(script: string, runtime: Runtime, job: Omit<Job, 'mode'>): Promise<Worker> {
  const child = fork(script, [JSON.stringify({ ...job, mode: 'serve' } satisfies Job)], {
    ...{ execPath: runtime.node, execArgv: [...runtime.args], env: environment() },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const errors = collectErrors(child);
  const ask = <K extends Answer['kind']>(kind: K, order?: Order): Promise<AnswerOf<K>> => {
    const answer = nextAnswer(child, kind, errors);
    if (order) child.send(order);
    return answer;
  };
  const { relaxedSimd } = await ask('loaded');
  return {
    relaxedSimd,
    outputs: async () => (await ask('outputs', { kind: 'outputs' })).values,
    warm: (runs, ms, mostMs) => ask('warm', { kind: 'warm', runs, ms, mostMs }),
    turn: async (ms) => (await ask('turn', { kind: 'turn', ms })).ms,
    stop: () => void child.kill(),
  };
}

export interface Once {
  readonly ms: number;
  readonly output: string;
}

/** Time from the start of the process to the first line that it prints. */
export function runOnce(runtime: Runtime, args: readonly string[]): Promise<Once> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(runtime.node, [...runtime.args, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(),
      timeout: PATIENCE_MS,
    });
    const errors = collectErrors(child);
    let first: Once | undefined;
    child.stdout.on('data', (data: Buffer) => {
      first ??= { ms: performance.now() - start, output: data.toString().trim() };
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (first && code === 0) resolve(first);
      else reject(new Error(ended(code, errors())));
    });
  });
}

/** `npm run` and tsx put options for their own Node there. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LD_LIBRARY_PATH, VK_DRIVER_FILES = softwareDriver() } = process.env;
  return { PATH, HOME, TMPDIR, LD_LIBRARY_PATH, VK_DRIVER_FILES };
}

/** SwiftShader of Debian's Chromium; without it Dawn takes what the machine's Vulkan has. */
function softwareDriver(): string | undefined {
  const file = '/usr/lib/chromium/vk_swiftshader_icd.json';
  return existsSync(file) ? file : undefined;
}

function collectErrors(child: ChildProcess): () => string {
  let text = '';
  child.stderr!.on('data', (data: Buffer) => {
    text = (text + data.toString()).slice(-10 * ERROR_TAIL);
  });
  return () => text.trim();
}

function ended(code: number | null, errors: string): string {
  const message = /^\s*\w*Error\b.*$/m.exec(errors)?.[0].trim() ?? errors.slice(-ERROR_TAIL);
  return `the process ended with ${code ?? 'a signal'}${message === '' ? '' : `: ${message}`}`;
}

function nextAnswer<K extends Answer['kind']>(
  child: ChildProcess,
  kind: K,
  errors: () => string,
): Promise<AnswerOf<K>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const settle = (action: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('close', onClose).off('error', onError);
      action();
    };
    const onMessage = (answer: Answer): void =>
      settle(() => {
        if (answer.kind === kind) resolve(answer as AnswerOf<K>);
        else reject(new Error(answer.kind === 'failed' ? answer.message : `unexpected ${answer.kind}`));
      });
    const onClose = (code: number | null): void => settle(() => reject(new Error(ended(code, errors()))));
    const onError = (error: Error): void => settle(() => reject(error));
    child.on('message', onMessage).on('close', onClose).on('error', onError);
  });
}
