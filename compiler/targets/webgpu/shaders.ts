/**
 * A kernel over a grid with its bindings: the declarations of a shader, and the place of each of the kernel's buffers
 * in them. A shader is printed from this alone.
 */
import { GRID_NAMES } from '../../kernel/grid.ts';
import type { ElementType, Grid, Kernel } from '../../kernel/types.ts';
import { namesIn } from '../../kernel/walk.ts';
import type { Bindings } from './bindings.ts';
import type { Place } from './places.ts';
import { vectorBuffers } from './vectors.ts';
import { RESERVED } from './words.ts';

/** A binding. It is bound for writing even if the shader only reads it, because its GPUBuffer is also written. */
export interface ShaderBinding {
  readonly name: string;
  readonly element: ElementType;
  readonly isVector: boolean;
  /** The number of elements. */
  readonly length: number;
  readonly isReadOnly: boolean;
}

export interface BoundKernel {
  readonly kernel: Kernel & { readonly grid: Grid };
  /** The number of workgroups: columns and rows. */
  readonly size: readonly [columns: number, rows: number];
  /** The bindings in the order of their numbers. */
  readonly bindings: readonly ShaderBinding[];
  /** Places by the names of the kernel's buffers and of its workgroups' memory. */
  readonly places: Readonly<Record<string, Place>>;
  /** Names of workgroup memory in the shader that holds f16 if the model is loaded with that precision. */
  readonly halves: readonly string[];
}

/** The length of rows that long lists of workgroups are cut into. WebGPU guarantees at most 65535 per dimension. */
export const ROW = 32768;
const MOST_WORKGROUPS = 65535;

/** The number of workgroups that are dispatched: columns and rows. */
export const dispatchSize = ({ workgroups }: Grid): readonly [columns: number, rows: number] =>
  workgroups <= MOST_WORKGROUPS ? [workgroups, 1] : [ROW, Math.ceil(workgroups / ROW)];

export function bindKernel(kernel: Kernel, bindings: Bindings): BoundKernel {
  const { grid } = kernel;
  if (!grid) throw new Error(`kernel ${kernel.name} has no grid`);
  const vectors = vectorBuffers(kernel);
  const bound = shaderBindings(kernel, bindings, vectors);
  const buffers = kernel.buffers.map(({ name }, i): [string, Place] => {
    const { binding, base } = bindings.arguments[i]!;
    return [name, { name: bound[binding]!.name, isVector: bound[binding]!.isVector, base }];
  });
  const shared = grid.shared.map(({ name }): [string, Place] => [
    name,
    { name: legalName(name), isVector: vectors.has(name), base: 0 },
  ]);
  return {
    kernel: { ...kernel, grid },
    size: dispatchSize(grid),
    bindings: bound,
    places: Object.fromEntries([...buffers, ...shared]),
    halves: halfBuffers(grid, vectors),
  };
}

/** A key that is equal for kernels whose shaders differ only in names and comments. */
export const shaderKey = ({ kernel: { grid, body }, bindings, places }: BoundKernel): string =>
  JSON.stringify([grid, body, bindings, places]);

/** The names of workgroup memory that may be f16: only arrays of vectors. */
export const halfBuffers = ({ shared }: Grid, vectors: ReadonlySet<string>): string[] =>
  shared
    .filter(({ name, length, mayBeHalf }) => mayBeHalf && vectors.has(name) && length % 4 === 0)
    .map(({ name }) => legalName(name));

const legalName = (name: string): string => (RESERVED.has(name) ? `${name}_` : name);

/** Returns a function that gives bindings names that the body does not use. */
function createBindingNames({ body, grid }: Kernel): (wanted: string) => string {
  const shared = (grid?.shared ?? []).map(({ name }) => legalName(name));
  const taken = new Set([...namesIn(body), ...shared, ...GRID_NAMES]);
  return (wanted) => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  };
}

function shaderBindings(
  kernel: Kernel,
  { ranges, arguments: places }: Bindings,
  vectors: ReadonlySet<string>,
): ShaderBinding[] {
  const nameOf = createBindingNames(kernel);
  return ranges.map(({ buffers, bytes, offset, space }) => {
    const own = buffers.map((i) => kernel.buffers[i]!);
    const elements = new Set(own.map(({ element }) => element));
    const [first] = own;
    // A range with numbers of several types is bound as bits.
    const element = elements.size === 1 ? first!.element : 'u32';
    const isVector =
      element === 'f32' &&
      own.every(({ name }) => vectors.has(name)) &&
      buffers.every((i) => places[i]!.base % 4 === 0) &&
      offset % 16 === 0 &&
      bytes % 16 === 0;
    return {
      name: nameOf(own.map(({ name }) => legalName(name)).join('_')),
      ...{ element, isVector, length: bytes / 4, isReadOnly: space === 'weights' },
    };
  });
}
