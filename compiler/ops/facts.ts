/**
 * What passes, lowering and reports ask about an operator. Every fact is optional: what an operator does not say is
 * taken for unknown, which is always correct and at worst slower.
 */
import type { Attrs, OpName, TensorType } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import type { Expr } from '../kernel/types.ts';

/** A question about one node: its operands' types, its attributes and the type of its result. */
export type AboutNode<K extends OpName, Answer> = (
  inputs: readonly TensorType[],
  attrs: Attrs[K],
  output: TensorType,
) => Answer;

/** How much of its operand one element of a result sees. */
export interface Sight {
  readonly window: readonly [rows: number, columns: number];
  /** Between the windows of two neighbours, in elements of the operand; a fraction where the result is larger. */
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
  /** Whether what the border surrounds is known to be never below 0. */
  readonly surroundsNonNegative: boolean;
}

/** A weight in a shape in which some axes count input channels and others count output channels. */
export interface WeightAxes {
  readonly shape: readonly number[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * A linear map over channels with the operands x, weight and bias?: a factor per channel of x or of the result may
 * move into the weight.
 */
export interface ChannelMap<K extends OpName> {
  /** The axis of x and of the result that counts channels: the second one or the last one. */
  readonly axis: 1 | -1;
  weightAxes(weight: readonly number[], attrs: Attrs[K]): WeightAxes;
  /** Whether all results sum over whole filters. Then a number that is added to x adds a number to the results. */
  seesWholeFilters(attrs: Attrs[K]): boolean;
}

export interface OpFacts<K extends OpName> {
  /**
   * The value of one element from the operands' elements at the same place (after broadcasting), and from nothing else.
   * Such operators may be fused, run over flat memory, run on some rows only, and change places with a transpose.
   * They get their `define` from it.
   */
  readonly pointwise?: (values: readonly Expr[], attrs: Attrs[K], k: KernelBuilder) => Expr;
  /** A leaf of the graph (`input`, `parameter`, `constant`) or a fusion: its `define` is never called. */
  readonly structural?: true;
  /** a op b is b op a. */
  readonly commutative?: true;
  /** The number n for which x op n is x; of a commutative operator, n op x as well. */
  readonly neutral?: number;
  /** Arithmetic with a second operand that is fixed is a factor (x * n, x / n) or a summand (x + n, x - n) of x. */
  readonly affine?: 'factor' | 'summand';
  /** Whether the result is the first operand, number by number. */
  readonly isIdentity?: AboutNode<K, boolean>;
  /** Whether numbers that are not below 0 stay as they are. */
  readonly keepsNonNegative?: true;
  /** When no number of the result is below 0 (it may be NaN). */
  readonly nonNegative?: 'always' | 'if operands are' | ((attrs: Attrs[K]) => boolean);
  /**
   * The result consists of elements of the first operand, and may lie in its memory: all of them in row-major order
   * under another shape, or a part.
   */
  readonly view?: 'reshaped' | ((attrs: Attrs[K]) => Part);
  /** Weights can be scaled by channel. */
  readonly channelMap?: ChannelMap<K>;
  /** What per channel may be applied to the result instead of the first operand: factors, or summands as well. */
  readonly commutesPerChannel?: (attrs: Attrs[K]) => 'factors' | 'factors and summands';
  /** The attributes with which the operator pads its first operand by itself; undefined where it cannot. */
  readonly withBorder?: (attrs: Attrs[K], border: Border) => Attrs[K] | undefined;
  /** Whether a row of the result needs the same row of the first operand only, and of no other operand a row. */
  readonly keepsRows?: AboutNode<K, boolean>;
  /**
   * What one element of the result sees of the planes of x. Default: the element at the same place, as long as x and
   * the result are planes both, or vectors both. `unknown` says that planes are rearranged.
   */
  readonly sight?: 'whole plane' | 'unknown' | AboutNode<K, Sight>;
  /** The result has the shape of a weight: it meets parameters, not activations. */
  readonly isWeightShaped?: true;
  /** What the operator's kernels are called. Default: its name. */
  readonly kernelName?: AboutNode<K, string>;
  /**
   * What one element of the result is, from the operands by their names, for the comments of emitted kernels. The result
   * is `out`. Default: the operator's name and its attributes. Pointwise operators need none.
   */
  readonly formula?: (attrs: Attrs[K], inputs: readonly TensorType[], output: TensorType) => string;
  /** What an operand is called in the kernel of a fusion whose tail reads it. Default: its own name. */
  readonly nameInTail?: string;
}
