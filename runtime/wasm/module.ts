/**
 * The host of a WebAssembly module of kernels: which variant runs here, and how it comes to run. Self-contained; works
 * in Node, browsers and workers, without `eval` or blobs. What the host lacks is an `Error` that names it.
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

/** Where a module is, its bytes, or the module as a bundler or host has compiled it. */
export type WasmSource = ByteSource | WebAssembly.Module;

/** The kernels themselves: one of the package's two modules, or both, of which the fastest that runs here is taken. */
export type WasmKernels = WasmSource | { readonly plain: WasmSource; readonly relaxed?: WasmSource };

export interface WasmVariants {
  /** 128-bit SIMD, as every engine has had it since 2021 (Safari 2023). */
  readonly plain: () => WasmSource;
  /** With fused multiply-adds, where they are faster: relaxed SIMD. */
  readonly relaxed: () => WasmSource;
}

export interface WasmOptions {
  /** False forces the variant without relaxed SIMD; default: with it where the host has it. */
  readonly relaxedSimd?: boolean | undefined;
  /** For bundlers and hosts that find no files. Default: the files beside the module. */
  readonly kernels?: WasmKernels | undefined;
}

/** The exports of the variant that this host runs, over the given memory. `name` is the model's, for errors. */
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

/** Throws where a module of kernels cannot run, and says what is missing. */
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

/** Pages, their workers and extensions have an address, and with it a policy. Servers have none. */
const hasPolicy = (): boolean => typeof location === 'object';

const FORBIDDEN_BY_POLICY =
  "the content security policy forbids WebAssembly: its script-src must allow 'wasm-unsafe-eval'";

const FORBIDDEN_BY_HOST =
  'this host does not compile WebAssembly at run time: import `kernels.wasm` as a module ' +
  'and hand it in with the weights, load({ kernels, weights })';

/** Adds pages of 64 KiB. Earlier views of the memory are empty afterwards. */
export function growMemory(name: string, memory: WebAssembly.Memory, pages: number): void {
  try {
    memory.grow(pages);
  } catch (error) {
    throw new Error(`${name}: there is no memory for ${pages * 64} KiB more`, { cause: error });
  }
}

/** Of this many pages of 64 KiB. Throws where the kernels cannot run. */
export function createWasmMemory(name: string, pages: number, options: WasmOptions = {}): WebAssembly.Memory {
  checkWasm(name, options);
  try {
    return new WebAssembly.Memory({ initial: pages });
  } catch (error) {
    throw new Error(`${name}: there is no memory for ${pages * 64} KiB`, { cause: error });
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

/** While it loads, which takes the right type; from servers that send another one, when it is there. */
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
