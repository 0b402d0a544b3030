/**
 * What a layer is made from. A layer is a function in a file of this folder; every function that such a
 * file exports becomes a method of `Net` under its own name, without the first parameter:
 *
 *     export function relu(layer: Layer, x: Tensor): Tensor { return layer.node('relu', [x]); }
 *     net.relu(x)
 *
 * One that takes a `NamedLayer` has parameters, and its method takes their name first:
 *
 *     export function linear(layer: NamedLayer, x: Tensor, options: LinearOptions): Tensor
 *     net.linear('fc', x, { features: 10 })
 *
 * The first argument behind the name is a tensor or a list of tensors; it has been checked. Other tensors
 * are checked by `node`.
 */
import type { AttrsArgument } from '../../ir/builder.ts';
import type { OpName } from '../../ir/types.ts';
import type { Initializer, ParameterAttrs } from '../../ir/leaves.ts';
import type { Tensor } from '../tensor.ts';

export interface Layer {
  /** Dotted: `layer1.0.conv1`; without a name, what it does: `layer1.0.relu`. */
  readonly path: string;
  /** Batch statistics, updates and random numbers, or the running statistics and none. */
  readonly training: boolean;
  /** In training: its statistics stay as they are, as in evaluation. */
  readonly frozen: boolean;
  /** Operands that are undefined at the end are left out: `[x, weight, bias]` without a bias. */
  node<K extends OpName>(op: K, inputs: readonly (Tensor | undefined)[], ...attrs: AttrsArgument<K>): Tensor;
  /** A number that broadcasts. */
  scalar(value: number): Tensor;
  /** A vector that is part of the program. */
  vector(values: readonly number[]): Tensor;
  /** What a random operation needs in training: the seed of the step, and a stream that only this layer has. */
  random(): { readonly seed: Tensor; readonly stream: number };
  /** After a training step, `target` (a parameter) takes the value. */
  update(target: Tensor, value: Tensor): void;
  /** Throws the diagnosis `<layer's kind> at <path> (<file>:<line>): <found>`. */
  reject(found: string, details?: readonly string[]): never;
}

export interface NamedLayer extends Layer {
  /** Named `<path>.<name>` in weight files. */
  parameter(
    name: string,
    shape: readonly number[],
    initializer: Initializer,
    role?: ParameterAttrs['role'],
  ): Tensor;
}
