/** The host of WebAssembly: which variant it loads, from where, and its errors. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { assemble } from '../../compiler/host/browser/assemble.ts';
import {
  createWasmMemory,
  growMemory,
  instantiateWasm,
  type WasmOptions,
} from '../../runtime/wasm/module.ts';
import { hasRelaxedSimd, hasWasmSimd, mayCompileWasm, runsWasm } from '../../runtime/wasm/features.ts';

const moduleText = (value: number): string => `(module
  (import "env" "memory" (memory 0))
  (func (export "run") (param i32) (i32.store (local.get 0) (i32.const ${value}))))`;

let [plain, relaxed, given] = [new Uint8Array(), new Uint8Array(), new Uint8Array()];
let server: Server;
let origin: string;

beforeAll(async () => {
  [plain, relaxed, given] = (await Promise.all([1, 2, 3].map((value) => assemble(moduleText(value))))) as [
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
  ];
  server = createServer((request, response) => {
    if (request.url === '/typed.wasm') response.setHeader('content-type', 'application/wasm');
    if (request.url === '/page') response.end('<!doctype html>');
    else response.end(given);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
afterEach(() => void vi.unstubAllGlobals());

/** What the module that was taken writes. */
async function ran(options?: WasmOptions): Promise<number> {
  const memory = createWasmMemory('net', 1, options);
  const variants = { plain: () => plain, relaxed: () => relaxed };
  const exports = await instantiateWasm('net', memory, variants, options);
  (exports['run'] as (address: number) => void)(8);
  return new Int32Array(memory.buffer)[2]!;
}

/** A host whose engine finds modules valid or not, by their sizes: the probes have 31 and 41 bytes. */
const stubProbes = (isValid: (bytes: number) => boolean): void =>
  void vi.stubGlobal('WebAssembly', {
    ...Object.fromEntries(
      (['Memory', 'Module', 'Instance'] as const).map((name) => [name, WebAssembly[name]]),
    ),
    compile: WebAssembly.compile,
    compileStreaming: WebAssembly.compileStreaming,
    instantiate: WebAssembly.instantiate,
    validate: (bytes: Uint8Array) => isValid(bytes.length),
  });

/** A host such as workerd, or a page whose policy forbids WebAssembly: its modules are those made before. */
function forbidCompiling(): void {
  const { Memory, Module, instantiate } = WebAssembly;
  const refuse = function (): never {
    throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder');
  };
  const Refusing = Object.assign(refuse, { prototype: Module.prototype });
  const compile = (): Promise<never> => Promise.reject(new WebAssembly.CompileError('disallowed'));
  vi.stubGlobal('WebAssembly', { Memory, Module: Refusing, instantiate, compile, validate: () => true });
}

describe('the variant', () => {
  it('is the relaxed one where the host has it and nothing forbids it', async () => {
    stubProbes(() => true);
    expect(await ran()).toBe(2);
    expect(await ran({ relaxedSimd: true })).toBe(2);
    expect(await ran({ relaxedSimd: false })).toBe(1);
  });

  it('is the plain one elsewhere', async () => {
    stubProbes((bytes) => bytes < 40);
    expect([hasWasmSimd(), hasRelaxedSimd()]).toEqual([true, false]);
    expect(await ran()).toBe(1);
    expect(await ran({ relaxedSimd: true })).toBe(1);
  });

  it('is what was handed in: bytes, a module, a URL with the right type or another', async () => {
    expect(await ran({ kernels: given })).toBe(3);
    expect(await ran({ kernels: await WebAssembly.compile(given) })).toBe(3);
    expect(await ran({ kernels: `${origin}/typed.wasm` })).toBe(3);
    expect(await ran({ kernels: new URL(`${origin}/untyped`) })).toBe(3);
    const text = Buffer.from(given).toString('base64');
    expect(await ran({ kernels: `data:application/wasm;base64,${text}` })).toBe(3);
    expect(await ran({ kernels: new Response(given) })).toBe(3);
    expect(await ran({ kernels: await fetch(`${origin}/typed.wasm`) })).toBe(3);
  });

  it('is the one of two that were handed in which runs here', async () => {
    const kernels = { plain: given, relaxed };
    stubProbes(() => true);
    expect(await ran({ kernels })).toBe(2);
    expect(await ran({ kernels, relaxedSimd: false })).toBe(3);
    expect(await ran({ kernels: { plain: given } })).toBe(3);
    stubProbes((bytes) => bytes < 40);
    expect(await ran({ kernels })).toBe(3);
  });
});

