/**
 * Kernel calls on a GPU, at the plan's offsets. All memory is poisoned first; what belongs to no buffer must still be
 * poison when everything has run. Buffers stay on the GPU until the machine is destroyed, so that a training step finds
 * its parameters where the last one has left them.
 */
import type { KernelArray } from '../../compiler/kernel/javascript.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { planMemory, type MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import {
  phaseCalls,
  type Buffer,
  type BufferId,
  type KernelCall,
  type Program,
  type Timeline,
} from '../../compiler/program/types.ts';
import { BINDING_ALIGNMENT, type Region, type Space } from '../../compiler/targets/webgpu/bindings.ts';
import { createDispatcher, type Dispatch, type Shader } from '../../compiler/targets/webgpu/dispatches.ts';
import { printShaders, type ShaderText } from '../../compiler/targets/webgpu/shader.ts';
import { webgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { checkStores } from './gpuStores.ts';
import { checkCanaries, placeAll, WORD, type Places } from './gpuPlaces.ts';
import { ARRAYS, poison, viewOf } from './memory.ts';
import type { Outputs } from './runProgram.ts';

export { webgpuTarget };

/** A shader and what devices compile of it. */
export interface PrintedShader extends Shader, ShaderText {}

export interface GpuMachine {
  readonly shaders: readonly PrintedShader[];
  /** An input or parameter by its public name. */
  write(publicName: string, numbers: ArrayLike<number>): void;
  /** Runs the calls one after the other, as one submission. */
  run(calls: readonly KernelCall[]): void;
  /** Does what `run` does, and throws where a call has written what is not its result. It compares all memory, so use it for small programs. */
  runChecked(calls: readonly KernelCall[]): Promise<void>;
  /** When everything has run. */
  read(isWanted: (buffer: Buffer) => boolean): Promise<ReadonlyMap<BufferId, KernelArray>>;
  /** Throws where a word outside of all buffers was written. */
  checkCanaries(): Promise<void>;
  destroy(): void;
}

export interface GpuProgram {
  readonly dispatches: readonly Dispatch[];
  /** Those of the calls' variants as well. */
  readonly shaders: readonly PrintedShader[];
  readonly places: Places;
}

/** Dispatches of all phases, or of these calls. */
export function gpuProgram(
  program: Program,
  plan: MemoryPlan = planMemory(program, { alignment: BINDING_ALIGNMENT }),
  calls: readonly KernelCall[] = program.phases.flatMap((phase) => phase.calls),
): GpuProgram {
  const places = placeAll(program, plan);
  const dispatcher = createDispatcher();
  const regionOf = (id: BufferId): Region => places.regions.get(id)!;
  const dispatches = calls.flatMap((call) => dispatcher.withVariant(call, regionOf).own);
  return { dispatches, shaders: dispatcher.shaders().map(printed), places };
}

const texts = new WeakMap<Shader, PrintedShader>();

function printed(shader: Shader): PrintedShader {
  const known = texts.get(shader) ?? { ...shader, ...printShaders(shader) };
  texts.set(shader, known);
  return known;
}

/** Inputs and parameters by their public names, in row-major order. Only calls of the timeline run on its plan. */
export function createGpuMachine(
  gpu: GPUDevice,
  program: Program,
  plan: MemoryPlan,
  bindings: Bindings,
  timeline: Timeline | undefined = undefined,
  withSubgroups = false,
): GpuMachine {
  const all = timeline && [...phaseCalls(program, 'prepare'), ...runCalls(program, timeline)];
  const { dispatches, shaders, places } = gpuProgram(program, plan, all);
  const memory = createMemory(gpu, program, places, bindings);
  const codeOf = (shader: Shader): string =>
    (withSubgroups && printed(shader).withSubgroups) || printed(shader).code;
  const pipeline = (shader: Shader): GPUComputePipeline => pipelineOf(gpu, shader.name, codeOf(shader));
  const groups = new Map(
    dispatches.map((dispatch) => [dispatch, bindGroup(gpu, memory, dispatch, pipeline(dispatch.shader))]),
  );
  const byCall = new Map<KernelCall, Dispatch[]>();
  for (const one of dispatches) byCall.set(one.call, [...(byCall.get(one.call) ?? []), one]);
  const encode = (pass: GPUComputePassEncoder, dispatch: Dispatch): void => {
    pass.setPipeline(pipeline(dispatch.shader));
    const group = groups.get(dispatch);
    if (group) pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...dispatch.shader.size);
  };
  const encodeCalls = (encoder: GPUCommandEncoder, calls: readonly KernelCall[]): void => {
    const pass = encoder.beginComputePass();
    for (const call of calls) for (const dispatch of byCall.get(call) ?? []) encode(pass, dispatch);
    pass.end();
  };
  const regionOf = (id: BufferId) => places.regions.get(id)!;
  return {
    shaders,
    write(publicName, numbers) {
      const found = program.buffers.filter((buffer) => buffer.publicName === publicName && isGiven(buffer));
      if (found.length === 0) throw new Error(`the program reads no ${publicName}`);
      for (const { id, element } of found) {
        const { space, offset } = regionOf(id);
        gpu.queue.writeBuffer(memory.get(space)!, offset, ARRAYS[element].from(numbers));
      }
    },
    run: (calls) => submit(gpu, (encoder) => encodeCalls(encoder, calls)),
    async runChecked(calls) {
      let before = await readSpaces(gpu, memory);
      for (const call of calls) {
        submit(gpu, (encoder) => encodeCalls(encoder, [call]));
        const after = await readSpaces(gpu, memory);
        checkStores(program, places, call, before, after);
        before = after;
      }
    },
    async read(isWanted) {
      const wanted = program.buffers.filter(isWanted);
      const sources = wanted.map(({ id }) => {
        const { space, offset, bytes } = regionOf(id);
        return { buffer: memory.get(space)!, offset, bytes };
      });
      const arrays = await readRanges(gpu, sources);
      return new Map(
        wanted.map(({ id, element, length }, i) => [id, viewOf(arrays[i]!, 0, element, length)]),
      );
    },
    async checkCanaries() {
      for (const [space, words] of await readSpaces(gpu, memory))
        checkCanaries(program, places, space, words);
    },
    destroy: () => memory.forEach((buffer) => buffer.destroy()),
  };
}

