/**
 * A package's work on its device: buffers, pipelines, submissions and reading results back. Buffers and pipelines are
 * created once; a call creates only a command encoder. A lost device, a closed model and whatever the GPU rejects are
 * reported as errors.
 */
import { ARRAY_TYPES, type Named, type NumberArray } from '../arrays.ts';
import { messageOf } from '../weights.ts';
import {
  compilePhases,
  createBuffer,
  popError,
  type GpuSite,
  type GpuTensor,
  type Phase,
} from './program.ts';
import {
  MAP_READ,
  USAGE,
  type BufferLike,
  type EncoderLike,
  type GpuLoss,
  type GpuRange,
  type PassLike,
} from './types.ts';

/** Records all compiled dispatches, in order. */
export type RecordPass = (pass: PassLike) => void;

export interface Submission {
  /** Copies into the arena before anything runs. */
  readonly provide?: (encoder: EncoderLike) => void;
  /** Ranges that are set to zero before anything runs. */
  readonly clear?: readonly GpuRange[];
  /** Copies out of the arena after everything has run. */
  readonly collect?: (encoder: EncoderLike) => void;
}

export interface GpuSession {
  readonly site: GpuSite;
  buffer(space: GpuRange['space']): BufferLike;
  addBuffer(space: GpuRange['space'], bytes: number, isMapped?: boolean): Promise<void>;
  removeBuffer(space: GpuRange['space']): void;
  /** Fills a mapped buffer and unmaps it. Does nothing if the session has no such buffer. */
  fill(space: GpuRange['space'], fill: Fill): Promise<void>;
  /** Throws if the model is closed or its device is lost. */
  checkRuns(call: string): void;
  /** Throws the error, or one that says so if the device is lost or the model is closed. */
  fail(call: string, error: unknown): Promise<never>;
  /** Copies the numbers immediately. Work that is submitted later sees them. */
  write(range: GpuRange, numbers: NumberArray): void;
  compile(phases: readonly Phase[], onProgress?: (done: number, total: number) => void): Promise<RecordPass>;
  /** Submits one command buffer with one pass; resolves when the GPU has accepted it. */
  submit(call: string, record: RecordPass, submission?: Submission): Promise<void>;
  /** Creates a reader for tensors; each has space for the given number of parts, one after the other. */
  createReader(tensors: readonly GpuTensor[], parts?: number): Reader;
  /** Reads the tensors' current numbers from the GPU. */
  readOnce(call: string, tensors: readonly GpuTensor[]): Promise<Named<NumberArray>>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}

export interface Reader {
  collect(encoder: EncoderLike, part?: number): void;
  /** Returns what was collected last, in new arrays or in those of `out`. Then the reader can be used again. */
  read(call: string, out?: Named<NumberArray>): Promise<Named<NumberArray>>;
  destroy(): void;
}

/** Writes the first numbers of a buffer. */
export type Fill = (memory: ArrayBuffer) => Promise<unknown>;

