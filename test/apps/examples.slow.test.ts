/** Every project in `examples/`, with an installed cnnc, as its README runs it. */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeWithBrowser } from '../browser/chromium.ts';
import { describeOn, WORKERD } from '../hosts/runtimes.ts';
import { askWorker } from '../hosts/workerd.ts';
import { createProcesses, viteArguments } from '../plugin/servers.ts';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { packInto } from '../support/packed.ts';
import { install } from './apps.ts';

const newFolder = createFolders();
const start = createProcesses();

const DIGIT = resolve('models/images/three.png');

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

let installed: string;
beforeAll(() => void (installed = packInto(newFolder())), COMPILE_TIMEOUT);

/** A copy of an example where its dependencies are installed, those that this project has. */
function example(name: string): string {
  const folder = newFolder();
  cpSync(join('examples', name), folder, { recursive: true });
  const others = Object.keys(manifestOf(folder).devDependencies).filter(
    (dependency) => !['cnnc', 'wrangler'].includes(dependency),
  );
  install(folder, installed, others);
  return folder;
}

/** `npm run compile`. */
function compile(folder: string): void {
  const [program, ...args] = manifestOf(folder).scripts['compile']!.split(' ');
  expect(program).toBe('cnnc');
  execFileSync(process.execPath, [join(installed, 'bin', 'cnnc.js'), ...args], {
    cwd: folder,
    stdio: 'pipe',
  });
}

const nodeArguments = (script: string) => (): readonly string[] => [script];

describe('the examples', () => {
  it('are listed in their README, and say how they are run', () => {
    const list = readFileSync('examples/README.md', 'utf8');
    const names = readdirSync('examples').filter((name) => statSync(join('examples', name)).isDirectory());
    const listed = [...list.matchAll(/^\| \[(.+?)\]\(\1\)/gm)].map(([, name]) => name!);
    expect(new Set(listed)).toEqual(new Set(names));
    for (const name of names) {
      const scripts = Object.keys(manifestOf(join('examples', name)).scripts);
      const readme = readFileSync(join('examples', name, 'README.md'), 'utf8');
      const commands = [...readme.matchAll(/^npm (?:run )?(\w+)/gm)].map(([, script]) => script!);
      expect(commands[0], name).toBe('install');
      for (const command of commands.slice(1)) expect(scripts, name).toContain(command);
    }
  });

  it(
    'node-server answers an image with its classes',
    async () => {
      const folder = example('node-server');
      compile(folder);
      const { url } = await start(folder, nodeArguments('server.js'));
      const answer = await fetch(url, { method: 'POST', body: readFileSync(DIGIT) });
      expect(await answer.json()).toMatchObject([{ label: '3' }, {}, {}]);
      expect((await fetch(url, { method: 'POST', body: 'no image' })).status).toBe(400);
    },
    COMPILE_TIMEOUT,
  );
});

describeOn(WORKERD, () => {
  it(
    'cloudflare-worker answers gray pixels with their classes',
    async () => {
      const folder = example('cloudflare-worker');
      compile(folder);
      const pixels = await sharp(DIGIT).resize(28, 28).grayscale().raw().toBuffer();
      // Only files of the example are modules of the worker.
      const worker = newFolder();
      for (const name of ['worker.js', 'lenet5'])
        cpSync(join(folder, name), join(worker, name), { recursive: true });
      expect(await askWorker(worker, pixels)).toMatchObject([{ label: '3' }, {}, {}]);
    },
    COMPILE_TIMEOUT,
  );
});

describeWithBrowser('the pages of the examples', (browser) => {
  const open = async (url: string): Promise<Page> => {
    const page = await browser().newPage();
    await page.goto(url);
    return page;
  };

  it(
    'page reads a digit without a bundler',
    async () => {
      const folder = example('page');
      compile(folder);
      const page = await open((await start(folder, nodeArguments('serve.js'))).url);
      await page.waitForLoadState('networkidle');
      await page.locator('input').setInputFiles(DIGIT);
      await page.locator('output', { hasText: /^This is a 3 \(\d+\.\d%\)\.$/ }).waitFor();
    },
    COMPILE_TIMEOUT,
  );

  it.each([
    ['vite', 'output', /^This is a 3 \(\d+\.\d%\)\.$/],
    ['worker', 'output', /^This is a 3 \(\d+\.\d%\)\.$/],
    ['react', 'li', /^3: \d+\.\d%$/],
  ] as const)(
    '%s reads a digit, served and built',
    async (name, shown, text) => {
      const folder = example(name);
      const served = await start(folder, viteArguments);
      const build = [resolve('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'];
      execFileSync(process.execPath, build, { cwd: folder, stdio: 'pipe' });
      const preview = (port: number) => viteArguments(port).toSpliced(1, 0, 'preview');
      const built = await start(folder, preview);
      for (const { url } of [served, built]) {
        const page = await open(url);
        await page.locator('input').waitFor({ timeout: 60_000 });
        await page.waitForLoadState('networkidle');
        await page.locator('input').setInputFiles(DIGIT);
        await page.locator(shown, { hasText: text }).first().waitFor({ timeout: 60_000 });
        await page.close();
      }
    },
    COMPILE_TIMEOUT,
  );

  it(
    'fine-tuning learns two shapes from a few drawings',
    async () => {
      const page = await open((await start(example('fine-tuning'), viteArguments)).url);
      await page.locator('output', { hasText: 'Ready.' }).waitFor({ timeout: 60_000 });
      const { x, y, width, height } = (await page.locator('canvas').boundingBox())!;
      const draw = async (...points: readonly (readonly [number, number])[]): Promise<void> => {
        const [first, ...rest] = points.map(
          ([right, down]) => [x + right * width, y + down * height] as const,
        );
        await page.mouse.move(...first!);
        await page.mouse.down();
        for (const point of rest) await page.mouse.move(...point, { steps: 4 });
        await page.mouse.up();
      };
      const line = (by: number) => draw([0.2 + by, 0.5], [0.8, 0.5 + by]);
      const corner = (by: number) => draw([0.3, 0.2 + by], [0.3 + by, 0.8], [0.8, 0.8]);
      const button = (name: string) => page.getByRole('button', { name, exact: true });
      expect(await button('Train').isDisabled()).toBe(true);
      for (const by of [0, 0.05, 0.1]) {
        await line(by);
        await button('Keep as A').click();
        await corner(by);
        await button('Keep as B').click();
      }
      await button('Train').click();
      await page.locator('output', { hasText: /^Learned; the loss is 0\.\d+/ }).waitFor();
      for (const [shape, label] of [
        [line, 'A'],
        [corner, 'B'],
      ] as const) {
        await button('Clear').click();
        await shape(0.07);
        await page.locator('output', { hasText: new RegExp(`^This is ${label} `) }).waitFor();
      }
    },
    COMPILE_TIMEOUT,
  );
});
