/** Packages in workerd, which compiles no WebAssembly at run time: modules that are imported run, and errors say so. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Said } from '../browser/chromium.ts';
import { runPages, writePages } from '../browser/pages.ts';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { BODY, compileAll, expectedOn, FORWARD, IMPORTS, type Numbers } from './packages.ts';
import { describeOn, WORKERD } from './runtimes.ts';
import { askWorker } from './workerd.ts';

const newFolder = createFolders();

const worker = (imports: string, body: string): string => `${imports}
async function use() {
${body}
}
export default {
  fetch: () => use().then((answer) => Response.json({ answer }), ({ message }) => Response.json({ error: message })),
};
`;

/** Files of the package in `all`, as modules. */
const MODULES = `
import { fastestTarget, load } from './all/index.js';
import plain from './all/wasm/kernels.wasm';
import relaxed from './all/wasm/kernels.relaxed.wasm';
import weights from './all/wasm/weights.safetensors';`;

describeOn(WORKERD, () => {
  let packages: string;
  let node: Omit<Numbers, 'errors'>;
  beforeAll(async () => {
    packages = newFolder();
    await compileAll(packages);
    writePages(join(packages, 'program'), IMPORTS, BODY);
    node = expectedOn(runPages(join(packages, 'program')).answer as Numbers, WORKERD.fuses);
  }, COMPILE_TIMEOUT);

  /** What a worker with the packages answers. */
  async function ask(imports: string, body: string): Promise<unknown> {
    const folder = newFolder();
    for (const name of ['all', 'training'])
      cpSync(join(packages, name), join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'worker.js'), worker(imports, body));
    const { answer, error } = (await askWorker(folder)) as Said;
    expect(error).toBeUndefined();
    return answer;
  }

  it('runs kernels and weights that are imported, and computes the numbers of Node', async () => {
    const body = `${FORWARD}
      const kernels = { plain, relaxed };
      return {
        target: fastestTarget({ kernels }),
        both: logitsOf(await load({ kernels, weights })),
        plain: logitsOf(await load({ kernels, weights, relaxedSimd: false })),
        one: logitsOf(await load({ kernels: plain, weights })),
        response: logitsOf(await load({ kernels, weights: new Response(weights) })),
      };`;
    const [fast, plain] = [node.fastest, node.plain];
    expect(await ask(MODULES, body)).toEqual({
      target: 'wasm',
      both: fast,
      plain,
      one: plain,
      response: fast,
    });
  });

  it('runs the TypeScript target, and trains with both', async () => {
    const imports = `
      import { load } from './all/index.js';
      import { load as loadTrainer } from './training/index.js';
      import plain from './training/wasm/kernels.wasm';
      import packed from './all/typescript/weights.safetensors';
      import weights from './training/wasm/weights.safetensors';`;
    const body = `${FORWARD}
      const training = (options) => loadTrainer({ training: true, learningRate: 0.01, weights, ...options });
      return {
        typescript: logitsOf(await load({ target: 'typescript', weights: packed })),
        wasmLosses: trainedOn(await training({ kernels: plain })),
        typescriptLosses: trainedOn(await training({ target: 'typescript' })),
      };`;
    const { typescript, wasmLosses, typescriptLosses } = node;
    expect(await ask(imports, body)).toEqual({ typescript, wasmLosses, typescriptLosses });
  });

  it('runs the worker of docs/runtimes.md', async () => {
    const page = readFileSync('docs/runtimes.md', 'utf8');
    const [, code = ''] = /^## Cloudflare Workers\n[^]*?^```js\n([^]*?)^```$/m.exec(page) ?? [];
    expect(code).toContain('export default');
    const folder = newFolder();
    cpSync(join(packages, 'all', 'wasm'), join(folder, 'generated', 'lenet5'), { recursive: true });
    writeFileSync(join(folder, 'worker.js'), code);
    const image = Float32Array.from({ length: 1024 }, (_, i) => ((i * 37) % 101) / 50 - 1);
    expect(['wasm', ...((await askWorker(folder, new Uint8Array(image.buffer))) as number[])]).toEqual(
      node.fastest,
    );
  });

  it('says what to pass where kernels or weights are missing', async () => {
    const imports = `${MODULES}
      import { load as loadWasm } from './all/wasm/index.js';`;
    const body = `
      const failing = (load, options) => load(options).then(() => 'loaded', (error) => error.message);
      return [
        await failing(loadWasm),
        await failing(loadWasm, { weights }),
        await failing(loadWasm, { kernels: weights, weights }),
        await failing(loadWasm, { kernels: plain }),
        await failing(load),
        await failing(loadWasm, { kernels: plain, weights: new Response('', { status: 404 }) }),
      ];`;
    const noKernels =
      'lenet5: this host does not compile WebAssembly at run time: import `kernels.wasm` as a module ' +
      'and pass it with the weights, load({ kernels, weights })';
    const noWeights =
      'lenet5: cannot find the weights, because import.meta.url is missing here: ' +
      'pass them to load({ weights }), or compile the package with --inline all';
    const notFound = 'cannot fetch the Response: the server answered 404';
    expect(await ask(imports, body)).toEqual([
      ...[noKernels, noKernels, noKernels],
      ...[noWeights, noWeights, notFound],
    ]);
  });
});
