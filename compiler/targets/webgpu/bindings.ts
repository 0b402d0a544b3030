/**
 * How the buffers of a call become bindings of a shader. In WebGPU a range must begin at a multiple of 256 bytes, and
 * ranges that one dispatch binds may not overlap if one of them is written.
 *
 * Postcondition: every argument is a run of elements of one binding. Arguments whose ranges overlap (a result in the
 * place of an operand, channels of a concatenation) share a binding. There are no more bindings than every device
 * supports; otherwise neighbours share one.
 */
import type { Kernel } from '../../kernel/types.ts';

/** `minStorageBufferOffsetAlignment` that every device supports, in bytes. */
export const BINDING_ALIGNMENT = 256;
const WORD = 4;
/** `maxStorageBuffersPerShaderStage` that every device supports. */
export const MOST_BINDINGS = 8;
/** The size of a `vec4f`. */
const VECTOR_BYTES = 16;

/** The place of a buffer in bytes; `space` names a GPUBuffer. */
export interface Region {
  readonly space: Space;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * The GPUBuffers. Weights are bound for reading, the others for writing, even if a call only reads them. `packing` is the
 * GPUBuffer of the weights while `prepare` writes it.
 */
export type Space = 'weights' | 'packing' | 'staging' | 'arena' | 'halves';

export interface BoundRange extends Region {
  /** Indices of the kernel's buffers in this range. */
  readonly buffers: readonly number[];
}

export interface ShaderArgument {
  readonly binding: number;
  /** The index of the buffer's first element in the binding. */
  readonly base: number;
}

export interface Bindings {
  readonly ranges: readonly BoundRange[];
  /** The arguments, one for each buffer of the kernel. */
  readonly arguments: readonly ShaderArgument[];
}

const isReadOnly = (space: Space): boolean => space === 'weights';

export function bindRegions(kernel: Kernel, regions: readonly Region[]): Bindings {
  const ranges = regions.map((region, i): BoundRange => ({ ...aligned(region), buffers: [i] }));
  let merged = ranges.reduce<readonly BoundRange[]>(addRange, []);
  while (merged.length > MOST_BINDINGS) merged = mergeNearest(kernel.name, merged);
  const ordered = merged.toSorted((a, b) => a.buffers[0]! - b.buffers[0]!);
  return {
    ranges: ordered,
    arguments: kernel.buffers.map((_, i) => {
      const binding = ordered.findIndex(({ buffers }) => buffers.includes(i));
      return { binding, base: (regions[i]!.offset - ordered[binding]!.offset) / WORD };
    }),
  };
}

function aligned({ space, offset, bytes }: Region): Region {
  const start = Math.floor(offset / BINDING_ALIGNMENT) * BINDING_ALIGNMENT;
  const end = start + Math.ceil((offset + bytes - start) / VECTOR_BYTES) * VECTOR_BYTES;
  return { space, offset: start, bytes: end - start };
}

/** Adds a range, merged with all that it overlaps. The merged range may overlap further ones. */
function addRange(known: readonly BoundRange[], range: BoundRange): readonly BoundRange[] {
  const meets = known.filter((one) => overlaps(one, range));
  if (meets.length === 0) return [...known, range];
  return addRange(
    known.filter((one) => !meets.includes(one)),
    unionOf([...meets, range]),
  );
}

/** Merges the two ranges whose common range is the shortest. */
function mergeNearest(kernel: string, ranges: readonly BoundRange[]): readonly BoundRange[] {
  const pairs = ranges.flatMap((a, i) =>
    ranges.slice(i + 1).flatMap((b) => (a.space === b.space ? [{ a, b, bytes: unionOf([a, b]).bytes }] : [])),
  );
  if (pairs.length === 0) throw new Error(`kernel ${kernel} needs more than ${MOST_BINDINGS} bindings`);
  const { a, b } = pairs.reduce((best, pair) => (pair.bytes < best.bytes ? pair : best));
  return addRange(
    ranges.filter((one) => one !== a && one !== b),
    unionOf([a, b]),
  );
}

function unionOf(ranges: readonly BoundRange[]): BoundRange {
  const offset = Math.min(...ranges.map((one) => one.offset));
  const end = Math.max(...ranges.map((one) => one.offset + one.bytes));
  return {
    ...{ space: ranges[0]!.space, offset, bytes: end - offset },
    buffers: ranges.flatMap(({ buffers }) => buffers).toSorted((a, b) => a - b),
  };
}

const overlaps = (a: Region, b: Region): boolean =>
  a.space === b.space &&
  !isReadOnly(a.space) &&
  a.offset < b.offset + b.bytes &&
  b.offset < a.offset + a.bytes;
