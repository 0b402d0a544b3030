/**
 * Where everything lies in the one memory of a package. Postcondition: regions follow each other without overlap, each
 * buffer begins at a multiple of the alignment but for parts of others, and what only training needs lies after all that
 * inference does, so that a model that is not trained does not allocate it:
 *
 *     weights | prepared weights | arena || optimizer state | training's weights | its arena || its halves' arena
 */
import { BYTES_PER_ELEMENT } from '../program/bytes.ts';
import { preparedBuffers } from '../program/liveness.ts';
import { rootOf, type Buffer, type BufferId, type Program } from '../program/types.ts';
import { readConstants, runConstants } from './buffers.ts';
import { isStored, parameterSize, type PackageParameter } from './parameters.ts';
import type { ModuleProgram } from './types.ts';

export interface ProgramLayout {
  /** Places of constants and of what `prepare` makes. */
  readonly weights: ReadonlyMap<BufferId, number>;
  /** Where the arena begins. */
  readonly arena: number;
  /** Where the halves' arena begins. */
  readonly halves: number;
  /** Where the program's regions end, without the halves'. */
  readonly end: number;
}

export interface MemoryLayout {
  /** Places by the parameters' names. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly programs: ReadonlyMap<ModuleProgram, ProgramLayout>;
  readonly bytes: number;
}

/** Inference first. `alignment` in bytes, of all but parts of others. */
export function layOutMemory(
  programs: readonly ModuleProgram[],
  parameters: readonly PackageParameter[],
  alignment: number,
): MemoryLayout {
  const region = createRegions(alignment);
  const places = new Map<string, number>();
  const place = (those: readonly PackageParameter[]): void => {
    for (const one of those) places.set(one.name, region.take(parameterSize(one) * BYTES_PER_ELEMENT));
  };
  place(parameters.filter(isStored));
  const layouts = new Map<ModuleProgram, ProgramLayout>();
  for (const one of programs) {
    if (one.folder === 'training/') place(parameters.filter((parameter) => !isStored(parameter)));
    const weights = placeWeights(one, region.take, alignment);
    const arena = region.take(one.plan.arenaBytes);
    const end = region.end();
    layouts.set(one, { weights, arena, end, halves: region.take(one.halves?.arenaBytes ?? 0) });
  }
  return { parameters: places, programs: layouts, bytes: region.end() };
}

function createRegions(alignment: number) {
  let end = 0;
  return {
    take(bytes: number): number {
      const start = end;
      end += Math.ceil(bytes / alignment) * alignment;
      return start;
    },
    end: () => end,
  };
}

function placeWeights(
  one: ModuleProgram,
  take: (bytes: number) => number,
  alignment: number,
): ReadonlyMap<BufferId, number> {
  const { program } = one;
  const buffers = [...weightsOf(one, alignment), ...partsOf(program)];
  const roots = new Map<BufferId, number>();
  return new Map(
    buffers.map(({ id }) => {
      const { buffer: root, offset } = rootOf(program, id);
      const start = roots.get(root) ?? take(program.buffers[root]!.length * BYTES_PER_ELEMENT);
      roots.set(root, start);
      return [id, start + offset * BYTES_PER_ELEMENT];
    }),
  );
}

/** The constants of the weight file in its order, or the program's own. */
const weightsOf = (one: ModuleProgram, alignment: number): readonly Buffer[] =>
  one.weights === 'file' ? weightFileOrder(one.program, alignment) : readConstants(one.program);

function partsOf(program: Program): Buffer[] {
  const prepared = preparedBuffers(program);
  return program.buffers.filter(({ id }) => prepared.has(id));
}

/**
 * The order of the weight file: what fills whole alignments first. There file and memory are alike, so that one read takes
 * all of it.
 */
export function weightFileOrder(program: Program, alignment: number): Buffer[] {
  const constants = runConstants(program);
  const isWhole = ({ length }: Buffer): boolean => (length * BYTES_PER_ELEMENT) % alignment === 0;
  return [...constants.filter(isWhole), ...constants.filter((buffer) => !isWhole(buffer))];
}
