/**
 * The arena's content as the memory plan sees it: a storage is a range of bytes for a span of calls. Most storages
 * hold one buffer. A chain of results that each take over an operand's memory shares one.
 */
import { BYTES_PER_ELEMENT } from './bytes.ts';
import type { Lifetime } from './liveness.ts';
import { rootOf, writtenArgs, type BufferId, type KernelCall, type Program } from './types.ts';

/** A cache line, which is enough for every vector access. */
export const ALIGNMENT = 64;

export interface Storage extends Lifetime {
  /** The buffers in the order in which they are alive. */
  readonly buffers: readonly BufferId[];
  /** Size rounded up to the alignment. */
  readonly bytes: number;
}

interface Growing extends Storage {
  readonly buffers: BufferId[];
  to: number;
}

const aligned = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment;

/**
 * Returns all storages. A result takes over the storage of an operand that is last used in the same call, if the
 * kernel allows it: x -> relu in place -> ...
 */
export function storagesOf(
  program: Program,
  calls: readonly KernelCall[],
  lifetimes: ReadonlyMap<BufferId, Lifetime>,
  alignment: number = ALIGNMENT,
): Storage[] {
  const storageOf = new Map<BufferId, Growing>();
  for (const [id, lifetime] of lifetimes) {
    const bytes = aligned(program.buffers[id]!.length * BYTES_PER_ELEMENT, alignment);
    storageOf.set(id, { buffers: [id], bytes, ...lifetime });
  }
  calls.forEach((call, at) => {
    const written = writtenArgs(call).map((position) => call.args[position]!);
    const [out] = written;
    const result = out === undefined ? undefined : storageOf.get(out);
    if (written.length !== 1 || !result || lifetimes.get(out!)!.from !== at) return;
    const operand = operandToTake(program, call, at, result, storageOf);
    if (!operand) return;
    operand.buffers.push(...result.buffers);
    operand.to = result.to;
    for (const buffer of result.buffers) storageOf.set(buffer, operand);
  });
  return [...new Set(storageOf.values())];
}

function operandToTake(
  program: Program,
  call: KernelCall,
  at: number,
  result: Storage,
  storageOf: ReadonlyMap<BufferId, Growing>,
): Growing | undefined {
  for (const position of call.mayOverwrite) {
    const operand = call.args[position]!;
    const storage = storageOf.get(operand);
    const isReadTwice = call.args.filter((arg) => rootOf(program, arg).buffer === operand).length > 1;
    if (storage && storage !== result && !isReadTwice && storage.to === at && storage.bytes === result.bytes)
      return storage;
  }
  return undefined;
}
