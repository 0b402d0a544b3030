/**
 * Turns a package's kernels and calls into pipelines and bind groups, once. Equal kernels share a pipeline, and all
 * kernels are compiled concurrently. If the GPU rejects one, an `Error` names the kernel and the layer.
 */
import { messageOf } from '../weights.ts';
import type { Expected } from '../check.ts';
import type { ParameterRole } from '../training/parameters.ts';
import { kernelText } from './kernelText.ts';
import {
  COMPUTE_STAGE,
  type BufferLike,
  type DeviceLike,
  type Dispatch,
  type GpuKernel,
  type GpuPrecision,
  type KernelFamily,
  type GpuRange,
  type Handle,
  type PassLike,
} from './types.ts';

export interface GpuTensor extends Expected {
  readonly place: GpuRange;
}

/** A phase of a package, such as its `forward.ts`: a function that lists dispatches. */
export type Phase = (dispatch: Dispatch, family: KernelFamily) => void;

/** A weight, running statistic, optimizer state or sum of gradients, and its place in memory. */
export interface GpuParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  readonly range: GpuRange;
}

/** A model on its device. `made` lists the buffers to destroy when it is closed. */
export interface GpuSite {
  readonly name: string;
  readonly device: DeviceLike;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  readonly made: BufferLike[];
}

type BufferOf = (space: GpuRange['space']) => BufferLike;

interface Call {
  readonly layer: string;
  readonly kernel: GpuKernel;
  readonly ranges: readonly (GpuRange | readonly GpuRange[])[];
}

interface Compiled {
  readonly pipeline: Handle;
  readonly layout: Handle;
}

