/**
 * The apps of `cnnc init`: an installed cnnc writes them, Vite serves and builds them, TypeScript checks them, and they
 * classify images in Chromium, in every way that a person can hand them in.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportOnnx } from '../../compiler/index.ts';
import { describeWithBrowser } from '../browser/chromium.ts';
import { createServers, STRICT } from '../browser/server.ts';
import { createProcesses, viteArguments } from '../plugin/servers.ts';
import { createFolders } from '../support/folders.ts';
import { classifier } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { packInto } from '../support/packed.ts';
import { install, typeErrors } from './apps.ts';

const newFolder = createFolders();
const start = createProcesses();
const serve = createServers();

let installed: string;
let folder: string;

/** Runs the installed command line; gives the app's folder. */
function init(name: string, ...flags: string[]): string {
  const program = join(installed, 'bin', 'cnnc.js');
  execFileSync(process.execPath, [program, 'init', name, ...flags], { cwd: folder, stdio: 'pipe' });
  install(join(folder, name), installed, ['vite']);
  return join(folder, name);
}

function buildApp(app: string): string {
  const build = [resolve('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'];
  execFileSync(process.execPath, build, { cwd: app, stdio: 'pipe' });
  return join(app, 'dist');
}

beforeAll(async () => {
  installed = packInto(newFolder(), { declarations: true });
  folder = newFolder();
  writeFileSync(join(folder, 'pets.onnx'), await exportOnnx(classifier, { seed: 3 }));
  writeFileSync(join(folder, 'pets.txt'), 'cat\ndog\nbird\n');
}, COMPILE_TIMEOUT);

/** The labels that the page shows, best first. */
async function shownBy(page: Page): Promise<string[]> {
  const rows = page.locator('#classes li span:first-child');
  await rows.first().waitFor({ timeout: 60_000 });
  return rows.allTextContents();
}

async function openPage(browser: Browser, url: string, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  await page.goto(url);
  await page.locator('#about', { hasText: 'parameters' }).waitFor({ timeout: 60_000 });
  return page;
}

describeWithBrowser('the app around LeNet-5', (browser) => {
  let url: string;
  let page: Page;
  let app: string;
  beforeAll(async () => {
    app = init('digits');
    url = (await start(app, viteArguments)).url;
    page = await openPage(browser(), url);
  }, COMPILE_TIMEOUT);
  afterAll(() => page.close());

  it('reads its sample', async () => {
    // The keyboard does what the pointer does.
    await page.getByRole('button', { name: 'Sample' }).press('Enter');
    expect((await shownBy(page))[0]).toBe('3');
    expect(await page.locator('#time').textContent()).toMatch(/^\d+\.\d ms, wasm$/);
  });

  it('reads a drawing', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await page.locator('#classes li').count()).toBe(0);
    const { x, y, width, height } = (await page.locator('canvas').boundingBox())!;
    const at = (right: number, down: number) => [x + right * width, y + down * height] as const;
    await page.mouse.move(...at(0.3, 0.25));
    await page.mouse.down();
    for (const [right, down] of [
      [0.7, 0.25],
      [0.55, 0.5],
      [0.45, 0.8],
    ] as const)
      await page.mouse.move(...at(right, down), { steps: 8 });
    await page.mouse.up();
    expect((await shownBy(page))[0]).toBe('7');
  });

  it('reads a file that is chosen, dropped or pasted', async () => {
    const sample = join(app, 'public', 'sample.png');
    const clear = (): Promise<void> => page.getByRole('button', { name: 'Clear' }).click();
    await clear();
    await page.locator('#file').setInputFiles(sample);
    expect((await shownBy(page))[0]).toBe('3');
    const base64 = readFileSync(sample).toString('base64');
    for (const kind of ['drop', 'paste'] as const) {
      await clear();
      await page.evaluate(
        async ([type, text]) => {
          const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], 'three.png', { type: 'image/png' }));
          const target = document.getElementById('drop')!;
          const event =
            type === 'drop'
              ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
          target.dispatchEvent(event);
        },
        [kind, base64] as const,
      );
      expect((await shownBy(page))[0], kind).toBe('3');
    }
  });

  it('says what is no image', async () => {
    await page
      .locator('#file')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    await page.getByRole('alert').filter({ hasText: 'This is not an image.' }).waitFor();
  });

  it.each([
    [1000, 'light'],
    [360, 'dark'],
  ] as const)('fits a window of %i pixels, %s', async (width, colorScheme) => {
    const other = await openPage(browser(), url, { colorScheme, viewport: { width, height: 700 } });
    const { beyond, dark } = await other.evaluate(() => ({
      beyond: document.documentElement.scrollWidth - innerWidth,
      dark: getComputedStyle(document.documentElement).backgroundColor,
    }));
    expect(beyond).toBe(0);
    expect(dark).toBe(colorScheme === 'dark' ? 'rgb(21, 24, 28)' : 'rgb(245, 246, 248)');
    await other.close();
  });
});

describeWithBrowser('the app around an ONNX file', (browser) => {
  it(
    'is built for any folder of a server, under a strict policy',
    async () => {
      const app = init('pets', '--model', 'pets.onnx', '--labels', 'pets.txt');
      const url = await serve(buildApp(app), {
        base: '/some/app/',
        policy: `${STRICT}; img-src 'self' data:`,
      });
      const page = await openPage(browser(), url + 'index.html');
      await page.getByRole('button', { name: 'Sample' }).click();
      expect((await shownBy(page)).sort()).toEqual(['bird', 'cat', 'dog']);
    },
    COMPILE_TIMEOUT,
  );
});

describe('the code of the apps', () => {
  it.each([
    ['digits of a pad', []],
    ['an ONNX file', ['--model', 'pets.onnx']],
    ['a network with labels', ['--model', 'resnet20']],
  ] as const)(
    'type-checks: %s',
    (name, flags) => {
      expect(typeErrors(init(`typed ${name}`, ...flags))).toEqual([]);
    },
    COMPILE_TIMEOUT,
  );

  it(
    'type-checks with the plugin for every bundler, and without types of any',
    () => {
      const app = init('typed plugin');
      const text = `import { cnnc, type PluginOptions } from 'cnnc/plugin';
const options: PluginOptions = { target: ['wasm', 'webgpu'], inline: 'all', models: { 'net.onnx': { batch: 2 } } };
export const plugins = [cnnc(options), cnnc.rollup(), cnnc.rolldown(), cnnc.esbuild(), cnnc.webpack(), cnnc.rspack()];
`;
      writeFileSync(join(app, 'src', 'plugins.ts'), text);
      expect(typeErrors(app)).toEqual([]);
      writeFileSync(join(app, 'src', 'plugins.ts'), text.replace('batch: 2', 'batch: true'));
      expect(typeErrors(app)).toHaveLength(1);
    },
    COMPILE_TIMEOUT,
  );
});
