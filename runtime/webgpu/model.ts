/**
 * A package's model on WebGPU. Pipelines and buffers are created at load. A call writes its inputs into the arena and
 * submits one command buffer with one compute pass; its outputs are read back from one buffer. Calls may overlap:
 * inputs are read when a call is made, and the GPU runs calls one after the other.
 */
import type { Named, NumberArray } from '../arrays.ts';
import { checkInputs } from '../check.ts';
import { openDevice, type GpuOptions } from './device.ts';
import type { GpuTensor, Phase } from './program.ts';
import { createSession, type Fill, type GpuSession, type Reader, type RecordPass } from './session.ts';
import { checkTensors, isGpuBuffer } from './tensors.ts';
import {
  USAGE,
  type BufferLike,
  type EncoderLike,
  type GpuDevice,
  type GpuLoss,
  type GpuPrecision,
  type KernelFamily,
} from './types.ts';

/** A model; tensors are passed by name. The types in a package's `index.ts` list the names. */
export interface GpuModel {
  readonly device: GpuDevice;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  forward(inputs: object, out?: object): Promise<object>;
  forwardOnGpu(inputs: object, out?: object): Promise<object>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}

/** Sizes of the GPUBuffers, and of the longest range that a kernel binds, in bytes. */
export interface GpuSizes {
  readonly arena: number;
  readonly weights: number;
  readonly binding: number;
  /** Memory for folding and packing weights. If it is stated, the weights are not mapped when they are created. */
  readonly staging?: number;
}

/**
 * A package's network: names, shapes, places in memory (from its `memory.ts`) and dispatches (from its `forward.ts`).
 */
export interface GpuProgram {
  readonly name: string;
  readonly sizes: GpuSizes;
  readonly inputs: readonly GpuTensor[];
  readonly outputs: readonly GpuTensor[];
  readonly forward: Phase;
  /** The programs of a package for several batches but the smallest, in ascending order, and what opens the model of all. */
  readonly larger?: readonly GpuBatch[];
  readonly open?: OpenModel;
}

/** A program of the package for one of its batches. */
export type GpuBatch = Pick<GpuProgram, 'inputs' | 'outputs' | 'forward'>;

export const forwardPhases = ({ forward, larger = [] }: GpuProgram): Phase[] => [
  forward,
  ...larger.map((one) => one.forward),
];

/** Compiles the calls of a model. */
export type OpenModel = (
  session: GpuSession,
  program: GpuProgram,
  onProgress?: (done: number, total: number) => void,
) => Promise<GpuModel>;

export const openModel: OpenModel = async (session, program, onProgress) => {
  if (program.open) return program.open(session, program, onProgress);
  return createGpuModel(session, program, await session.compile([program.forward], onProgress));
};

/** Loads a model. `fill` writes the weights to their places; it is not called if the network has none. */
export async function loadGpuModel(program: GpuProgram, fill: Fill, options: GpuOptions): Promise<GpuModel> {
  return withSession(program.name, program.sizes, options, async (session) => {
    // The weights are read while the kernels are compiled.
    const [model] = await Promise.all([
      openModel(session, program, options.onProgress),
      session.fill('weights', fill),
    ]);
    return model;
  });
}

/** Opens a device and creates the buffers. If `make` fails, both are released. */
export async function withSession<T>(
  name: string,
  { arena, weights, binding, staging }: GpuSizes,
  options: GpuOptions,
  make: (session: GpuSession) => Promise<T>,
): Promise<T> {
  const needed = {
    maxBufferSize: Math.max(arena, weights, staging ?? 0),
    maxStorageBufferBindingSize: binding,
  };
  const { isOwn, ...opened } = await openDevice(name, needed, options);
  const session = createSession({ name, ...opened, made: [] }, isOwn);
  try {
    await session.addBuffer('arena', arena);
    if (weights > 0) await session.addBuffer('weights', weights, staging === undefined);
    const made = await make(session);
    // A lost device reports no errors.
    session.checkRuns(`${name}.load`);
    return made;
  } catch (error) {
    return await session.fail(`${name}.load`, error).finally(session.close);
  }
}

type Given = Named<NumberArray | BufferLike>;

export function createGpuModel(session: GpuSession, program: GpuProgram, record: RecordPass): GpuModel {
  const { name, inputs, outputs } = program;
  const readers = createReaders(session, outputs);
  const submit = (call: string, given: Given, collect: (encoder: EncoderLike) => void): Promise<void> =>
    session.submit(call, record, { provide: (encoder) => provide(session, inputs, given, encoder), collect });
  let kept: Named<BufferLike> | undefined;
  return {
    device: session.site.device as unknown as GpuDevice,
    family: session.site.family,
    precision: session.site.precision,
    async forward(given, out) {
      const call = `${name}.forward`;
      session.checkRuns(call);
      checkTensors(call, inputs, given, 'input', USAGE.copyFrom);
      if (out) checkInputs(call, outputs, out, 'out');
      const reader = readers.take();
      const accepted = submit(call, given as Given, reader.collect);
      // Waits for both, because a buffer that is being mapped cannot be used again.
      const [said, read] = await Promise.allSettled([
        accepted,
        reader.read(call, out as Named<NumberArray> | undefined),
      ]);
      if (read.status === 'rejected') {
        reader.destroy();
        throw read.reason;
      }
      readers.giveBack(reader);
      if (said.status === 'rejected') throw said.reason;
      return read.value;
    },
    async forwardOnGpu(given, out) {
      const call = `${name}.forwardOnGpu`;
      session.checkRuns(call);
      checkTensors(call, inputs, given, 'input', USAGE.copyFrom);
      if (out) checkTensors(call, outputs, out, 'out', USAGE.copyTo, true);
      const results = (out as Named<BufferLike> | undefined) ?? (kept ??= createResults(session, outputs));
      await submit(call, given as Given, (encoder) => {
        for (const { name: output, place } of outputs) {
          const from = session.buffer(place.space);
          encoder.copyBufferToBuffer(from, place.offset, results[output]!, 0, place.bytes);
        }
      });
      session.checkRuns(call);
      return results;
    },
    onLost: session.onLost,
    close: session.close,
  };
}

/** Writes inputs to their places: arrays now, GPUBuffers by copies in the command buffer. */
function provide(
  session: GpuSession,
  inputs: readonly GpuTensor[],
  given: Given,
  encoder: EncoderLike,
): void {
  for (const { name: input, place } of inputs) {
    const value = given[input]!;
    if (!isGpuBuffer(value)) session.write(place, value);
    else encoder.copyBufferToBuffer(value, 0, session.buffer(place.space), place.offset, place.bytes);
  }
}

/** Buffers for reading results: as many as there were calls at the same time. */
function createReaders(
  session: GpuSession,
  outputs: readonly GpuTensor[],
): { take(): Reader; giveBack(reader: Reader): void } {
  const idle = [session.createReader(outputs)];
  return {
    take: () => idle.pop() ?? session.createReader(outputs),
    giveBack: (reader) => void idle.push(reader),
  };
}

/** The buffers that `forwardOnGpu` returns if the caller gives none. */
function createResults({ site }: GpuSession, outputs: readonly GpuTensor[]): Named<BufferLike> {
  const { name, device, made } = site;
  const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
  return Object.fromEntries(
    outputs.map(({ name: output, place }) => {
      const buffer = device.createBuffer({ label: `${name}: ${output}`, size: place.bytes, usage });
      made.push(buffer);
      return [output, buffer] as const;
    }),
  );
}