/** Compiles the phases. Returns a function that records all their dispatches in order. */
export async function compilePhases(
  site: GpuSite,
  bufferOf: BufferOf,
  phases: readonly Phase[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<(pass: PassLike) => void> {
  const calls = callsOf(site, phases);
  const kernels = await compileKernels(site, calls, onProgress);
  const groups = await Promise.all(
    calls.map((call) => bindCall(site, call, bufferOf, kernels.get(call.kernel)!.layout)),
  );
  const steps = calls.map(({ kernel }, i) => {
    const [columns, rows] = kernel.workgroups;
    return { pipeline: kernels.get(kernel)!.pipeline, group: groups[i]!, columns, rows };
  });
  return (pass) => {
    for (const { pipeline, group, columns, rows } of steps) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(columns, rows);
    }
  };
}

/** Compiles the kernels of phases that are compiled later, so that all of them are compiled concurrently. */
export async function compileAhead(
  site: GpuSite,
  phases: readonly Phase[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  await compileKernels(site, callsOf(site, phases), onProgress ?? (() => {}));
}

function callsOf({ family }: GpuSite, phases: readonly Phase[]): Call[] {
  const calls: Call[] = [];
  for (const phase of phases) phase((layer, kernel, ranges) => calls.push({ layer, kernel, ranges }), family);
  return calls;
}

/** Creates a buffer. Throws if the GPU has no memory for it. */
export async function createBuffer(
  { name, device, made }: GpuSite,
  options: Parameters<DeviceLike['createBuffer']>[0],
): Promise<BufferLike> {
  const full = (cause?: unknown): Error =>
    new Error(`${name}: the GPU has no memory for ${options.size} bytes (${options.label})`, { cause });
  device.pushErrorScope('out-of-memory');
  let buffer: BufferLike | undefined;
  let refused: unknown;
  try {
    buffer = device.createBuffer(options);
    // Listed now, because the model may be closed before the GPU answers.
    made.push(buffer);
  } catch (error) {
    refused = error;
  }
  const error = await popError(device);
  if (!buffer || error) throw full(refused ?? error?.message);
  return buffer;
}

/** The error of the scope, or null. The promise is rejected only if the device is lost, which is reported elsewhere. */
export const popError = (device: DeviceLike): Promise<{ readonly message: string } | null> =>
  device.popErrorScope().catch(() => null);

async function compileKernels(
  site: GpuSite,
  calls: readonly Call[],
  onProgress: (done: number, total: number) => void,
): Promise<ReadonlyMap<GpuKernel, Compiled>> {
  const first = new Map<GpuKernel, Call>();
  for (const call of calls) if (!first.has(call.kernel)) first.set(call.kernel, call);
  const cache = cacheOf(site);
  let done = 0;
  const compiled = [...first.values()].map(async (call) => {
    const known = cache.kernels.get(call.kernel) ?? compileNew(site, call, cache);
    cache.kernels.set(call.kernel, known);
    const result = await known;
    onProgress(++done, first.size);
    return [call.kernel, result] as const;
  });
  return new Map(await Promise.all(compiled));
}

/** The compiled kernels of one model, which its phases share. */
interface Cache {
  readonly kernels: Map<GpuKernel, Promise<Compiled>>;
  readonly layouts: Map<string, Handle>;
}

const caches = new WeakMap<GpuSite, Cache>();

function cacheOf(site: GpuSite): Cache {
  const known = caches.get(site) ?? { kernels: new Map(), layouts: new Map() };
  caches.set(site, known);
  return known;
}

async function compileNew(site: GpuSite, call: Call, { layouts }: Cache): Promise<Compiled> {
  const layout = bindGroupLayout(site.device, call.kernel, layouts);
  return { layout, pipeline: await compileKernel(site, call, layout) };
}

/** An explicit layout instead of `auto`: kernels with equal bindings share it, and sizes are checked at load. */
function bindGroupLayout(device: DeviceLike, { bindings }: GpuKernel, known: Map<string, Handle>): Handle {
  const entries = bindings.map(({ access, bytes }, binding) => {
    const type = access === 'read' ? 'read-only-storage' : 'storage';
    return { binding, visibility: COMPUTE_STAGE, buffer: { type, minBindingSize: bytes } };
  });
  const key = JSON.stringify(entries);
  const layout = known.get(key) ?? device.createBindGroupLayout({ entries });
  known.set(key, layout);
  return layout;
}

async function compileKernel(
  { name, device, precision }: GpuSite,
  { kernel, layer }: Call,
  layout: Handle,
): Promise<Handle> {
  const label = `${name}: ${kernel.name}`;
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code: kernelText(kernel, device.features, precision) });
  const compiling = device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main' },
  });
  const refused = popError(device);
  try {
    return await compiling;
  } catch (error) {
    const { messages } = await module.getCompilationInfo();
    const wrong = [...messages].find(({ type }) => type === 'error');
    const words = wrong
      ? `line ${wrong.lineNum}: ${wrong.message}`
      : ((await refused)?.message ?? messageOf(error)).trim();
    throw new Error(`${name}: the GPU rejected the kernel ${kernel.name} of ${layer}: ${words}`, {
      cause: error,
    });
  }
}

async function bindCall(
  { name, device }: GpuSite,
  { kernel, layer, ranges }: Call,
  bufferOf: BufferOf,
  layout: Handle,
): Promise<Handle> {
  const entries = ranges.map((range, binding) => {
    const { space, offset, bytes } = bindingRange(range);
    return { binding, resource: { buffer: bufferOf(space), offset, size: bytes } };
  });
  device.pushErrorScope('validation');
  const group = device.createBindGroup({ label: `${name}: ${layer}`, layout, entries });
  const error = await popError(device);
  if (!error) return group;
  throw new Error(
    `${name}: the GPU rejected the memory of ${kernel.name} in ${layer}: ${error.message.trim()}`,
  );
}

/** Offsets of bindings are multiples of this number of bytes. */
const ALIGNMENT = 256;
const VECTOR_BYTES = 16;

/**
 * The range of one binding: from the aligned offset before its first range to the end of its last, in whole vectors.
 */
function bindingRange(range: GpuRange | readonly GpuRange[]): GpuRange {
  const ranges = 'space' in range ? [range] : range;
  const first = Math.min(...ranges.map(({ offset }) => offset));
  const offset = first - (first % ALIGNMENT);
  const end = Math.max(...ranges.map((one) => one.offset + one.bytes));
  const bytes = Math.ceil((end - offset) / VECTOR_BYTES) * VECTOR_BYTES;
  return { space: ranges[0]!.space, offset, bytes };
}
