/**
 * Where everything lies in the one memory of a wasm package. Postcondition: regions follow each other without
 * overlap, each buffer begins at a multiple of 64 but for parts of others, and what only training needs lies behind
 * all that inference does, so that a model that is not trained does not make room for it:
 *
 *     weights | prepared weights | arena || optimizer state | training's weights | its arena || its halves' arena
 */
import { readConstants, runConstants } from '../../emit/buffers.ts';
import { isStored, parameterSize, type PackageParameter } from '../../emit/parameters.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { BYTES_PER_ELEMENT } from '../../program/bytes.ts';
import { preparedBuffers } from '../../program/liveness.ts';
import { ALIGNMENT } from '../../program/memoryPlan.ts';
import { rootOf, type Buffer, type BufferId, type Program } from '../../program/types.ts';

const PAGE_BYTES = 65536;
/** What 32-bit addresses reach. */
export const MOST_MEMORY_BYTES = 2 ** 32;

export interface ProgramLayout {
  /** Addresses of constants and of what `prepare` makes. */
  readonly weights: ReadonlyMap<BufferId, number>;
  /** Where the arena begins. */
  readonly arena: number;
  /** Where the halves' arena begins. */
  readonly halves: number;
  /** Where the program's regions end, without the halves'. */
  readonly end: number;
}

export interface WasmLayout {
  /** Addresses by the parameters' names. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly programs: ReadonlyMap<ModuleProgram, ProgramLayout>;
  readonly bytes: number;
}

export const pagesFor = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES);

/** Inference first. */
export function layOutMemory(
  programs: readonly ModuleProgram[],
  parameters: readonly PackageParameter[],
): WasmLayout {
  const region = createRegions();
  const places = new Map<string, number>();
  const place = (those: readonly PackageParameter[]): void => {
    for (const one of those) places.set(one.name, region.take(parameterSize(one) * BYTES_PER_ELEMENT));
  };
  place(parameters.filter(isStored));
  const layouts = new Map<ModuleProgram, ProgramLayout>();
  for (const one of programs) {
    if (one.folder === 'training/') place(parameters.filter((parameter) => !isStored(parameter)));
    const weights = placeWeights(one, region.take);
    const arena = region.take(one.plan.arenaBytes);
    const end = region.end();
    layouts.set(one, { weights, arena, end, halves: region.take(one.halves?.arenaBytes ?? 0) });
  }
  return { parameters: places, programs: layouts, bytes: region.end() };
}

function createRegions() {
  let end = 0;
  return {
    take(bytes: number): number {
      const start = end;
      end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      return start;
    },
    end: () => end,
  };
}

function placeWeights(one: ModuleProgram, take: (bytes: number) => number): ReadonlyMap<BufferId, number> {
  const { program } = one;
  const buffers = [...weightsOf(one), ...partsOf(program)];
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
const weightsOf = (one: ModuleProgram): readonly Buffer[] =>
  one.weights === 'file' ? weightFileOrder(one.program) : readConstants(one.program);

function partsOf(program: Program): Buffer[] {
  const prepared = preparedBuffers(program);
  return program.buffers.filter(({ id }) => prepared.has(id));
}

/**
 * The order of the weight file: what fills whole cache lines first. There file and memory are alike, so that one read
 * takes all of it.
 */
export function weightFileOrder(program: Program): Buffer[] {
  const constants = runConstants(program);
  const isWhole = ({ length }: Buffer): boolean => (length * BYTES_PER_ELEMENT) % ALIGNMENT === 0;
  return [...constants.filter(isWhole), ...constants.filter((buffer) => !isWhole(buffer))];
}
