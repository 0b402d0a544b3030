/**
 * From a package's kernels and calls to what a GPU runs: pipelines and bind groups, made once. Equal kernels
 * are one pipeline, and all are compiled side by side. What the GPU refuses is an `Error` that names kernel and layer.
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

/** What a package's `memory.ts` and `forward.ts` say: a phase as dispatches. */
export type Phase = (dispatch: Dispatch, family: KernelFamily) => void;

/** A parameter, running statistic, optimizer state, or sum of gradients, and where it lies. */
export interface GpuParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  readonly range: GpuRange;
}

/** A model on its device; `made` are the buffers to destroy. */
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

/** All dispatches of the phases, in order, ready to be recorded. */
export async function compilePhases(
  site: GpuSite,
  bufferOf: BufferOf,
  phases: readonly Phase[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<(pass: PassLike) => void> {
  const calls: Call[] = [];
  for (const phase of phases)
    phase((layer, kernel, ranges) => calls.push({ layer, kernel, ranges }), site.family);
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

/** Throws where there is no memory for it. */
export async function createBuffer(
  { name, device, made }: GpuSite,
  options: Parameters<DeviceLike['createBuffer']>[0],
): Promise<BufferLike> {
  const full = (cause?: unknown): Error =>
    new Error(`${name}: there is no GPU memory for ${options.size} bytes (${options.label})`, { cause });
  device.pushErrorScope('out-of-memory');
  let buffer: BufferLike | undefined;
  let refused: unknown;
  try {
    buffer = device.createBuffer(options);
    // At once: the model may be closed before the answer is here.
    made.push(buffer);
  } catch (error) {
    refused = error;
  }
  const error = await popError(device);
  if (!buffer || error) throw full(refused ?? error?.message);
  return buffer;
}

/** Rejected only where the device is lost, which is reported on its own. */
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

/** Of one model: phases share kernels. */
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

/** Written out rather than `auto`: kernels with the same bindings share one, and their sizes are checked at load. */
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
    throw new Error(`${name}: the GPU refuses the kernel ${kernel.name} of ${layer}: ${words}`, {
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
    `${name}: the GPU refuses the memory of ${kernel.name} in ${layer}: ${error.message.trim()}`,
  );
}

/** What offsets of bindings are multiples of, and the size of a vector. */
const ALIGNMENT = 256;
const VECTOR_BYTES = 16;

/** From the alignment before the first of the ranges to the end of the last, in whole vectors. */
function bindingRange(range: GpuRange | readonly GpuRange[]): GpuRange {
  const ranges = 'space' in range ? [range] : range;
  const first = Math.min(...ranges.map(({ offset }) => offset));
  const offset = first - (first % ALIGNMENT);
  const end = Math.max(...ranges.map((one) => one.offset + one.bytes));
  const bytes = Math.ceil((end - offset) / VECTOR_BYTES) * VECTOR_BYTES;
  return { space: ranges[0]!.space, offset, bytes };
}
