/**
 * Where a program's buffers lie on the GPU in tests: the arena as planned; constants, parameters and what `prepare` makes
 * in memories of their own, with a gap after each. Words outside of buffers are poison and must stay so.
 */
import type { MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import { rootOf, type Buffer, type BufferId, type Program } from '../../compiler/program/types.ts';
import { BINDING_ALIGNMENT, type Region, type Space } from '../../compiler/targets/webgpu/bindings.ts';
import { POISON } from './memory.ts';

export const WORD = 4;

export interface Places {
  readonly regions: ReadonlyMap<BufferId, Region>;
  /** Sizes of the memories. */
  readonly bytes: ReadonlyMap<Space, number>;
}

const roundUp = (bytes: number): number => Math.ceil(bytes / BINDING_ALIGNMENT) * BINDING_ALIGNMENT;

/** What outlives a run and is written has a buffer of its own here, that of a trainer's halves. */
const spaceOf = ({ role }: Buffer): Space => (role === 'constant' ? 'weights' : 'halves');

export function placeAll(program: Program, plan: MemoryPlan): Places {
  const regions = new Map<BufferId, Region>();
  const bytes = new Map<Space, number>([['arena', roundUp(plan.arenaBytes) + BINDING_ALIGNMENT]]);
  for (const [id, { offset, bytes: size }] of plan.placements)
    regions.set(id, { space: 'arena', offset, bytes: size });
  for (const buffer of program.buffers) {
    if (buffer.within || regions.has(buffer.id)) continue;
    const space = spaceOf(buffer);
    const [offset, size] = [bytes.get(space) ?? 0, buffer.length * WORD];
    regions.set(buffer.id, { space, offset, bytes: size });
    bytes.set(space, offset + roundUp(size) + BINDING_ALIGNMENT);
  }
  for (const { id, length } of program.buffers) {
    if (regions.has(id)) continue;
    const root = rootOf(program, id);
    const whole = regions.get(root.buffer)!;
    const offset = whole.offset + root.offset * WORD;
    regions.set(id, { space: whole.space, offset, bytes: length * WORD });
  }
  return { regions, bytes };
}

/** Throws where a word of the memory that is no buffer's is poison no more. */
export function checkCanaries(program: Program, places: Places, space: Space, memory: Uint32Array): void {
  const owned = new Uint8Array(memory.length);
  for (const { id } of program.buffers) {
    const region = places.regions.get(id)!;
    if (region.space !== space) continue;
    owned.fill(1, region.offset / WORD, (region.offset + region.bytes) / WORD);
  }
  const broken = memory.findIndex((word, i) => !owned[i] && word !== POISON);
  if (broken >= 0) throw new Error(`word ${broken} of ${space} belongs to no buffer and was written`);
}
