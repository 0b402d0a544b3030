/**
 * The leaves of a graph: values that come from outside. `input` is handed to every call, `parameter` lives
 * as long as the model (weights, running statistics, optimizer state), `constant` is part of the program.
 */
import { sizeOf, type Attrs, type DType, type TensorType } from '../ir/types.ts';
import type { OpDefinition, Reject } from './types.ts';

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

declare module '../ir/types.ts' {
  interface Attrs {
    input: InputAttrs;
    parameter: ParameterAttrs;
    constant: ConstantAttrs;
  }
}

type Leaf = 'input' | 'parameter' | 'constant';

/** Beyond this a Float32Array cannot be made anyway; a hostile file must not get that far. */
const MAX_ELEMENTS = 2 ** 31;

export function checkShape(shape: readonly number[], reject: Reject): void {
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 1)) {
    reject(`the shape [${shape.join(', ')}] is not made of whole numbers from 1`);
  }
  if (sizeOf(shape) > MAX_ELEMENTS) reject(`the shape [${shape.join(', ')}] has more than 2^31 elements`);
}

function leaf<K extends Leaf>(): OpDefinition<K> {
  return {
    operands: [],
    structural: true,
    infer(_inputs, attrs: Attrs[K], reject) {
      checkShape(attrs.type.shape, reject);
      return attrs.type;
    },
    gradient: () => [],
    define: () => {
      throw new Error('a leaf has no kernel');
    },
    cost: () => ({ multiplyAdds: 0, bytes: 0 }),
    samples: [],
  };
}

export const input: OpDefinition<'input'> = leaf();
export const parameter: OpDefinition<'parameter'> = leaf();
export const constant: OpDefinition<'constant'> = {
  ...leaf<'constant'>(),
  infer(_inputs, attrs, reject) {
    checkShape(attrs.type.shape, reject);
    const size = sizeOf(attrs.type.shape);
    if (attrs.data.length !== size)
      reject(`the constant has ${attrs.data.length} elements, its shape ${size}`);
    return attrs.type;
  },
};

/** Attributes of a constant; the array's kind follows the dtype. */
export function constantAttrs(
  shape: readonly number[],
  data: readonly number[],
  dtype: DType = 'f32',
): ConstantAttrs {
  const kinds = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };
  return { type: { dtype, shape }, data: kinds[dtype].from(data) };
}
