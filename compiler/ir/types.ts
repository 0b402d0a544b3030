/**
 * The graph's types. One node is one value; its type is static; nodes stand in topological order and
 * a node's id is its index. Axes are named in ONNX's and PyTorch's order (N, C, H, W); where the
 * numbers lie in memory is decided later, by the program.
 *
 * `Attrs` is filled by declaration merging: every file of `ops/` adds the entry of its own operation,
 * so that an operation is one file and every table over `OpName` is complete or does not compile.
 */
export type DType = 'f32' | 'i32' | 'u32';

export interface TensorType {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

export type ValueId = number;

/** Where a node comes from: the layer's path and the line of the model file that asked for it. */
export interface Origin {
  /** Dotted layer path, `layer1.0.conv1`. */
  readonly path: string;
  /** Model file, relative to the working directory. */
  readonly file?: string;
  readonly line?: number;
  /** What a pass or autodiff did: `backward of layer1.0.conv1`. */
  readonly note?: string;
}

export interface Attrs {}

/** Of operators that have none. */
export type NoAttrs = Record<never, never>;

export type OpName = keyof Attrs;

interface NodeOf<K extends OpName> {
  readonly id: ValueId;
  readonly op: K;
  readonly inputs: readonly ValueId[];
  readonly attrs: Attrs[K];
  readonly type: TensorType;
  readonly origin: Origin;
}

/** Distributes over the union, so that `switch (node.op)` narrows `node.attrs`. */
export type Node<K extends OpName = OpName> = { [P in K]: NodeOf<P> }[K];

export interface NamedValue {
  readonly name: string;
  readonly value: ValueId;
}

/** Training: after a step, the parameter (or buffer, or state) node `target` takes the value `value`. */
export interface Update {
  readonly target: ValueId;
  readonly value: ValueId;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly outputs: readonly NamedValue[];
  readonly updates: readonly Update[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

export const formatType = (type: TensorType): string => `${type.dtype}[${type.shape.join(',')}]`;

export const f32 = (...shape: number[]): TensorType => ({ dtype: 'f32', shape });

/** The node that a value names. Ids are indices, so an unknown id is a bug of ours, not of a user. */
export function nodeOf(graph: Graph, id: ValueId): Node {
  const node = graph.nodes[id];
  if (!node) throw new Error(`graph ${graph.name} has no value %${id}`);
  return node;
}