describe('a host that cannot', () => {
  it('says what is missing', async () => {
    stubProbes(() => false);
    await expect(ran()).rejects.toThrow(/^net: this host's WebAssembly has no SIMD .* Safari since 16\.4/);
    vi.stubGlobal('WebAssembly', undefined);
    expect(hasWasmSimd()).toBe(false);
    await expect(ran()).rejects.toThrow('net: this host has no WebAssembly');
  });

  it('says what a policy must allow', () => {
    expect([mayCompileWasm(), runsWasm()]).toEqual([true, true]);
    forbidCompiling();
    vi.stubGlobal('location', new URL('https://example.org/'));
    expect([hasWasmSimd(), mayCompileWasm(), runsWasm()]).toEqual([true, false, false]);
    expect(() => createWasmMemory('net', 1)).toThrow(
      /^net: .* its script-src must allow 'wasm-unsafe-eval'$/,
    );
  });

  it('says what to hand in where there is no page, and takes it', async () => {
    const modules = await Promise.all([plain, relaxed].map((bytes) => WebAssembly.compile(bytes)));
    const kernels = { plain: modules[0]!, relaxed: modules[1]! };
    forbidCompiling();
    for (const bytes of [undefined, plain, { plain }, { ...kernels, relaxed }]) {
      expect(runsWasm({ kernels: bytes })).toBe(false);
      expect(() => createWasmMemory('net', 1, { kernels: bytes })).toThrow(
        'net: this host does not compile WebAssembly at run time: import `kernels.wasm` as a module and pass it',
      );
    }
    for (const compiled of [kernels, kernels.plain, { plain: kernels.plain }])
      expect(runsWasm({ kernels: compiled })).toBe(true);
    expect(await ran({ kernels: kernels.plain })).toBe(1);
    expect(await ran({ kernels })).toBe(2);
    expect(await ran({ kernels, relaxedSimd: false })).toBe(1);
  });

  it('says that it cannot find files', async () => {
    const memory = createWasmMemory('net', 1);
    const find = (): URL => new URL('./kernels.wasm', undefined);
    await expect(instantiateWasm('net', memory, { plain: find, relaxed: find })).rejects.toThrow(
      'net: cannot find the kernels, because import.meta.url is missing here: pass them to load({ kernels }), ' +
        'or compile the package with --inline all',
    );
  });

  it('says what cannot be compiled', async () => {
    await expect(ran({ kernels: `${origin}/page` })).rejects.toThrow(
      /^net: the kernels cannot be compiled: .*magic.*, from http:\S*\/page, which was sent as no type$/,
    );
    await expect(ran({ kernels: './nowhere.wasm' })).rejects.toThrow(/nowhere\.wasm: ENOENT/);
  });

  it('says that there is no memory', () => {
    expect(() => createWasmMemory('net', 70_000)).toThrow(
      'net: the host cannot allocate 4480000 KiB of WebAssembly memory',
    );
    const memory = createWasmMemory('net', 1);
    expect(() => growMemory('net', memory, 70_000)).toThrow(
      'net: the host cannot grow the WebAssembly memory by 4480000 KiB',
    );
    growMemory('net', memory, 2);
    expect(memory.buffer.byteLength).toBe(3 * 65536);
  });
});
