/**
 * Finds a GPU: the caller's device or `gpu`, the host's `navigator.gpu`, or in Node the npm package `webgpu` (Dawn).
 * Only the limits that the model needs are requested, and optional features if the adapter has them. If a limit or
 * WebGPU itself is missing, an `Error` names it; there is no fallback.
 */
import { messageOf } from '../weights.ts';
import type {
  AdapterInfo,
  DeviceLike,
  Gpu,
  GpuDevice,
  GpuFeature,
  GpuLike,
  GpuLimits,
  GpuPrecision,
  KernelFamily,
} from './types.ts';

export interface GpuOptions {
  readonly gpu?: Gpu | undefined;
  readonly device?: GpuDevice | undefined;
  /** Default: `blocked` on an adapter that emulates a GPU on the CPU, otherwise `tiled`. */
  readonly family?: KernelFamily | undefined;
  /** Default: `f32`. With `f16`, `tiled` kernels hold tiles as f16 if the device has `shader-f16`, otherwise as f32. */
  readonly precision?: GpuPrecision | undefined;
  /** Called after each compiled kernel, with the number of compiled kernels and the number of all kernels. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface OpenedDevice {
  readonly device: DeviceLike;
  /** Whether the device was created here and is destroyed with the model. */
  readonly isOwn: boolean;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
}

/** The limits that every device has without a request. */
const DEFAULT_LIMITS: GpuLimits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };
const LIMIT_NAMES = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/** Opens a device and chooses the kernels for it. `name` is the model's, for errors. */
export async function openDevice(
  name: string,
  needed: GpuLimits,
  options: GpuOptions,
): Promise<OpenedDevice> {
  const { gpu, device } = options;
  checkChoice(name, 'family', options.family, ['blocked', 'tiled']);
  checkChoice(name, 'precision', options.precision, ['f32', 'f16']);
  if (device) {
    const given = device as unknown as DeviceLike;
    checkLimits(name, needed, given.limits, 'the given device');
    return { device: given, isOwn: false, ...choose(options, given, given.adapterInfo) };
  }
  const adapter = await ((gpu as unknown as GpuLike) ?? (await findGpu(name))).requestAdapter();
  if (!adapter)
    throw new Error(`${name}: WebGPU finds no adapter: there is no GPU, or no driver that WebGPU can use`);
  checkLimits(name, needed, adapter.limits, 'this GPU');
  const beyond = LIMIT_NAMES.filter((limit) => needed[limit] > DEFAULT_LIMITS[limit]);
  const requiredLimits = Object.fromEntries(beyond.map((limit) => [limit, needed[limit]]));
  const wanted: readonly GpuFeature[] =
    options.precision === 'f16' ? ['subgroups', 'shader-f16'] : ['subgroups'];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  const own = await adapter.requestDevice({ label: name, requiredFeatures, requiredLimits });
  return { device: own, isOwn: true, ...choose(options, own, own.adapterInfo ?? adapter.info) };
}

/** The caller's choices, completed by what the adapter reports. Only `tiled` kernels have f16. */
function choose(
  { family, precision }: GpuOptions,
  { features }: DeviceLike,
  info: AdapterInfo | undefined,
): Pick<OpenedDevice, 'family' | 'precision'> {
  const chosen = family ?? (info?.isFallbackAdapter ? 'blocked' : 'tiled');
  const canBeHalf = chosen === 'tiled' && features.has('shader-f16');
  return { family: chosen, precision: precision === 'f16' && canBeHalf ? 'f16' : 'f32' };
}

function checkChoice(
  name: string,
  option: string,
  given: string | undefined,
  known: readonly string[],
): void {
  if (given === undefined || known.includes(given)) return;
  const names = known.map((one) => `'${one}'`).join(' or ');
  throw new Error(`${name}: ${option} is ${JSON.stringify(given)}, expected ${names}`);
}

function checkLimits(name: string, needed: GpuLimits, limits: GpuLimits, who: string): void {
  for (const limit of LIMIT_NAMES) {
    if (needed[limit] <= limits[limit]) continue;
    throw new Error(`${name} needs a ${limit} of ${needed[limit]} bytes, ${who} has ${limits[limit]}`);
  }
}

interface Host {
  readonly navigator?: { readonly gpu?: GpuLike };
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly isSecureContext?: boolean;
}

async function findGpu(name: string): Promise<GpuLike> {
  const host = globalThis as unknown as Host;
  if (host.navigator?.gpu) return host.navigator.gpu;
  if (host.process?.versions?.node !== undefined) return dawn(name);
  throw new Error(
    host.isSecureContext === false
      ? `${name}: WebGPU needs a secure page: serve it from https or localhost`
      : `${name}: this browser has no WebGPU (navigator.gpu)`,
  );
}

/** The key of one object for all models: a second object would open the driver again. */
const DAWN = Symbol.for('cnnc.webgpu');

async function dawn(name: string): Promise<GpuLike> {
  // Never released: collecting it while a device exists would crash the process.
  const kept = globalThis as unknown as { [DAWN]?: GpuLike };
  if (kept[DAWN]) return kept[DAWN];
  // Joined at run time and marked, so that bundlers do not try to resolve it for browsers.
  const specifier = ['web', 'gpu'].join('');
  try {
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as {
      create(options: readonly string[]): GpuLike;
    };
    return (kept[DAWN] ??= create([]));
  } catch (error) {
    throw new Error(
      `${name}: Node has no WebGPU: npm install webgpu, or pass \`gpu\` or \`device\` to load (${messageOf(error).split('\n', 1)[0]})`,
      { cause: error },
    );
  }
}
