/**
 * The leaves of a graph: values from outside. Every call passes an `input`. A `parameter` lives as long as the model
 * (weights, running statistics, optimizer state). A `constant` is part of the program.
 */
import type { Node, TensorType } from './types.ts';

/**
 * How a parameter is initialized when no weights are given. The seed and a counter determine all random numbers, so
 * every machine and target gets the same ones.
 */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  /** Normal distribution with mean 0. */
  | { readonly kind: 'normal'; readonly deviation: number }
  /** Uniform distribution in [-bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number };

export interface InputAttrs {
  readonly name: string;
  readonly type: TensorType;
}

/**
 * A `weight` is learned, a `buffer` holds running statistics, a `state` belongs to the optimizer, an `accumulator`
 * sums the gradients of a step's micro-batches.
 */
export type ParameterRole = 'weight' | 'buffer' | 'state' | 'accumulator';

export interface ParameterAttrs {
  /** PyTorch's state-dict name: `layer1.0.conv1.weight`. */
  readonly name: string;
  readonly type: TensorType;
  /** The parameter's purpose. */
  readonly role: ParameterRole;
  readonly initializer: Initializer;
}

export interface ConstantAttrs {
  readonly type: TensorType;
  /** The numbers in row-major order. */
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

/** Whether training changes the parameter by its gradient. */
export const isLearned = (node: Node): node is Node<'parameter'> =>
  isParameter(node) && node.attrs.role === 'weight';
