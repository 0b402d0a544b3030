/**
 * The layout of a package that has a single memory. Postcondition: regions follow each other without overlap. Each
 * buffer begins at a multiple of the alignment, unless it is a part of another buffer. Programs for other batches use the
 * arena of the first program, which is as large as the largest of them needs. Everything that only training needs comes
 * after all that inference needs, so that a model that is not trained does not allocate it:
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
  /** Places of constants and of the results of `prepare`. */
  readonly weights: ReadonlyMap<BufferId, number>;
  /** Places of staged buffers. They share memory with the arena, which is not in use while `prepare` runs. */
  readonly staged: ReadonlyMap<BufferId, number>;
  /** The offset of the arena. */
  readonly arena: number;
  /** The offset of the halves' arena. */
  readonly halves: number;
  /** The end of the program's regions, without those of the halves. */
  readonly end: number;
}

export interface MemoryLayout {
  /** Places by the parameters' names. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly programs: ReadonlyMap<ModuleProgram, ProgramLayout>;
  readonly bytes: number;
}

/** Lays out the memory. The program for inference comes first. `alignment` is in bytes. */
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
  const first = programs[0]!;
  const others = programs.filter(({ weights }) => weights === 'shared');
  for (const one of programs) {
    if (one.weights === 'shared') {
      layouts.set(one, { ...layouts.get(first)!, weights: new Map(), staged: new Map() });
      continue;
    }
    if (one.folder === 'training/') place(parameters.filter((parameter) => !isStored(parameter)));
    const weights = placeWeights(one, region.take, alignment);
    const stagedBytes = one.staging?.plan.arenaBytes ?? 0;
    const sharing = one === first ? others.map(({ plan }) => plan.arenaBytes) : [];
    const arena = region.take(Math.max(one.plan.arenaBytes, stagedBytes, ...sharing));
    const end = region.end();
    const staged = stagedPlaces(one, arena);
    layouts.set(one, { weights, staged, arena, end, halves: region.take(one.halves?.arenaBytes ?? 0) });
  }
  return { parameters: places, programs: layouts, bytes: region.end() };
}

const stagedPlaces = ({ staging }: ModuleProgram, start: number): ReadonlyMap<BufferId, number> =>
  new Map([...(staging?.plan.placements ?? [])].map(([id, { offset }]) => [id, start + offset]));

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

/** The constants in the order of the weight file, or those that come with the program. */
const weightsOf = (one: ModuleProgram, alignment: number): readonly Buffer[] =>
  one.weights === 'file' ? weightFileOrder(one.program, alignment) : readConstants(one.program);

function partsOf(program: Program): Buffer[] {
  const prepared = preparedBuffers(program);
  return program.buffers.filter(({ id, role }) => prepared.has(id) && role !== 'staged');
}

/**
 * The order of the weight file: constants whose size is a multiple of the alignment come first. For these the file and
 * the memory have the same bytes, so that one read fills all of them.
 */
export function weightFileOrder(program: Program, alignment: number): Buffer[] {
  const constants = runConstants(program);
  const isWhole = ({ length }: Buffer): boolean => (length * BYTES_PER_ELEMENT) % alignment === 0;
  return [...constants.filter(isWhole), ...constants.filter((buffer) => !isWhole(buffer))];
}
