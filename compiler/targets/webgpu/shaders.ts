/**
 * A kernel over a grid with its bindings: what a shader declares, and where each of the kernel's buffers lies in it. It
 * is all that a shader is printed from.
 */
import { GRID_NAMES } from '../../kernel/grid.ts';
import type { ElementType, Grid, Kernel } from '../../kernel/types.ts';
import { namesIn } from '../../kernel/walk.ts';
import type { Bindings } from './bindings.ts';
import type { Place } from './places.ts';
import { vectorBuffers } from './vectors.ts';
import { RESERVED } from './words.ts';

/** A shader writes to what it binds for writing, even if it only reads it: the range lies beside what others write. */
export interface ShaderBinding {
  readonly name: string;
  readonly element: ElementType;
  readonly isVector: boolean;
  /** In numbers. */
  readonly length: number;
  readonly isReadOnly: boolean;
}

export interface BoundKernel {
  readonly kernel: Kernel & { readonly grid: Grid };
  /** Workgroups: columns and rows. */
  readonly size: readonly [columns: number, rows: number];
  /** In the order of their numbers. */
  readonly bindings: readonly ShaderBinding[];
  /** By the names of the kernel's buffers and of its workgroups' memory. */
  readonly places: Readonly<Record<string, Place>>;
  /** Memory of a workgroup, by its name in the shader, that holds f16 where the model is loaded for that. */
  readonly halves: readonly string[];
}

/** Longer lists of workgroups are cut into rows of this length: one less than 65536 is the most that WebGPU promises. */
export const ROW = 32768;
const MOST_WORKGROUPS = 65535;

/** What is dispatched: columns and rows of workgroups. */
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

/** Equal for kernels whose shaders are the same but for their names and comments. */
export const shaderKey = ({ kernel: { grid, body }, bindings, places }: BoundKernel): string =>
  JSON.stringify([grid, body, bindings, places]);

/** Vectors only. */
export const halfBuffers = ({ shared }: Grid, vectors: ReadonlySet<string>): string[] =>
  shared
    .filter(({ name, length, mayBeHalf }) => mayBeHalf && vectors.has(name) && length % 4 === 0)
    .map(({ name }) => legalName(name));

const legalName = (name: string): string => (RESERVED.has(name) ? `${name}_` : name);

/** Names of bindings that nothing in the body has. */
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
    // Numbers of several types in one range are bits.
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
