/**
 * The host of a WebAssembly module of kernels: which variant runs here, and how it comes to run. Self-contained; works
 * in Node, browsers and workers, without `eval` or blobs. What the host lacks is an `Error` that names it.
 */
import { hasRelaxedSimd, hasWasmSimd, mayCompileWasm } from './features.ts';
import { fetchSource, loadBytes, locateBytes, messageOf, readBody, type ByteSource } from '../weights.ts';

/** Where a module is, its bytes, or the module as a bundler or host has compiled it. */
export type WasmSource = ByteSource | WebAssembly.Module;

export interface WasmVariants {
  /** 128-bit SIMD, as every engine has had it since 2021 (Safari 2023). */
  readonly plain: () => WasmSource;
  /** With fused multiply-adds, where they are faster: relaxed SIMD. */
  readonly relaxed: () => WasmSource;
}

export interface WasmOptions {
  /** False forces the variant without relaxed SIMD; default: with it where the host has it. */
  readonly relaxedSimd?: boolean | undefined;
  /** The kernels themselves, for bundlers and hosts that find no files: the contents of `kernels.wasm`. */
  readonly kernels?: WasmSource | undefined;
}

/** The exports of the variant that this host runs, over the given memory. `name` is the model's, for errors. */
export async function instantiateWasm(
  name: string,
  memory: WebAssembly.Memory,
  variants: WasmVariants,
  { relaxedSimd = true, kernels }: WasmOptions = {},
): Promise<WebAssembly.Exports> {
  const variant = relaxedSimd && hasRelaxedSimd() ? variants.relaxed : variants.plain;
  const module = await compileWasm(name, kernels ?? variant());
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports;
}

/** Throws where a module of kernels cannot run, and says what is missing. */
export function checkWasm(name: string): void {
  if (typeof WebAssembly !== 'object') throw new Error(`${name}: this host has no WebAssembly`);
  if (!hasWasmSimd()) {
    throw new Error(
      `${name}: this host's WebAssembly has no SIMD (128-bit vectors), which the kernels need: ` +
        'Chrome and Edge have it since 91, Firefox since 89, Safari since 16.4, Node since 16.4',
    );
  }
  if (mayCompileWasm()) return;
  throw new Error(
    `${name}: this page's content security policy forbids WebAssembly: its script-src must allow 'wasm-unsafe-eval'`,
  );
}

/** Adds pages of 64 KiB. Earlier views of the memory are empty afterwards. */
export function growMemory(name: string, memory: WebAssembly.Memory, pages: number): void {
  try {
    memory.grow(pages);
  } catch (error) {
    throw new Error(`${name}: there is no memory for ${pages * 64} KiB more`, { cause: error });
  }
}

/** Of this many pages of 64 KiB. */
export function createWasmMemory(name: string, pages: number): WebAssembly.Memory {
  checkWasm(name);
  try {
    return new WebAssembly.Memory({ initial: pages });
  } catch (error) {
    throw new Error(`${name}: there is no memory for ${pages * 64} KiB`, { cause: error });
  }
}

async function compileWasm(name: string, source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const home = locateBytes(source);
  if (home.kind === 'network') return compileFetched(name, home.url);
  const bytes = await loadBytes(source);
  return WebAssembly.compile(bytes as BufferSource).catch((error: unknown) => {
    throw cannotCompile(name, error);
  });
}

/** While it loads, which takes the right type; from servers that send another one, when it is there. */
async function compileFetched(name: string, url: string | URL): Promise<WebAssembly.Module> {
  const response = await fetchSource(url);
  const type = response.headers.get('content-type') ?? '';
  const isTyped = /^application\/wasm\b/i.test(type);
  const bytes = isTyped ? undefined : await readBody(response, url);
  const compiled = bytes
    ? WebAssembly.compile(bytes as BufferSource)
    : WebAssembly.compileStreaming(response);
  return compiled.catch((error: unknown) => {
    throw cannotCompile(name, error, `, from ${url}, which was sent as ${type || 'no type'}`);
  });
}

const cannotCompile = (name: string, error: unknown, where = ''): Error =>
  new Error(`${name}: the kernels cannot be compiled: ${messageOf(error)}${where}`, { cause: error });
