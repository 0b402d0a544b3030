/** The definitions of the leaves, which `ir/leaves.ts` describes, and functions that make constants. */
import type { GraphBuilder } from '../ir/builder.ts';
import type { ConstantAttrs } from '../ir/leaves.ts';
import { sizeOf, type Attrs, type DType, type ValueId } from '../ir/types.ts';
import type { OpDefinition, Reject } from './types.ts';

type Leaf = 'input' | 'parameter' | 'constant';

/** The largest number of elements. A Float32Array cannot be larger, and a malicious file must be refused before. */
const MAX_ELEMENTS = 2 ** 31;

export function checkShape(shape: readonly number[], reject: Reject): void {
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 1)) {
    reject('CNNC1104', `the shape [${shape.join(', ')}] is not made of whole numbers from 1`);
  }
  if (sizeOf(shape) > MAX_ELEMENTS)
    reject('CNNC1205', `the shape [${shape.join(', ')}] has more than 2^31 elements`);
}

function leaf<K extends Leaf>(name: K): OpDefinition<K> {
  return {
    name,
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

export const input: OpDefinition<'input'> = leaf('input');
export const parameter: OpDefinition<'parameter'> = leaf('parameter');
export const constant: OpDefinition<'constant'> = {
  ...leaf('constant'),
  infer(_inputs, attrs, reject) {
    checkShape(attrs.type.shape, reject);
    const size = sizeOf(attrs.type.shape);
    if (attrs.data.length !== size)
      reject('CNNC1202', `the constant has ${attrs.data.length} elements, its shape ${size}`);
    return attrs.type;
  },
};

/** Attributes of a constant. The dtype decides the kind of the array. */
export function constantAttrs(
  shape: readonly number[],
  data: readonly number[],
  dtype: DType = 'f32',
): ConstantAttrs {
  const kinds = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };
  return { type: { dtype, shape }, data: kinds[dtype].from(data) };
}

/** Appends a number, which broadcasts to any shape. */
export const scalar = (g: GraphBuilder, value: number): ValueId =>
  g.node(constant.name, [], constantAttrs([], [value]));
