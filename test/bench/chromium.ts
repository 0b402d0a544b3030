/**
 * Runs engines in headless Chromium, each in a page of a profile of its own, which gives it its own process. Only one of
 * the pages works at any time; the others wait.
 */
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../support/chromium.ts';
import { ROOT } from './cache.ts';
import { serveFiles } from './fileServer.ts';
import { BenchError, PEERS } from './peers.ts';
import type { PageRuntime } from './runtimes.ts';
import { createWorker, PATIENCE_MS, type Worker } from './worker.ts';
import type { Answer, Job, Order } from './workers/job.ts';

export interface Chromium {
  readonly runtime: PageRuntime;
  /** `script` is a bundle for pages. */
  start(script: string, job: Omit<Job, 'mode'>): Promise<Worker>;
  close(): Promise<void>;
}

export async function openChromium(): Promise<Chromium> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new BenchError('no Chromium found: apt-get install chromium');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  const server = await serveFiles([ROOT, PEERS]);
  return {
    runtime: { kind: 'page', name: 'relaxed', version: `Chromium ${browser.version()}` },
    start: (script, job) => startPage(browser, server.origin, script, job),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

async function startPage(
  browser: Browser,
  origin: string,
  script: string,
  job: Omit<Job, 'mode'>,
): Promise<Worker> {
  const context = await browser.newContext();
  const stop = async (): Promise<void> => context.close();
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${origin}/`);
    await page.addScriptTag({ url: script, type: 'module' });
    const call = (method: 'open' | 'obey', argument: Job | Order): Promise<Answer> =>
      patiently(callBench(page, method, argument)).catch((error: unknown) => {
        throw new Error([(error as Error).message, ...errors].join('; '), { cause: error });
      });
    const loaded = await call('open', { ...job, mode: 'serve' });
    return createWorker(loaded, (order) => call('obey', order), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Calls what `workers/page.ts` offers. As a text, because a function could use helpers of the loader of TypeScript. */
const callBench = (page: Page, method: string, argument: Job | Order): Promise<Answer> =>
  page.evaluate<Answer>(`bench.${method}(${JSON.stringify(argument)})`);

async function patiently<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the page does not answer')), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
