/**
 * Debian's Chromium, where it is installed. Where it is not, the tests that need it are skipped and say so; with
 * `CI=true` they fail instead.
 */
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from '../support/chromium.ts';

/** What a page says of itself: the answer of the program that it runs, or what went wrong. */
export interface Said {
  readonly answer?: unknown;
  readonly error?: string;
}

/** `patience`: how many milliseconds the page may take. */
export type OpenPage = (url: string, patience?: number) => Promise<Said>;

/** Two cores, shared: a page that has not answered by then will not. */
const PATIENCE = 30_000;

/** `describe` of tests that start Chromium themselves, with these flags. */
export function describeWithChromium(
  name: string,
  body: (executablePath: string, flags: readonly string[]) => void,
): void {
  const executablePath = findChromium();
  if (executablePath === undefined) describeMissing(name);
  else describe(name, () => body(executablePath, CHROMIUM_FLAGS));
}

/** `describe` with one browser for all of its tests; `flags` beside those of all. */
export function describeInChromium(
  name: string,
  body: (open: OpenPage) => void,
  flags: readonly string[] = [],
): void {
  describeWithBrowser(name, (browser) => body((url, patience) => openPage(browser(), url, patience)), flags);
}

/** The same for tests that need the browser itself; it runs while they do. */
export function describeWithBrowser(
  name: string,
  body: (browser: () => Browser) => void,
  flags: readonly string[] = [],
): void {
  describeWithChromium(name, (executablePath) => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] });
    }, PATIENCE);
    afterAll(() => browser?.close());
    body(() => browser!);
  });
}

function describeMissing(name: string): void {
  const message = 'needs Chromium: apt-get install chromium';
  describe(name, () => {
    if (process.env['CI'] === 'true') {
      it(message, () => {
        throw new Error(message);
      });
    } else it.skip(message);
  });
}

/** Opens a page in a profile of its own and waits for its `<output>` (pages.ts). */
async function openPage(browser: Browser, url: string, patience = PATIENCE): Promise<Said> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    await page.goto(url);
    const output = page.locator('output:not(:empty)');
    const text = await output.textContent({ timeout: patience }).catch(() => {
      throw new Error(`${url} does not answer:\n${complaints.join('\n')}`);
    });
    return JSON.parse(text!) as Said;
  } finally {
    await context.close();
  }
}

function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  return complaints;
}