const isGiven = ({ role }: Buffer): boolean => role === 'input' || role === 'parameter';

type Memory = ReadonlyMap<Space, GPUBuffer>;

function createMemory(gpu: GPUDevice, program: Program, places: Places, bindings: Bindings): Memory {
  return new Map(
    [...places.bytes].map(([space, bytes]) => {
      const start = poison(new ArrayBuffer(bytes));
      for (const buffer of program.buffers) {
        const region = places.regions.get(buffer.id)!;
        if (region.space !== space) continue;
        const view = viewOf(start, region.offset, buffer.element, buffer.length);
        if (buffer.role === 'constant') view.set(buffer.data!);
        const given = isGiven(buffer) ? bindings[buffer.publicName!] : undefined;
        if (given) view.set(ARRAYS[buffer.element].from(given));
      }
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
      const memory = gpu.createBuffer({ size: bytes, usage, label: space });
      gpu.queue.writeBuffer(memory, 0, start);
      return [space, memory];
    }),
  );
}

/** Pipelines, each compiled once for a device. */
const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

function pipelineOf(gpu: GPUDevice, name: string, code: string): GPUComputePipeline {
  const own = pipelines.get(gpu) ?? new Map<string, GPUComputePipeline>();
  pipelines.set(gpu, own);
  const compile = (): GPUComputePipeline => {
    const module = gpu.createShaderModule({ code, label: name });
    return gpu.createComputePipeline({
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
      label: name,
    });
  };
  const pipeline = own.get(code) ?? compile();
  own.set(code, pipeline);
  return pipeline;
}

