/**
 * Finds a GPU: the caller's device or `gpu`, the host's `navigator.gpu`, or in Node the npm package `webgpu` (Dawn).
 * Only limits that the model needs are asked for, and features that its kernels can do without where the adapter has them.
 * What is missing is an `Error` that names it; there is no fallback.
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
  /** Default: `blocked` where a processor stands in for the GPU, otherwise `tiled`. */
  readonly family?: KernelFamily | undefined;
  /** Default: `f32`. With `f16` tiles are f16 where the device has `shader-f16`, and f32 where it has not. */
  readonly precision?: GpuPrecision | undefined;
  /** Called after each kernel that is compiled, with the number that is done and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface OpenedDevice {
  readonly device: DeviceLike;
  /** Made here, and to be destroyed with the model. */
  readonly isOwn: boolean;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
}

/** What every device has without being asked. */
const DEFAULT_LIMITS: GpuLimits = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };
const LIMIT_NAMES = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/** `name` is the model's, for errors. */
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
    checkLimits(name, needed, given.limits, 'the device that was handed in');
    return { device: given, isOwn: false, ...choose(options, given, given.adapterInfo) };
  }
  const adapter = await ((gpu as unknown as GpuLike) ?? (await findGpu(name))).requestAdapter();
  if (!adapter)
    throw new Error(`${name}: WebGPU is there, but has no adapter: no GPU, or no driver that it can use`);
  checkLimits(name, needed, adapter.limits, 'this GPU');
  const beyond = LIMIT_NAMES.filter((limit) => needed[limit] > DEFAULT_LIMITS[limit]);
  const requiredLimits = Object.fromEntries(beyond.map((limit) => [limit, needed[limit]]));
  const wanted: readonly GpuFeature[] =
    options.precision === 'f16' ? ['subgroups', 'shader-f16'] : ['subgroups'];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  const own = await adapter.requestDevice({ label: name, requiredFeatures, requiredLimits });
  return { device: own, isOwn: true, ...choose(options, own, own.adapterInfo ?? adapter.info) };
}

/** What is not asked for is by the adapter; f16 are tiles only. */
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
      ? `${name}: WebGPU is for secure pages only: https, or localhost`
      : `${name}: this browser has no WebGPU (navigator.gpu)`,
  );
}

/** One for all models: a second one of these objects would open the driver again. */
const DAWN = Symbol.for('cnnc.webgpu');

async function dawn(name: string): Promise<GpuLike> {
  // Kept for ever: collected while a device lives, it takes the process with it.
  const kept = globalThis as unknown as { [DAWN]?: GpuLike };
  if (kept[DAWN]) return kept[DAWN];
  // Put together at run time and marked for them, so that bundlers do not try to resolve it for browsers.
  const specifier = ['web', 'gpu'].join('');
  try {
    const { create } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as {
      create(options: readonly string[]): GpuLike;
    };
    return (kept[DAWN] ??= create([]));
  } catch (error) {
    throw new Error(
      `${name}: Node has no WebGPU of its own: npm install webgpu, or hand in \`gpu\` or \`device\` (${messageOf(error).split('\n', 1)[0]})`,
      { cause: error },
    );
  }
}
