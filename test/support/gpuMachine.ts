/**
 * Kernel calls on a GPU, at the plan's offsets. All memory is poisoned first; between what does not lie in the arena are
 * canaries, and what a call does not write must be as it was, which is looked at when everything has run.
 */
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { rootOf, type Buffer, type BufferId, type Program } from '../../compiler/program/types.ts';
import type { Region, Space } from '../../compiler/targets/webgpu/bindings.ts';
import { createDispatcher, type Dispatch, type Shader } from '../../compiler/targets/webgpu/dispatches.ts';
import { webgpuTarget } from '../../compiler/targets/webgpu/target.ts';
import { ARRAYS, poison, viewOf } from './memory.ts';
import type { Outputs } from './runProgram.ts';

const WORD = 4;
const ALIGNMENT = 256;

interface Places {
  readonly regions: ReadonlyMap<BufferId, Region>;
  readonly bytes: Readonly<Record<'weights' | 'arena', number>>;
}

const isWeight = ({ role }: Buffer): boolean => role === 'constant';

/** Constants are read only; what else does not lie in the arena (parameters) stands behind it, a gap between each. */
function placeAll(program: Program): Places {
  const plan = planMemory(program, { alignment: ALIGNMENT });
  const regions = new Map<BufferId, Region>();
  const bytes = { weights: 0, arena: plan.arenaBytes };
  const take = (space: 'weights' | 'arena', size: number): number => {
    const start = Math.ceil(bytes[space] / ALIGNMENT) * ALIGNMENT;
    bytes[space] = start + Math.ceil(size / ALIGNMENT) * ALIGNMENT + ALIGNMENT;
    return start;
  };
  for (const [id, { offset, bytes: size }] of plan.placements)
    regions.set(id, { space: 'arena', offset, bytes: size });
  for (const buffer of program.buffers) {
    if (buffer.within || regions.has(buffer.id)) continue;
    const space: Space = isWeight(buffer) ? 'weights' : 'arena';
    regions.set(buffer.id, { space, offset: take(space, buffer.length * WORD), bytes: buffer.length * WORD });
  }
  for (const { id, length } of program.buffers) {
    if (regions.has(id)) continue;
    const root = rootOf(program, id);
    const whole = regions.get(root.buffer)!;
    regions.set(id, {
      space: whole.space,
      offset: whole.offset + root.offset * WORD,
      bytes: length * WORD,
    });
  }
  return { regions, bytes };
}

export interface GpuProgram {
  readonly dispatches: readonly Dispatch[];
  readonly shaders: readonly Shader[];
  readonly places: Places;
}

export function gpuProgram(program: Program): GpuProgram {
  const places = placeAll(program);
  const dispatcher = createDispatcher();
  const calls = program.phases.flatMap((phase) => phase.calls);
  const dispatches = calls.flatMap((call) => dispatcher.dispatches(call, (id) => places.regions.get(id)!));
  return { dispatches, shaders: dispatcher.shaders(), places };
}

/** Inputs and parameters by their public names, in row-major order, as are the outputs. */
export async function runOnGpu(gpu: GPUDevice, program: Program, bindings: Bindings): Promise<Outputs> {
  const { dispatches, shaders, places } = gpuProgram(program);
  const { regions, bytes } = places;
  const memories = { weights: newMemory(bytes.weights), arena: newMemory(bytes.arena) };
  const spaceOf = (id: BufferId) => regions.get(id)!.space as 'weights' | 'arena';
  for (const buffer of program.buffers) {
    const { offset } = regions.get(buffer.id)!;
    const view = viewOf(memories[spaceOf(buffer.id)], offset, buffer.element, buffer.length);
    if (buffer.role === 'constant') view.set(buffer.data!);
    if (buffer.role !== 'input' && buffer.role !== 'parameter') continue;
    view.set(ARRAYS[buffer.element].from(bindings[buffer.publicName!]!));
  }
  gpu.pushErrorScope('validation');
  const buffers = { weights: upload(gpu, memories.weights), arena: upload(gpu, memories.arena) };
  const pipelines = new Map(
    shaders.map((shader) => {
      const module = gpu.createShaderModule({ code: shader.code, label: shader.name });
      const compute = { module, entryPoint: 'main' };
      return [shader, gpu.createComputePipeline({ layout: 'auto', compute, label: shader.name })] as const;
    }),
  );
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const { shader, ranges } of dispatches) {
    const pipeline = pipelines.get(shader)!;
    pass.setPipeline(pipeline);
    const entries = ranges.map(({ space, offset, bytes: size }, binding) => {
      return { binding, resource: { buffer: buffers[space as 'weights' | 'arena'], offset, size } };
    });
    if (entries.length > 0)
      pass.setBindGroup(0, gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(...shader.size);
  }
  pass.end();
  const staging = gpu.createBuffer({
    size: memories.arena.byteLength,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  encoder.copyBufferToBuffer(buffers.arena, 0, staging, 0, memories.arena.byteLength);
  gpu.queue.submit([encoder.finish()]);
  const error = await gpu.popErrorScope();
  if (error) throw new Error(error.message);
  await staging.mapAsync(GPUMapMode.READ);
  const after = staging.getMappedRange().slice(0);
  for (const buffer of [staging, buffers.weights, buffers.arena]) buffer.destroy();
  checkCanaries(program, places, memories.arena, after);
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  return Object.fromEntries(
    outputs.map(({ id, element, length, publicName }) => [
      publicName!,
      viewOf(after, regions.get(id)!.offset, element, length),
    ]),
  );
}

const newMemory = (bytes: number): ArrayBuffer =>
  poison(new ArrayBuffer(Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)));

function upload(gpu: GPUDevice, memory: ArrayBuffer): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffer = gpu.createBuffer({ size: memory.byteLength, usage });
  gpu.queue.writeBuffer(buffer, 0, memory);
  return buffer;
}

/** Words that belong to no buffer are as they were. */
function checkCanaries(program: Program, { regions }: Places, before: ArrayBuffer, after: ArrayBuffer): void {
  const [was, is] = [new Uint32Array(before), new Uint32Array(after)];
  const owned = new Uint8Array(was.length);
  for (const { id } of program.buffers) {
    const { space, offset, bytes } = regions.get(id)!;
    if (space === 'arena') owned.fill(1, offset / WORD, (offset + bytes) / WORD);
  }
  const broken = was.findIndex((word, i) => !owned[i] && is[i] !== word);
  if (broken >= 0) throw new Error(`word ${broken} of the arena belongs to nobody and was written`);
}

export { webgpuTarget };
