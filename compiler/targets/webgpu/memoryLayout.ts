/**
 * Where a program's numbers lie on the GPU: in `weights`, which is written once and then only read, and in `arena`, where
 * the memory plan has put the rest. Postcondition: every buffer but parts of others begins at a multiple of 256 bytes, so
 * that a kernel finds it at the beginning of its binding wherever it lies, and equal layers share their kernel.
 */
import { runConstants } from '../../emit/buffers.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { BYTES_PER_ELEMENT } from '../../program/bytes.ts';
import { rootOf, type Buffer, type BufferId, type Program } from '../../program/types.ts';
import { BINDING_ALIGNMENT, type Region } from './bindings.ts';

export interface WebgpuLayout {
  readonly regions: ReadonlyMap<BufferId, Region>;
  /** Of the constants, in the order of the weight file. */
  readonly weights: readonly BufferId[];
  /** Of each GPUBuffer. */
  readonly bytes: { readonly arena: number; readonly weights: number };
}

const roundUp = (bytes: number): number => Math.ceil(bytes / BINDING_ALIGNMENT) * BINDING_ALIGNMENT;

export function layOutMemory({ program, plan }: Pick<ModuleProgram, 'program' | 'plan'>): WebgpuLayout {
  const regions = new Map<BufferId, Region>();
  for (const { buffer, offset, bytes } of plan.placements.values())
    regions.set(buffer, { space: 'arena', offset, bytes });
  const starts = new Map<BufferId, number>();
  let end = 0;
  const constants = weightFileOrder(program);
  for (const { id, length } of constants) {
    const root = rootOf(program, id);
    if (!starts.has(root.buffer)) {
      starts.set(root.buffer, end);
      end = roundUp(end + program.buffers[root.buffer]!.length * BYTES_PER_ELEMENT);
    }
    const offset = starts.get(root.buffer)! + root.offset * BYTES_PER_ELEMENT;
    regions.set(id, { space: 'weights', offset, bytes: length * BYTES_PER_ELEMENT });
  }
  return {
    ...{ regions, weights: constants.map(({ id }) => id) },
    bytes: { arena: roundUp(plan.arenaBytes), weights: end },
  };
}

/** The order of the weight file: first what fills whole alignments, which one read takes from the file to its place. */
export function weightFileOrder(program: Program): Buffer[] {
  const constants = runConstants(program);
  const isWhole = ({ length }: Buffer): boolean => (length * BYTES_PER_ELEMENT) % BINDING_ALIGNMENT === 0;
  return [...constants.filter(isWhole), ...constants.filter((buffer) => !isWhole(buffer))];
}