function bindGroup(
  gpu: GPUDevice,
  memory: Memory,
  { ranges }: Dispatch,
  pipeline: GPUComputePipeline,
): GPUBindGroup | undefined {
  if (ranges.length === 0) return undefined;
  const entries = ranges.map(({ space, offset, bytes: size }, binding) => {
    return { binding, resource: { buffer: memory.get(space)!, offset, size } };
  });
  return gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
}

function submit(gpu: GPUDevice, encode: (encoder: GPUCommandEncoder) => void): void {
  const encoder = gpu.createCommandEncoder();
  encode(encoder);
  gpu.queue.submit([encoder.finish()]);
}

interface Source {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
}

async function readRanges(gpu: GPUDevice, sources: readonly Source[]): Promise<ArrayBuffer[]> {
  const ends: number[] = [];
  for (const { bytes } of sources) ends.push((ends.at(-1) ?? 0) + bytes);
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const staging = gpu.createBuffer({ size: Math.max(WORD, ends.at(-1) ?? 0), usage });
  submit(gpu, (encoder) =>
    sources.forEach(({ buffer, offset, bytes }, i) => {
      if (bytes > 0) encoder.copyBufferToBuffer(buffer, offset, staging, ends[i]! - bytes, bytes);
    }),
  );
  await staging.mapAsync(GPUMapMode.READ);
  const all = staging.getMappedRange().slice(0);
  staging.destroy();
  return sources.map(({ bytes }, i) => all.slice(ends[i]! - bytes, ends[i]));
}

async function readSpaces(gpu: GPUDevice, memory: Memory): Promise<ReadonlyMap<Space, Uint32Array>> {
  const spaces = [...memory];
  const sources = spaces.map(([, buffer]) => ({ buffer, offset: 0, bytes: buffer.size }));
  const arrays = await readRanges(gpu, sources);
  return new Map(spaces.map(([space], i) => [space, new Uint32Array(arrays[i]!)]));
}

/** Throws what Dawn says against anything that `work` has asked of the device. */
export async function withoutErrors<T>(gpu: GPUDevice, work: () => Promise<T>): Promise<T> {
  gpu.pushErrorScope('out-of-memory');
  gpu.pushErrorScope('validation');
  let thrown: unknown;
  const result = await work().catch((error: unknown) => {
    thrown = error;
    return undefined;
  });
  const errors = [await gpu.popErrorScope(), await gpu.popErrorScope()].filter((error) => error !== null);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  if (thrown !== undefined) throw thrown as Error;
  return result as T;
}

export interface GpuRun {
  /** Default: as planned for this target. */
  readonly plan?: MemoryPlan;
  /** Every call by itself, with a look at what it has written. */
  readonly checked?: boolean;
  /** The text for devices with subgroups, where a kernel has one. */
  readonly withSubgroups?: boolean;
}

/** Inputs and parameters by their public names, in row-major order, as are the outputs. */
export function runOnGpu(
  gpu: GPUDevice,
  program: Program,
  bindings: Bindings,
  {
    plan = planMemory(program, { alignment: BINDING_ALIGNMENT }),
    checked = false,
    withSubgroups = false,
  }: GpuRun = {},
): Promise<Outputs> {
  return withoutErrors(gpu, async () => {
    const machine = createGpuMachine(gpu, program, plan, bindings, undefined, withSubgroups);
    const calls = program.phases.flatMap((phase) => phase.calls);
    if (checked) await machine.runChecked(calls);
    else machine.run(calls);
    const results = await machine.read(({ role }) => role === 'output');
    await machine.checkCanaries();
    machine.destroy();
    return Object.fromEntries(
      [...results].map(([id, numbers]) => [program.buffers[id]!.publicName!, numbers]),
    );
  });
}
