/** fusion: a root operator and its pointwise tail as one kernel. `ir/fusion.ts` describes its body. */
import { bodyInputs } from '../ir/fusion.ts';
import { nodeOf, type TensorType } from '../ir/types.ts';
import type { OpDefinition } from './types.ts';

export const fusion: OpDefinition<'fusion'> = {
  name: 'fusion',
  operands: ['...operands'],
  structural: true,
  infer(inputs, { body }, reject): TensorType {
    const expected = bodyInputs(body).length;
    if (inputs.length !== expected)
      reject('CNNC1201', `${inputs.length} operands were given, the body has ${expected} inputs`);
    return nodeOf(body, body.outputs[0]!.value).type;
  },
  gradient: 'notDifferentiable',
  define: () => {
    throw new Error('a fusion is built by ops/reference.ts from its body');
  },
  cost: () => {
    throw new Error('a fusion costs what its body costs: ops/cost.ts');
  },
  samples: [],
};
