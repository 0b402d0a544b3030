/**
 * What an operation is. Everything that the compiler knows about an operation stands in its one file of
 * `ops/`: the shape rule, the gradient, the reference loops, the cost, the samples that test it on every
 * target, and its form in ONNX files.
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { Attrs, Node, OpName, TensorType, ValueId } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import type { Operand } from '../kernel/expression.ts';
import type { Layout } from '../kernel/layout.ts';
import type { Expr } from '../kernel/types.ts';
import type { OnnxForm } from './shared/onnx.ts';

/** Throws the diagnosis `<op> at <layer> (<file>:<line>): <found>` with the operands' types below it. */
export type Reject = (found: string) => never;

/** How an operand is read in `define`: indices per axis, wherever the numbers lie. */
export interface TensorAccess {
  readonly type: TensorType;
  load(index: readonly Operand[]): Expr;
  /** Four neighbouring channels (axis 1) from `index` on, as a vector. */
  loadChannels(index: readonly Operand[]): Expr;
  /** Where the numbers lie, for schedules that keep indices of their own; `define` never looks. */
  readonly place: { readonly buffer: string; readonly layout: Layout };
}

export interface OutputAccess {
  readonly type: TensorType;
  /** Every element is stored exactly once; what is fused behind the operation happens here. */
  store(index: readonly Operand[], value: Expr): void;
  /** The first `count` numbers of a vector as neighbouring channels (axis 1) from `index` on. */
  storeChannels(index: readonly Operand[], value: Expr, count?: number): void;
}

export interface Site<K extends OpName> {
  readonly attrs: Attrs[K];
  /** In the order of `operands`; optional ones that are absent are undefined. */
  readonly inputs: readonly TensorAccess[];
  readonly output: OutputAccess;
}

export interface Cost {
  readonly multiplyAdds: number;
  /** Read and written at least once, in bytes. */
  readonly bytes: number;
}

/** What a sample's operand holds; seeded, the same everywhere. Default: uniform in [-1, 1). */
export type SampleValues =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  /** Values at least 0.05 apart, so that maxima and kinks are not near ties. */
  | { readonly kind: 'distinct' }
  /** Uniform in [-1, 1) but at least 0.05 away from each of these points (kinks of a function). */
  | { readonly kind: 'away'; readonly from: readonly number[] }
  /** Integers in [0, below). */
  | { readonly kind: 'integers'; readonly below: number }
  | { readonly kind: 'exact'; readonly data: readonly number[] };

export interface SampleInput extends TensorType {
  readonly values?: SampleValues;
}

export interface Sample<K extends OpName> {
  /** What is special about it: `stride 2, padded unevenly`. */
  readonly name: string;
  readonly inputs: readonly SampleInput[];
  readonly attrs: Attrs[K];
}

export interface GradientSite<K extends OpName> {
  readonly node: Node<K>;
  readonly attrs: Attrs[K];
  /** The operands' values and the result of the forward node. */
  readonly inputs: readonly ValueId[];
  readonly output: ValueId;
  /** The gradient of the loss with respect to the result; of its shape. */
  readonly gradient: ValueId;
  /** Appends nodes to the joint graph. */
  readonly g: GraphBuilder;
  /** Whether anybody wants this operand's gradient: do not build what nobody needs. */
  needs(operand: number): boolean;
}

/** Gradients by operand; undefined where none is needed or none exists (integer operands). */
export type GradientRule<K extends OpName> = (site: GradientSite<K>) => readonly (ValueId | undefined)[];

export interface OpDefinition<K extends OpName> {
  /** Names of the operands; `bias?` may be absent (only at the end), `...xs` is any number of them. */
  readonly operands: readonly string[];
  infer(inputs: readonly TensorType[], attrs: Attrs[K], reject: Reject): TensorType;
  readonly gradient: GradientRule<K> | 'notDifferentiable';
  /** The plain loop nest: the meaning of the operation, and every target's fallback. */
  define(site: Site<K>, k: KernelBuilder): void;
  /**
   * The value of one element from the operands' elements at the same place (after broadcasting): what
   * passes may fuse. Pointwise operations get their `define` from it.
   */
  readonly pointwise?: (values: readonly Expr[], attrs: Attrs[K], k: KernelBuilder) => Expr;
  /** A graph-level leaf (`input`, `parameter`, `constant`) or wrapper: never executed by its `define`. */
  readonly structural?: true;
  /**
   * What one element of the result is, from the operands by their names, for the comments of emitted kernels. The result
   * is `out`. Default: the operator's name and its attributes. Pointwise operators need none.
   */
  readonly formula?: (attrs: Attrs[K], inputs: readonly TensorType[], output: TensorType) => string;
  cost(inputs: readonly TensorType[], attrs: Attrs[K], output: TensorType): Cost;
  /** Drive shape, interpreter, gradient and target tests. Odd sizes, strides, paddings and groups belong here. */
  readonly samples: readonly Sample<K>[];
  /** How the operator is written in an ONNX file. Without it a graph that holds the operator cannot be exported. */
  readonly onnx?: OnnxForm<K>;
}
