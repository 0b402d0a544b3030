/**
 * What an operator is. Everything that the compiler knows about an operator is in one file of `ops/`: the shape rule,
 * the gradient, the reference loops, the cost, the facts that passes and lowering use (`facts.ts`), the samples that
 * test it on every target, and its form in ONNX files.
 */
import type { ErrorCode } from '../diagnostics/codes.ts';
import type { GraphBuilder } from '../ir/builder.ts';
import type { Attrs, Node, OpName, TensorType, ValueId } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import type { Operand } from '../kernel/expression.ts';
import type { Layout } from '../kernel/layout.ts';
import type { Expr } from '../kernel/types.ts';
import type { OpFacts } from './facts.ts';
import type { OnnxForm } from './shared/onnx.ts';

/** Throws a `Diagnostic`: `<op> at <layer> (<file>:<line>): <found>`, followed by the operands' types. */
export type Reject = (code: ErrorCode, found: string) => never;

/** Reads an operand in `define`, by indices per axis, independent of its layout. */
export interface TensorAccess {
  readonly type: TensorType;
  load(index: readonly Operand[]): Expr;
  /** Loads four neighbouring channels (axis 1) from `index` on, as a vector. */
  loadChannels(index: readonly Operand[]): Expr;
  /** The buffer and its layout, for schedules that compute indices themselves. `define` does not use it. */
  readonly place: { readonly buffer: string; readonly layout: Layout };
}

export interface OutputAccess {
  readonly type: TensorType;
  /** Stores an element. Every element is stored exactly once. The tail of a fusion is computed here. */
  store(index: readonly Operand[], value: Expr): void;
  /** Stores the first `count` numbers of a vector as neighbouring channels (axis 1) from `index` on. */
  storeChannels(index: readonly Operand[], value: Expr, count?: number): void;
}

export interface Site<K extends OpName> {
  readonly attrs: Attrs[K];
  /** Operands in the order of `operands`. Optional ones that are absent are undefined. */
  readonly inputs: readonly TensorAccess[];
  readonly output: OutputAccess;
}

export interface Cost {
  readonly multiplyAdds: number;
  /** Bytes that are read or written at least once. */
  readonly bytes: number;
}

/** Values of a sample's operand, drawn from a seed, so they are the same everywhere. Default: uniform in [-1, 1). */
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
  /** What is special about it, such as `stride 2, padded unevenly`. */
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
  /** The gradient of the loss with respect to the result. It has the result's shape. */
  readonly gradient: ValueId;
  /** Appends nodes to the joint graph. */
  readonly g: GraphBuilder;
  /** Whether this operand's gradient is needed. Do not build gradients that are not. */
  needs(operand: number): boolean;
}

/** Returns gradients by operand. Undefined if a gradient is not needed or does not exist (integer operands). */
export type GradientRule<K extends OpName> = (site: GradientSite<K>) => readonly (ValueId | undefined)[];

export interface OpDefinition<K extends OpName> extends OpFacts<K> {
  /** The value of `op` in nodes of this operator. */
  readonly name: K;
  /** Names of the operands. `bias?` may be absent (only at the end); `...xs` stands for any number of operands. */
  readonly operands: readonly string[];
  infer(inputs: readonly TensorType[], attrs: Attrs[K], reject: Reject): TensorType;
  readonly gradient: GradientRule<K> | 'notDifferentiable';
  /** The plain loop nest. It defines the operator's meaning, and it is the fallback of every target. */
  define(site: Site<K>, k: KernelBuilder): void;
  cost(inputs: readonly TensorType[], attrs: Attrs[K], output: TensorType): Cost;
  /**
   * Samples for the tests of shape, interpreter, gradient and targets. Include odd sizes, strides, paddings and
   * groups.
   */
  readonly samples: readonly Sample<K>[];
  /** How the operator is written in an ONNX file. Without it a graph with this operator cannot be exported. */
  readonly onnx?: OnnxForm<K>;
}