export function createSession(site: GpuSite, isOwnDevice: boolean): GpuSession {
  const { name, device, made } = site;
  const buffers = new Map<GpuRange['space'], BufferLike>();
  const state: { lost?: GpuLoss; isClosed: boolean } = { isClosed: false };
  void device.lost.then((loss) => (state.lost = loss));
  const buffer = (space: GpuRange['space']): BufferLike => {
    const found = buffers.get(space);
    if (!found) throw new Error(`${name}: the session has no buffer for ${space}`);
    return found;
  };
  const session: GpuSession = {
    ...{ site, buffer },
    async addBuffer(space, size, isMapped = false) {
      const usage = USAGE.storage | USAGE.copyFrom | USAGE.copyTo;
      const options = { label: `${name}: ${space}`, size, usage, mappedAtCreation: isMapped };
      buffers.set(space, await createBuffer(site, options));
    },
    removeBuffer(space) {
      const one = buffer(space);
      one.destroy();
      made.splice(made.indexOf(one), 1);
      buffers.delete(space);
    },
    async fill(space, fill) {
      const one = buffers.get(space);
      if (!one) return;
      await fill(one.getMappedRange());
      one.unmap();
    },
    checkRuns(call) {
      if (state.isClosed) throw new Error(`${call}: the model is closed`);
      if (state.lost)
        throw new Error(`${call}: the GPU device was lost; load the model again (${state.lost.message})`);
    },
    async fail(call, error) {
      session.checkRuns(call);
      // A call can fail before the loss of the device that caused it is reported, in Chromium for example while buffers
      // are mapped. An error scope that is opened now is answered after that report.
      device.pushErrorScope('validation');
      await popError(device);
      session.checkRuns(call);
      throw error;
    },
    write: ({ space, offset }, numbers) => device.queue.writeBuffer(buffer(space), offset, numbers),
    compile: (phases, onProgress) => compilePhases(site, buffer, phases, onProgress),
    async submit(call, record, submission) {
      device.pushErrorScope('validation');
      let answer: ReturnType<typeof popError>;
      try {
        submitPass(session, record, submission);
      } finally {
        // Also after an error: the device may be the caller's, who may have opened error scopes before this one.
        answer = popError(device);
      }
      const error = await answer;
      if (error) throw new Error(`${call}: the GPU rejected the call: ${error.message.trim()}`);
    },
    createReader: (tensors, parts = 1) => createReader(session, tensors, parts),
    async readOnce(call, tensors) {
      if (tensors.length === 0) return {};
      const reader = createReader(session, tensors, 1);
      try {
        await session.submit(call, () => {}, { collect: reader.collect });
        return await reader.read(call);
      } finally {
        reader.destroy();
      }
    },
    onLost(report) {
      void device.lost.then((loss) => {
        if (!state.isClosed) report(loss);
      });
    },
    close() {
      if (state.isClosed) return;
      state.isClosed = true;
      for (const one of made) one.destroy();
      if (isOwnDevice) device.destroy();
    },
  };
  return session;
}

function submitPass(
  { site: { device }, buffer }: GpuSession,
  record: RecordPass,
  { provide, clear = [], collect }: Submission = {},
): void {
  const encoder = device.createCommandEncoder();
  provide?.(encoder);
  for (const { space, offset, bytes } of clear) encoder.clearBuffer(buffer(space), offset, bytes);
  const pass = encoder.beginComputePass();
  record(pass);
  pass.end();
  collect?.(encoder);
  device.queue.submit([encoder.finish()]);
}

/** A tensor's range on the GPU, and the offset of its first part in a reader's buffer. */
interface ReadTensor {
  readonly tensor: string;
  readonly dtype: keyof typeof ARRAY_TYPES;
  readonly range: GpuRange;
  readonly at: number;
}

function createReader(session: GpuSession, tensors: readonly GpuTensor[], parts: number): Reader {
  const { name, device, made } = session.site;
  let size = 0;
  const places = tensors.map(({ name: tensor, dtype = 'f32', place: range }): ReadTensor => {
    const read = { tensor, dtype, range, at: size };
    size += range.bytes * parts;
    return read;
  });
  const usage = USAGE.mapRead | USAGE.copyTo;
  const buffer = device.createBuffer({ label: `${name}: results`, size, usage });
  made.push(buffer);
  return {
    collect(encoder, part = 0) {
      for (const { range, at } of places) {
        const from = session.buffer(range.space);
        encoder.copyBufferToBuffer(from, range.offset, buffer, at + part * range.bytes, range.bytes);
      }
    },
    async read(call, out) {
      session.checkRuns(call);
      try {
        await buffer.mapAsync(MAP_READ);
        return takeNumbers(buffer, places, parts, out);
      } catch (error) {
        const words = `${call}: the results cannot be read: ${messageOf(error)}`;
        return await session.fail(call, new Error(words, { cause: error }));
      } finally {
        // Also after an error: nothing can be copied to a mapped buffer.
        buffer.unmap();
      }
    },
    destroy() {
      buffer.destroy();
      made.splice(made.indexOf(buffer), 1);
    },
  };
}

/** The numbers of each tensor, from a mapped buffer. */
function takeNumbers(
  buffer: BufferLike,
  places: readonly ReadTensor[],
  parts: number,
  out?: Named<NumberArray>,
): Named<NumberArray> {
  const memory = out ? buffer.getMappedRange() : buffer.getMappedRange().slice(0);
  const views = places.map(({ tensor, dtype, range, at }) => {
    return [tensor, new ARRAY_TYPES[dtype](memory, at, (range.bytes / 4) * parts)] as const;
  });
  if (out) for (const [tensor, view] of views) out[tensor]!.set(view);
  return out ?? Object.fromEntries(views);
}
