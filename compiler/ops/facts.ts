/**
 * The facts that passes, lowering and reports ask for about an operator. Every fact is optional. A fact that is
 * missing counts as unknown, which is always correct and at worst slower.
 */
import type { Attrs, OpName, TensorType } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import type { Expr } from '../kernel/types.ts';

/** A question about one node: its operands' types, its attributes and its result's type. */
export type AboutNode<K extends OpName, Answer> = (
  inputs: readonly TensorType[],
  attrs: Attrs[K],
  output: TensorType,
) => Answer;

/** The part of its operand that one element of a result reads. */
export interface Sight {
  readonly window: readonly [rows: number, columns: number];
  /**
   * Distance between the windows of two neighbours, in elements of the operand. It is a fraction if the result is
   * larger.
   */
  readonly stride: readonly [rows: number, columns: number];
}

/** A part of a tensor: every `steps`th element from `starts` on, by axis. */
export interface Part {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
}

/** A constant border around the planes of an operand. */
export interface Border {
  readonly amounts: readonly [top: number, left: number, bottom: number, right: number];
  readonly value: number;
  /** Whether the values inside the border are known to be at least 0. */
  readonly surroundsNonNegative: boolean;
}

/** A weight in a shape where some axes count input channels and others count output channels. */
export interface WeightAxes {
  readonly shape: readonly number[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * A linear map over channels with the operands x, weight and bias?. A factor per channel of x or of the result can
 * move into the weight.
 */
export interface ChannelMap<K extends OpName> {
  /** The axis of x and of the result that counts channels: the second or the last. */
  readonly axis: 1 | -1;
  weightAxes(weight: readonly number[], attrs: Attrs[K]): WeightAxes;
  /** Whether all results sum over whole filters. Then a number added to x adds a number to the results. */
  seesWholeFilters(attrs: Attrs[K]): boolean;
}

export interface OpFacts<K extends OpName> {
  /**
   * Computes one element from the operands' elements at the same place (after broadcasting), and from nothing else.
   * Such operators may be fused, run over flat memory, run on some rows only, and be exchanged with a transpose.
   * Their `define` is derived from this function.
   */
  readonly pointwise?: (values: readonly Expr[], attrs: Attrs[K], k: KernelBuilder) => Expr;
  /** A leaf of the graph (`input`, `parameter`, `constant`) or a fusion. Its `define` is never called. */
  readonly structural?: true;
  /** a op b equals b op a. */
  readonly commutative?: true;
  /** The number n for which x op n is x. For a commutative operator n op x is x too. */
  readonly neutral?: number;
  /** Whether a constant second operand is a factor (x * n, x / n) or a summand (x + n, x - n) of x. */
  readonly affine?: 'factor' | 'summand';
  /** Whether the result is the first operand, number by number. */
  readonly isIdentity?: AboutNode<K, boolean>;
  /** Whether numbers that are at least 0 do not change. */
  readonly keepsNonNegative?: true;
  /** The condition under which all numbers of the result are at least 0 (or NaN). */
  readonly nonNegative?: 'always' | 'if operands are' | ((attrs: Attrs[K]) => boolean);
  /**
   * The result consists of elements of the first operand and may share its memory. `reshaped`: all elements in
   * row-major order with another shape. A function: a part of them.
   */
  readonly view?: 'reshaped' | ((attrs: Attrs[K]) => Part);
  /** Present if the weights can be scaled by channel. */
  readonly channelMap?: ChannelMap<K>;
  /** What may be applied per channel to the result instead of the first operand: factors, or also summands. */
  readonly commutesPerChannel?: (attrs: Attrs[K]) => 'factors' | 'factors and summands';
  /** Returns the attributes with which the operator itself pads its first operand. Undefined if it cannot. */
  readonly withBorder?: (attrs: Attrs[K], border: Border) => Attrs[K] | undefined;
  /** Whether a row of the result needs only the same row of the first operand, and no row of another operand. */
  readonly keepsRows?: AboutNode<K, boolean>;
  /**
   * The part of the planes of x that one element of the result reads. Default: the element at the same place, if x
   * and the result are both planes or both vectors. `unknown` means that planes are rearranged.
   */
  readonly sight?: 'whole plane' | 'unknown' | AboutNode<K, Sight>;
  /**
   * Whether image n of the result, along its first axis, reads image n of the first operand and no other image. Of
   * several operands of one kind (`...xs`) this holds for each.
   */
  readonly keepsExamples?: true | AboutNode<K, boolean>;
  /** The result has the shape of a weight. It is combined with parameters, not with activations. */
  readonly isWeightShaped?: true;
  /** The name of the operator's kernels. Default: the operator's name. */
  readonly kernelName?: AboutNode<K, string>;
  /**
   * The formula of one element of the result `out`, in terms of the operands' names, for the comments of emitted
   * kernels. Default: the operator's name and its attributes. Pointwise operators need none.
   */
  readonly formula?: (attrs: Attrs[K], inputs: readonly TensorType[], output: TensorType) => string;
  /** The name of the operand in the kernel of a fusion whose tail reads it. Default: the operand's name. */
  readonly nameInTail?: string;
}
