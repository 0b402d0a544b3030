/**
 * Runs an engine in a process of its own, for several turns or for one measurement. Otherwise a runtime's heap,
 * compiler threads and garbage collections would affect the numbers of others, and peak memory and cold start would
 * mean nothing. Only one of the processes runs at any time; the others sleep.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ProcessRuntime } from './runtimes.ts';
import { createWorker, PATIENCE_MS, type Worker } from './worker.ts';
import type { Answer, Job, Order } from './workers/job.ts';

const ERROR_TAIL = 400;

export async function startWorker(
  script: string,
  runtime: ProcessRuntime,
  job: Omit<Job, 'mode'>,
): Promise<Worker> {
  const child = fork(script, [JSON.stringify({ ...job, mode: 'serve' } satisfies Job)], {
    ...{ execPath: runtime.program, execArgv: [...runtime.args], env: environment() },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const errors = collectErrors(child);
  const ask = (order?: Order): Promise<Answer> => {
    const answer = nextAnswer(child, errors);
    if (order) child.send(order);
    return answer;
  };
  const stop = (): void => void child.kill();
  try {
    return createWorker(await ask(), ask, stop);
  } catch (error) {
    stop();
    throw error;
  }
}

export interface Once {
  readonly ms: number;
  readonly output: string;
}

/** Time from the start of the process to the first line that it prints. */
export function runOnce(runtime: ProcessRuntime, args: readonly string[]): Promise<Once> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(runtime.program, [...runtime.args, ...args], {
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

function nextAnswer(child: ChildProcess, errors: () => string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const settle = (action: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('close', onClose).off('error', onError);
      action();
    };
    const onMessage = (answer: Answer): void => settle(() => resolve(answer));
    const onClose = (code: number | null): void => settle(() => reject(new Error(ended(code, errors()))));
    const onError = (error: Error): void => settle(() => reject(error));
    child.on('message', onMessage).on('close', onClose).on('error', onError);
  });
}
