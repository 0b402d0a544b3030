/** A wasm package where it is used: both variants, inlined, bundled, served, in a worker, on a host without SIMD. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { createFolders, readFolder, runNode } from '../support/folders.ts';
import { describeDifferences, maxRelativeError } from '../support/numbers.ts';
import { classifier } from '../support/packageModels.ts';
import {
  COMPILE_TIMEOUT,
  compilePackage,
  oracleOutputs,
  randomInputs,
  TOLERANCES,
} from '../support/packages.ts';

const newFolder = createFolders();
const expected = oracleOutputs(classifier, randomInputs(classifier))['logits']!;
const image = JSON.stringify([...randomInputs(classifier)['image']!]);

/** The outputs that a program prints. */
function expectOracle(printed: string): void {
  const logits = JSON.parse(printed) as number[];
  const message = describeDifferences(logits, expected, TOLERANCES.wasm);
  expect(maxRelativeError(logits, expected), message).toBeLessThanOrEqual(TOLERANCES.wasm);
}

const program = (options = '{}', from = './package/index.js'): string => `
  import { load } from ${JSON.stringify(from)};
  const model = await load(${options});
  const { logits } = model.forward({ image: Float32Array.from(${image}) });
  console.log(JSON.stringify([...logits]));
`;

/** A folder with the package and `main.mjs`. */
async function place(main: string, settings: { inline?: boolean } = {}): Promise<string> {
  const folder = newFolder();
  const files = await compilePackage(classifier, 'model.ts', { targets: ['wasm'], ...settings });
  writePackage(join(folder, 'package'), files);
  writeFileSync(join(folder, 'main.mjs'), main);
  return folder;
}

