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
import { cifarImages } from '../support/dataSets.ts';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { packInto } from '../support/packed.ts';
import { describeWithTestdata } from '../support/testdata.ts';
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
});

/** Photos of the first images of CIFAR-10 of these classes. */
async function writePhotos(classes: readonly number[]): Promise<string[]> {
  const folder = newFolder();
  const images = cifarImages().filter(({ label }) => classes.includes(label));
  return Promise.all(
    images.map(async ({ pixels, size }, i) => {
      const file = join(folder, `${i}.png`);
      await sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).toFile(file);
      return file;
    }),
  );
}

describeWithTestdata('fine-tuning', () => {
  describeWithBrowser('in a page', (browser) => {
    it(
      'learns from photos in a worker, continues after a reload, and answers',
      async () => {
        const folder = example('fine-tuning');
        const page = await browser().newPage();
        const output = (text: RegExp) =>
          page.locator('output', { hasText: text }).waitFor({ timeout: 60_000 });
        const button = (name: string) => page.getByRole('button', { name, exact: true });
        const [animals, vehicles] = [await writePhotos([2, 3, 4, 5, 6, 7]), await writePhotos([0, 1, 8, 9])];
        const train = async (): Promise<void> => {
          await output(/^Nothing is learned yet/);
          await page.waitForLoadState('networkidle');
          await page.locator('#animals').setInputFiles(animals.slice(0, 20));
          await page.locator('#vehicles').setInputFiles(vehicles.slice(0, 16));
          await button('Train').click();
        };
        await page.goto((await start(folder, viteArguments)).url);
        await train();
        await output(/^Epoch [2-9] of 20, loss \d/);
        await button('Stop').click();
        await output(/^Choose a photo/);
        await page.reload();
        await train();
        // Its first epoch is not shown again.
        expect(await page.locator('output', { hasText: /^Epoch/ }).textContent()).not.toMatch(/^Epoch 1 /);
        await output(/^Choose a photo/);
        let right = 0;
        for (const [files, answer] of [
          [animals.slice(20, 30), 'This is an animal.'],
          [vehicles.slice(16, 26), 'This is a vehicle.'],
        ] as const)
          for (const file of files) {
            await page.locator('#photo').setInputFiles([]);
            await page.locator('output').evaluate((one: HTMLOutputElement) => (one.value = ''));
            await page.locator('#photo').setInputFiles(file);
            await output(/^This is/);
            if ((await page.locator('output').textContent()) === answer) right++;
          }
        // Of twenty; a network that has learned nothing gets ten.
        expect(right).toBeGreaterThanOrEqual(17);
      },
      2 * COMPILE_TIMEOUT,
    );
  });
});
