/** Packages in the service worker of a Manifest V3 extension in Chromium: the numbers of Node, and what a manifest must allow. */
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeWithChromium, type Said } from '../browser/chromium.ts';
import { esbuild } from '../browser/esbuild.ts';
import { runPages, writePages } from '../browser/pages.ts';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { BODY, compileAll, FORWARD, IMPORTS, type Numbers } from './packages.ts';

const newFolder = createFolders();

const ALLOWS_WASM = { extension_pages: "script-src 'self' 'wasm-unsafe-eval'" };

/** A service worker must not use `import()`, so a package for several targets is imported target by target. */
const IMPORT_TARGETS = `
import { load as loadWasm } from './all/wasm/index.js';
import { load as loadTypescript } from './all/typescript/index.js';
import { load as loadInside } from './inside/index.js';`;

const USE_TARGETS = `${FORWARD}
  return {
    plain: logitsOf(await loadWasm({ relaxedSimd: false })),
    fastest: logitsOf(await loadWasm()),
    inside: logitsOf(await loadInside()),
    typescript: logitsOf(await loadTypescript()),
  };`;

/** A program for a bundle without chunks: it imports nothing later. */
const USE_BUNDLE = `${FORWARD}
  const training = (target) => loadTrainer({ target, training: true, learningRate: 0.01, relaxedSimd: false, weights });
  return { wasm: trainedOn(await training('wasm')), typescript: trainedOn(await training('typescript')) };`;

describeWithChromium('a service worker of an extension', (executablePath, flags) => {
  let packages: string;
  let node: Numbers;
  beforeAll(async () => {
    packages = newFolder();
    await compileAll(packages);
    writePages(join(packages, 'program'), IMPORTS, BODY);
    node = runPages(join(packages, 'program')).answer as Numbers;
  }, COMPILE_TIMEOUT);

  /** An extension with the packages. */
  function extension(imports: string, body: string, policy?: object): string {
    const folder = newFolder();
    for (const name of readdirSync(packages))
      cpSync(join(packages, name), join(folder, name), { recursive: true });
    const manifest = {
      ...{ manifest_version: 3, name: 'test', version: '1' },
      background: { service_worker: 'worker.js', type: 'module' },
      ...(policy && { content_security_policy: policy }),
    };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    const use = `async function use() {\n${body}\n}\n`;
    const said = `use().then((answer) => ({ answer }), (error) => ({ error: error.message }))`;
    writeFileSync(join(folder, 'worker.js'), `${imports}\n${use}globalThis.said = ${said};\n`);
    return folder;
  }

  async function install(folder: string): Promise<Said> {
    const args = [...flags, `--disable-extensions-except=${folder}`, `--load-extension=${folder}`];
    const context = await chromium.launchPersistentContext(newFolder(), { executablePath, args });
    try {
      const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
      return await worker.evaluate(() => (globalThis as unknown as { said: Promise<Said> }).said);
    } finally {
      await context.close();
    }
  }

  it('computes the numbers of Node', async () => {
    const { plain, fastest, inside, typescript } = node;
    expect(await install(extension(IMPORT_TARGETS, USE_TARGETS, ALLOWS_WASM))).toEqual({
      answer: { plain, fastest, inside, typescript },
    });
  });

  it('trains in a bundle', async () => {
    const imports = `
      import { load as loadTrainer } from './training/index.js';
      import weights from './training/wasm/weights.safetensors';`;
    const folder = extension(imports, USE_BUNDLE, ALLOWS_WASM);
    const worker = join(folder, 'worker.js');
    await esbuild.build({
      ...{ entryPoints: [worker], outfile: worker, allowOverwrite: true },
      ...{ bundle: true, format: 'esm', logLevel: 'error', loader: { '.safetensors': 'binary' } },
    });
    for (const name of ['kernels.wasm', 'kernels.relaxed.wasm'])
      cpSync(join(packages, 'training', 'wasm', name), join(folder, name));
    expect(await install(folder)).toEqual({
      answer: { wasm: node.wasmLosses, typescript: node.typescriptLosses },
    });
  });

  it('says what the manifest must allow', async () => {
    const body = 'await loadWasm();';
    expect(await install(extension(IMPORT_TARGETS, body))).toEqual({
      error: expect.stringMatching(/policy forbids WebAssembly: .* 'wasm-unsafe-eval'$/) as string,
    });
  });

  it('says that a package for several targets is imported later', async () => {
    const imports = `import { load } from './all/index.js';`;
    expect(await install(extension(imports, 'await load();', ALLOWS_WASM))).toEqual({
      error: expect.stringMatching(/^import\(\) is disallowed on ServiceWorkerGlobalScope/) as string,
    });
  });
});
