/** Vite's dev server with the plugin: a page follows the model's files, and recovers from errors in them. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeWithBrowser } from '../browser/chromium.ts';
import { createFolders } from '../support/folders.ts';
import { packInto } from '../support/packed.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { safetensorsBytes } from '../support/safetensorsBytes.ts';
import { createProcesses, viteArguments, type Server } from './servers.ts';

const newFolder = createFolders();
const start = createProcesses();

const NET = `import { defineModel } from 'cnnc';
import { classes } from './shared/classes.ts';

export default defineModel({
  name: 'net',
  inputs: { image: [1, 2] },
  build: (net, { image }) => ({
    scores: net.linear('fc', image, { features: classes, bias: false }),
  }),
});
`;

const PAGE = `import { load } from './net.ts?cnnc&weights=./net.safetensors';
const model = await load();
const { scores } = model.forward({ image: Float32Array.of(1, 2) });
document.querySelector('output').textContent = scores.join(' ');
`;

const CONFIG = `import { cnnc } from 'cnnc/plugin';
export default { plugins: [cnnc()] };
`;

/** Compiling takes seconds, and the machine may be busy. */
const PATIENCE = { timeout: 60_000 };

describeWithBrowser('the dev server of Vite', (browser) => {
  let root: string;
  let server: Server;
  let page: Page;
  const write = (name: string, contents: string | Uint8Array): void => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), contents);
  };
  const writeWeights = (...values: number[]): void => {
    const tensor = ['fc.weight', 'F32', [values.length / 2, 2], Float32Array.from(values)] as const;
    write('net.safetensors', safetensorsBytes([tensor], {}));
  };
  const shows = (text: string): Promise<void> =>
    page.locator('output', { hasText: new RegExp(`^${text}$`) }).waitFor(PATIENCE);
  /** The text of the overlay, once it contains this. */
  const overlay = async (expected: string): Promise<string> => {
    const shown = page.locator('vite-error-overlay .window', { hasText: expected });
    await shown.waitFor(PATIENCE);
    return (await shown.textContent())!;
  };

  beforeAll(async () => {
    root = newFolder();
    const installed = packInto(newFolder());
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(installed, join(root, 'node_modules', 'cnnc'), 'dir');
    write('package.json', '{ "type": "module" }');
    write('index.html', '<!doctype html><output></output><script type="module" src="./page.js"></script>');
    write('page.js', PAGE);
    write('net.ts', NET);
    write('shared/classes.ts', 'export const classes: number = 1;\n');
    writeWeights(3, 4);
    write('vite.config.js', CONFIG);
    server = await start(root, viteArguments);
    page = await browser().newPage();
    await page.goto(server.url);
  }, COMPILE_TIMEOUT);

  it('compiles the model for the page', async () => {
    await shows('11');
  });

  it('follows the weights', async () => {
    writeWeights(5, 6);
    await shows('17');
  });

  it('shows what is wrong, with file, line and code, and goes on after it is mended', async () => {
    write('shared/classes.ts', 'export const classes: number = 0;\n');
    const text = await overlay('features');
    expect(text).toContain('net.ts:8');
    expect(text).toContain(">  8 |     scores: net.linear('fc', image, { features: classes, bias: false }),");
    writeWeights(5, 6, 1, 1);
    write('shared/classes.ts', 'export const classes: number = 2;\n');
    await shows('17 3');
    expect(await page.locator('vite-error-overlay').count()).toBe(0);
  });

  it('shows a syntax error, and goes on after it is mended', async () => {
    write('net.ts', NET.replace('export default', 'export defualt'));
    expect(await overlay('SyntaxError')).toContain('net.ts:4');
    write('net.ts', NET);
    await shows('17 3');
  });

  it('shows that weights do not fit, and goes on after they do', async () => {
    writeWeights(1, 2, 3, 4, 5, 6);
    expect(await overlay('fc.weight')).toContain('net.safetensors');
    writeWeights(1, 0, 0, 1);
    await shows('1 2');
    expect(server.log()).toMatch(
      /\[cnnc\] compiled net\.ts for wasm in \d+\.\d s: 4 parameters, weights \d+ B/,
    );
  });
});
