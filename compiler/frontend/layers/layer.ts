/**
 * What layers are built on. A layer is a function in a file of this folder. Every function that such a file
 * exports becomes a method of `Net` with the same name, without the first parameter:
 *
 *     export function relu(layer: Layer, x: Tensor): Tensor { return layer.node('relu', [x]); }
 *     net.relu(x)
 *
 * A layer that takes a `NamedLayer` has parameters. The first argument of its method is the layer's name:
 *
 *     export function linear(layer: NamedLayer, x: Tensor, options: LinearOptions): Tensor
 *     net.linear('fc', x, { features: 10 })
 *
 * The argument after the name is a tensor or a list of tensors, already checked. `node` checks all other tensors.
 */
import type { ErrorCode } from '../../diagnostics/codes.ts';
import type { AttrsArgument } from '../../ir/builder.ts';
import type { OpName } from '../../ir/types.ts';
import type { Initializer, ParameterAttrs } from '../../ir/leaves.ts';
import type { Tensor } from '../tensor.ts';

/** What a layer may use of the net. */
export interface Layer {
  /**
   * Dotted path, such as `layer1.0.conv1`. Without a name it ends with the kind of layer: `layer1.0.relu`.
   */
  readonly path: string;
  /**
   * True in training: batch statistics, updates and random numbers. False: running statistics and none of the
   * others.
   */
  readonly training: boolean;
  /** True if the layer keeps its statistics as they are in training too. */
  readonly frozen: boolean;
  /** Appends a node. Undefined operands at the end are left out, as in `[x, weight, bias]` without a bias. */
  node<K extends OpName>(op: K, inputs: readonly (Tensor | undefined)[], ...attrs: AttrsArgument<K>): Tensor;
  /** Appends a constant number, which broadcasts. */
  scalar(value: number): Tensor;
  /** Appends a constant vector. */
  vector(values: readonly number[]): Tensor;
  /**
   * Returns what a random operator needs in training: the step's seed and a stream number that is unique to
   * the caller.
   */
  random(): { readonly seed: Tensor; readonly stream: number };
  /** Sets `target` (a parameter) to the value after each training step. */
  update(target: Tensor, value: Tensor): void;
  /** Throws a `Diagnostic`: `<layer's kind> at <path> (<file>:<line>): <found>`. */
  reject(code: ErrorCode, found: string, details?: readonly string[]): never;
  /** Reports an option that is unknown, missing or not allowed. */
  wrongOption(found: string): never;
}

/** What a layer with parameters may use of the net. */
export interface NamedLayer extends Layer {
  /** Appends a parameter. Weight files call it `<path>.<name>`. */
  parameter(
    name: string,
    shape: readonly number[],
    initializer: Initializer,
    role?: ParameterAttrs['role'],
  ): Tensor;
}
