/** Packages on servers that are strict, careless or broken: what works, and which error reports what does not. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createFolders } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';
import { describeInChromium, type Said } from './chromium.ts';
import { compileLenet5, readDigit } from './lenet5.ts';
import { runPages, writePages } from './pages.ts';
import {
  breakingOff,
  createServers,
  inChunks,
  notFound,
  onlyHalf,
  pageInstead,
  STRICT,
  type Habits,
} from './server.ts';

const newFolder = createFolders();
const serve = createServers();

const WITHOUT_WASM = "default-src 'self'; script-src 'self'";

describeInChromium('a server', (open) => {
  let folder: string;
  let node: Said;
  beforeAll(async () => {
    folder = newFolder();
    await compileLenet5(folder, 'all', ['--target', 'all']);
    await compileLenet5(folder, 'inline', ['--target', 'wasm', '--inline']);
    for (const [name, from] of [
      ['wasm', '../all/wasm/index.js'],
      ['inlined', '../inline/index.js'],
      ['fastest', '../all/index.js'],
    ] as const) {
      const { imports, body } = readDigit(from);
      writePages(join(folder, name), imports, body);
    }
    node = runPages(join(folder, 'wasm'));
    expect(node.answer).toMatchObject({ target: 'wasm' });
  }, COMPILE_TIMEOUT);

  const visit = async (path: string, habits: Habits): Promise<Said> =>
    open(`${await serve(folder, habits)}${path}`);

  it.each(['wasm/page', 'wasm/worker', 'inlined/page', 'inlined/worker', 'fastest/page'])(
    'with a strict policy lets %s run',
    async (page) => {
      expect(await visit(`${page}.html`, { policy: STRICT })).toEqual(node);
    },
  );

  it.each(['wasm/page', 'wasm/worker', 'inlined/page'])(
    'whose policy forbids WebAssembly gets an error that says so from %s',
    async (page) => {
      expect(await visit(`${page}.html`, { policy: WITHOUT_WASM })).toEqual({
        error: expect.stringMatching(/^lenet5: .*policy forbids WebAssembly.* 'wasm-unsafe-eval'$/) as string,
      });
    },
  );

  it('whose policy forbids WebAssembly gets the other target, where the package has it', async () => {
    const { answer } = await visit('fastest/page.html', { policy: WITHOUT_WASM });
    expect(answer).toMatchObject({ target: 'typescript' });
  });

  it.each(['application/octet-stream', ''])('may send kernels as "%s"', async (type) => {
    expect(await visit('wasm/page.html', { types: { '.wasm': type } })).toEqual(node);
  });

  it('may send everything in chunks of unknown number', async () => {
    const answers = { '.safetensors': inChunks, '.wasm': inChunks };
    expect(await visit('wasm/page.html', { answers })).toEqual(node);
  });

  it.each([
    ['half of the weights', { '.safetensors': onlyHalf }, /^safetensors: the file is truncated: tensor `/],
    ['weights until the line breaks', { '.safetensors': breakingOff }, /^cannot fetch .*tensors: network/],
    ['no weights', { '.safetensors': notFound }, /^cannot fetch http.*tensors: the server answered 404/],
    ['a page for weights', { '.safetensors': pageInstead }, /^safetensors: this is not .* "<!doctype html>/],
    ['half of the kernels', { '.wasm': onlyHalf }, /^lenet5: the kernels cannot be compiled: .*\.wasm/],
    ['kernels until the line breaks', { '.wasm': breakingOff }, /network/i],
    ['no kernels', { '.wasm': notFound }, /^cannot fetch http.*\.wasm: the server answered 404/],
    ['a page for kernels', { '.wasm': pageInstead }, /magic.*\.wasm, which was sent as text\/html$/],
  ] as const)('that sends %s causes an error that says so', async (_, answers, message) => {
    const { answer, error } = await visit('wasm/page.html', { answers });
    expect(answer).toBeUndefined();
    expect(error).toMatch(message);
  });
});
