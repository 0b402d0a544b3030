/**
 * The graph's types. One node is one value. Its type is static, nodes are in topological order, and a node's id is
 * its index. Axes have ONNX's and PyTorch's order (N, C, H, W). The program decides later where the numbers are in
 * memory.
 *
 * `Attrs` is filled by declaration merging: every file of `ops/` adds the entry of its operator. So an operator is
 * one file, and every table over `OpName` is complete or does not compile.
 */
/** Type of a tensor's elements. */
export type DType = 'f32' | 'i32' | 'u32';

/** Type of a tensor. */
export interface TensorType {
  readonly dtype: DType;
  /** Extents by axis; [] for a scalar. */
  readonly shape: readonly number[];
}

/** A value of a graph: the index of the node that computes it. */
export type ValueId = number;

/** The origin of a node: the layer's path and the line of the model file that called it. */
export interface Origin {
  /** Dotted layer path, `layer1.0.conv1`. */
  readonly path: string;
  /** Model file, relative to the working folder. */
  readonly file?: string;
  readonly line?: number;
  /** What a pass or autodiff did: `backward of layer1.0.conv1`. */
  readonly note?: string;
}

/** Attributes of every operator by its name. The files of `ops/` add the entries. */
export interface Attrs {}

/** Attributes of operators that have none. */
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

/** An output of a graph. */
export interface NamedValue {
  readonly name: string;
  readonly value: ValueId;
}

/** A change by training: after a step, the node `target` (a parameter, buffer or state) gets the value `value`. */
export interface Update {
  readonly target: ValueId;
  readonly value: ValueId;
}

/** A graph: its nodes compute outputs from inputs and parameters. */
export interface Graph {
  readonly name: string;
  /** The nodes in topological order. The index of a node is its id. */
  readonly nodes: readonly Node[];
  readonly outputs: readonly NamedValue[];
  /** Changes by a training step; empty in graphs for inference. */
  readonly updates: readonly Update[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

export const formatType = (type: TensorType): string => `${type.dtype}[${type.shape.join(',')}]`;

export const f32 = (...shape: number[]): TensorType => ({ dtype: 'f32', shape });

/** Returns the node of a value. Ids are indices, so an unknown id is a bug in the compiler, not a user's mistake. */
export function nodeOf(graph: Graph, id: ValueId): Node {
  const node = graph.nodes[id];
  if (!node) throw new Error(`graph ${graph.name} has no value %${id}`);
  return node;
}
