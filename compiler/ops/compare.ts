/** compare: 1 if the relation between a and b is true, else 0, with broadcasting (ONNX Equal, Less, ...). */
import { f32, formatType, type TensorType } from '../ir/types.ts';
import { eq, ge, gt, le, lt, ne, select } from '../kernel/expression.ts';
import { inferBroadcast, pointwiseOp } from './shared/pointwise.ts';
import type { SampleInput } from './types.ts';

const RELATIONS = {
  equal: eq,
  notEqual: ne,
  less: lt,
  lessOrEqual: le,
  greater: gt,
  greaterOrEqual: ge,
};

export type Relation = keyof typeof RELATIONS;

/** ONNX has no operator for "not equal". */
const ONNX_RELATIONS = {
  equal: 'Equal',
  less: 'Less',
  lessOrEqual: 'LessOrEqual',
  greater: 'Greater',
  greaterOrEqual: 'GreaterOrEqual',
} as const;

declare module '../ir/types.ts' {
  interface Attrs {
    compare: { readonly relation: Relation };
  }
}

export const compare = pointwiseOp('compare', {
  operands: ['a', 'b'],
  infer([a, b], { relation }, reject): TensorType {
    if (!Object.hasOwn(RELATIONS, relation))
      reject(
        'CNNC1104',
        `the relation ${String(relation)} does not exist, expected one of ${Object.keys(RELATIONS).join(', ')}`,
      );
    if (a!.dtype !== b!.dtype)
      reject('CNNC1203', `a is ${formatType(a!)} and b is ${formatType(b!)}, expected one type`);
    return { dtype: 'i32', shape: inferBroadcast([a!, b!], reject).shape };
  },
  pointwise: ([a, b], { relation }) => select(RELATIONS[relation](a!, b!), 1, 0),
  gradient: 'notDifferentiable',
  samples: [
    ...(Object.keys(RELATIONS) as Relation[]).map((relation) => ({
      name: relation,
      inputs: [small(3, 5), small(3, 5)],
      attrs: { relation },
    })),
    { name: 'integers', inputs: [integers(4, 1), integers(3)], attrs: { relation: 'equal' } },
    { name: 'a scalar', inputs: [f32(2, 3, 2, 5), f32()], attrs: { relation: 'greater' } },
  ],
  onnx: ({ e, inputs, attrs: { relation } }) => {
    const holds =
      relation === 'notEqual'
        ? e.emit('Not', [e.emit('Equal', inputs)])
        : e.emit(ONNX_RELATIONS[relation], inputs);
    return e.cast(holds, 'i32');
  },
});

/** Only a few different numbers, so that some are equal. */
function small(...shape: number[]): SampleInput {
  return { ...f32(...shape), values: { kind: 'integers', below: 3 } };
}

function integers(...shape: number[]): SampleInput {
  return { dtype: 'i32', shape, values: { kind: 'integers', below: 3 } };
}
