/**
 * The leaves of a graph: values that come from outside. `input` is given to every call, `parameter` lives
 * as long as the model (weights, running statistics, optimizer state), `constant` is part of the program.
 */
import type { Node, TensorType } from './types.ts';

/**
 * How a parameter starts when no weights are given. All are drawn from the seed by a counter, so that every
 * machine and target gets the same numbers.
 */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  /** Mean 0. */
  | { readonly kind: 'normal'; readonly deviation: number }
  /** In [-bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number };

export interface InputAttrs {
  readonly name: string;
  readonly type: TensorType;
}

/**
 * `weight` is learned, `buffer` holds running statistics, `state` belongs to the optimizer, `accumulator` sums the
 * gradients of a step's micro-batches.
 */
export type ParameterRole = 'weight' | 'buffer' | 'state' | 'accumulator';

export interface ParameterAttrs {
  /** PyTorch's state-dict name: `layer1.0.conv1.weight`. */
  readonly name: string;
  readonly type: TensorType;
  /** What it is for. */
  readonly role: ParameterRole;
  readonly initializer: Initializer;
}

export interface ConstantAttrs {
  readonly type: TensorType;
  /** Row-major. */
  readonly data: Float32Array | Int32Array | Uint32Array;
}

declare module './types.ts' {
  interface Attrs {
    input: InputAttrs;
    parameter: ParameterAttrs;
    constant: ConstantAttrs;
  }
}

type Leaf = 'input' | 'parameter' | 'constant';

export const isInput = (node: Node): node is Node<'input'> => node.op === 'input';
export const isParameter = (node: Node): node is Node<'parameter'> => node.op === 'parameter';
export const isConstant = (node: Node): node is Node<'constant'> => node.op === 'constant';

export const isLeaf = (node: Node): node is Node<Leaf> =>
  isInput(node) || isParameter(node) || isConstant(node);

/** A parameter that training changes by its gradient. */
export const isLearned = (node: Node): node is Node<'parameter'> =>
  isParameter(node) && node.attrs.role === 'weight';