describe('a wasm package', { timeout: COMPILE_TIMEOUT }, () => {
  it('runs with and without relaxed SIMD, whatever Node has', async () => {
    const folder = await place(program());
    expectOracle(runNode(folder, 'main.mjs'));
    writeFileSync(join(folder, 'plain.mjs'), program('{ relaxedSimd: false }'));
    expectOracle(runNode(folder, 'plain.mjs'));
    // Without the other's file it is seen which one is taken.
    rmSync(join(folder, 'package', 'kernels.relaxed.wasm'));
    expectOracle(runNode(folder, 'plain.mjs'));
  });

  it.runIf(process.versions.node.startsWith('20.'))('takes relaxed SIMD where it is there', async () => {
    const folder = await place(program());
    rmSync(join(folder, 'package', 'kernels.wasm'));
    expectOracle(runNode(folder, '--experimental-wasm-relaxed-simd', 'main.mjs'));
  });

  it('has its kernels inside the JavaScript, where that is asked for', async () => {
    const folder = await place(program(), { inline: true });
    const names = readdirSync(join(folder, 'package'));
    expect(names.filter((name) => name.endsWith('.wasm'))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['kernels.wat', 'kernelsWasm.js']));
    expectOracle(runNode(folder, 'main.mjs'));
  });

  it('runs in a worker', async () => {
    const folder = await place(`
      import { Worker } from 'node:worker_threads';
      new Worker(new URL('./work.mjs', import.meta.url));
    `);
    writeFileSync(join(folder, 'work.mjs'), program());
    expectOracle(runNode(folder, 'main.mjs'));
  });

  it('says what a host lacks', async () => {
    const folder = await place(`
      WebAssembly.validate = () => false;
      const { load } = await import('./package/index.js');
      await load().catch((error) => console.log(error.message));
    `);
    expect(runNode(folder, 'main.mjs')).toMatch(/^pets: this host's WebAssembly has no SIMD/);
  });

  it('uses no eval and no blob', async () => {
    const folder = await place(program());
    for (const [name, bytes] of readFolder(join(folder, 'package'))) {
      if (name.endsWith('.js'))
        expect(bytes.toString(), name).not.toMatch(/\beval\(|new Function|blob:|Blob\(/);
    }
    const flags = ['--disallow-code-generation-from-strings', 'main.mjs'];
    expectOracle(runNode(folder, ...flags));
  });

  it('does not ship its listing as code: nothing imports layers.json', async () => {
    const folder = await place(program());
    rmSync(join(folder, 'package', 'layers.json'));
    expectOracle(runNode(folder, 'main.mjs'));
  });
});

/** tsx brings esbuild along. */
interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<{ readonly errors: readonly unknown[] }>;
}
const esbuild = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild') as Esbuild;

describe('a bundle of esbuild', { timeout: COMPILE_TIMEOUT }, () => {
  const bundle = (folder: string, loader: string): Promise<unknown> =>
    esbuild.build({
      entryPoints: [join(folder, 'main.mjs')],
      outfile: join(folder, 'out', 'bundle.mjs'),
      ...{
        bundle: true,
        format: 'esm',
        platform: 'neutral',
        target: 'es2022',
        minify: true,
        logLevel: 'error',
      },
      loader: { '.wasm': loader, '.safetensors': loader },
    });

  it('finds the files that are copied beside it', async () => {
    const folder = await place(program());
    await bundle(folder, 'file');
    for (const name of ['kernels.wasm', 'kernels.relaxed.wasm', 'weights.safetensors'])
      cpSync(join(folder, 'package', name), join(folder, 'out', name));
    rmSync(join(folder, 'package'), { recursive: true });
    expectOracle(runNode(join(folder, 'out'), 'bundle.mjs'));
  });

  it('is one file where the files are imported as bytes', async () => {
    const folder = await place(`
      import kernels from './package/kernels.wasm';
      import weights from './package/weights.safetensors';
      ${program('{ kernels, weights }')}
    `);
    await bundle(folder, 'binary');
    rmSync(join(folder, 'package'), { recursive: true });
    expect(readdirSync(join(folder, 'out'))).toEqual(['bundle.mjs']);
    expectOracle(runNode(join(folder, 'out'), 'bundle.mjs'));
  });

  it('takes the paths that the loader makes of files', async () => {
    const folder = await place(`
      import kernels from './package/kernels.wasm';
      import weights from './package/weights.safetensors';
      const at = (path) => new URL(path, import.meta.url);
      ${program('{ kernels: at(kernels), weights: at(weights) }')}
    `);
    await bundle(folder, 'file');
    rmSync(join(folder, 'package'), { recursive: true });
    expectOracle(runNode(join(folder, 'out'), 'bundle.mjs'));
  });

  it('needs only the weights beside it where the kernels are inline', async () => {
    const folder = await place(program(), { inline: true });
    await bundle(folder, 'file');
    cpSync(join(folder, 'package', 'weights.safetensors'), join(folder, 'out', 'weights.safetensors'));
    rmSync(join(folder, 'package'), { recursive: true });
    expectOracle(runNode(join(folder, 'out'), 'bundle.mjs'));
  });
});

describe('a served package', { timeout: COMPILE_TIMEOUT }, () => {
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = await place('');
    server = createServer((request, response) => {
      const file = join(folder, 'package', request.url ?? '');
      if (file.endsWith('.wasm')) response.setHeader('content-type', 'application/wasm');
      response.end(readFileSync(file));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return () => void server.close();
  }, COMPILE_TIMEOUT);

  it('streams kernels and weights', async () => {
    const { port } = server.address() as AddressInfo;
    const at = (name: string): string => JSON.stringify(`http://127.0.0.1:${port}/${name}`);
    const options = `{ kernels: ${at('kernels.wasm')}, weights: ${at('weights.safetensors')} }`;
    writeFileSync(join(folder, 'main.mjs'), program(options));
    // Not at once: this process is the server.
    const { stdout } = await promisify(execFile)(process.execPath, ['main.mjs'], { cwd: folder });
    expectOracle(stdout);
  });
});
