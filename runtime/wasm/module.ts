/**
 * Loads a WebAssembly module of kernels: chooses the variant that this host supports, compiles and instantiates it.
 * Self-contained; works in Node, browsers and workers, without `eval` or blobs. If the host lacks a feature, an `Error`
 * names it.
 */
import { hasRelaxedSimd, hasWasmSimd, isCompiledWasm, mayCompileWasm } from './features.ts';
import {
  fetchSource,
  findFile,
  loadBytes,
  locateBytes,
  messageOf,
  readBody,
  type ByteSource,
  type NetworkHome,
} from '../weights.ts';

/** The URL or path of a module, its bytes, or a module that a bundler or host has compiled. */
export type WasmSource = ByteSource | WebAssembly.Module;

/** One of the package's two modules of kernels, or both: then the faster one that runs here is used. */
export type WasmKernels = WasmSource | { readonly plain: WasmSource; readonly relaxed?: WasmSource };

export interface WasmVariants {
  /** The variant with 128-bit SIMD, which all engines have had since 2021 (Safari since 2023). */
  readonly plain: () => WasmSource;
  /** The variant with relaxed SIMD. Multiply-adds are fused on processors on which that is faster. */
  readonly relaxed: () => WasmSource;
}

export interface WasmOptions {
  /** False forces the variant without relaxed SIMD. Default: with relaxed SIMD if the host has it. */
  readonly relaxedSimd?: boolean | undefined;
  /** The kernels, for bundlers and hosts that do not find the files. Default: the files next to the module. */
  readonly kernels?: WasmKernels | undefined;
}

/** The exports of the variant that this host supports, with the given memory. `name` is the model's, for errors. */
export async function instantiateWasm(
  name: string,
  memory: WebAssembly.Memory,
  variants: WasmVariants,
  { relaxedSimd = true, kernels }: WasmOptions = {},
): Promise<WebAssembly.Exports> {
  const variant = relaxedSimd && hasRelaxedSimd() ? 'relaxed' : 'plain';
  const given = kernels === undefined ? undefined : pickKernels(kernels, variant);
  const module = await compileWasm(name, given ?? findFile(name, 'kernels', variants[variant]));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return exports;
}

const pickKernels = (kernels: WasmKernels, variant: keyof WasmVariants): WasmSource => {
  if (typeof kernels !== 'object' || !('plain' in kernels)) return kernels;
  return kernels[variant] ?? kernels.plain;
};

/** Throws an error that names what is missing, if modules of kernels cannot run here. */
export function checkWasm(name: string, { kernels }: WasmOptions = {}): void {
  if (typeof WebAssembly !== 'object') throw new Error(`${name}: this host has no WebAssembly`);
  if (!hasWasmSimd()) {
    throw new Error(
      `${name}: this host's WebAssembly has no SIMD (128-bit vectors), which the kernels need: ` +
        'Chrome and Edge have it since 91, Firefox since 89, Safari since 16.4, Node since 16.4',
    );
  }
  if (isCompiledWasm(kernels) || mayCompileWasm()) return;
  throw new Error(`${name}: ${hasPolicy() ? FORBIDDEN_BY_POLICY : FORBIDDEN_BY_HOST}`);
}

/**
 * Whether the host has a content security policy. Pages, workers and extensions have a `location`; servers have none.
 */
const hasPolicy = (): boolean => typeof location === 'object';

const FORBIDDEN_BY_POLICY =
  "the content security policy forbids WebAssembly: its script-src must allow 'wasm-unsafe-eval'";

const FORBIDDEN_BY_HOST =
  'this host does not compile WebAssembly at run time: import `kernels.wasm` as a module ' +
  'and pass it with the weights, load({ kernels, weights })';

/** Grows the memory by pages of 64 KiB. Earlier views of the memory are empty afterwards. */
export function growMemory(name: string, memory: WebAssembly.Memory, pages: number): void {
  try {
    memory.grow(pages);
  } catch (error) {
    throw new Error(`${name}: the host cannot grow the WebAssembly memory by ${pages * 64} KiB`, {
      cause: error,
    });
  }
}

/** Creates a memory of so many pages of 64 KiB. Throws if the host cannot run the kernels. */
export function createWasmMemory(name: string, pages: number, options: WasmOptions = {}): WebAssembly.Memory {
  checkWasm(name, options);
  try {
    return new WebAssembly.Memory({ initial: pages });
  } catch (error) {
    throw new Error(`${name}: the host cannot allocate ${pages * 64} KiB of WebAssembly memory`, {
      cause: error,
    });
  }
}

async function compileWasm(name: string, source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const home = locateBytes(source);
  if (home.kind === 'network') return compileFetched(name, home);
  const bytes = await loadBytes(source);
  return WebAssembly.compile(bytes as BufferSource).catch((error: unknown) => {
    throw cannotCompile(name, error);
  });
}

/** Compiles a module while it downloads if the server sends it as application/wasm, otherwise after the download. */
async function compileFetched(name: string, home: NetworkHome): Promise<WebAssembly.Module> {
  const { url } = home;
  const response = await fetchSource(home);
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
