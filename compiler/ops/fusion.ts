/**
 * fusion: a root operation and the pointwise tail behind it, as one kernel. The body is a graph whose
 * `input` nodes stand for the fusion's operands in order; its single output is the fusion's value.
 *
 *     conv2d -> add(residual) -> relu     is one fusion with operands x, weight, bias, residual
 */
import type { Graph, Node, TensorType } from '../ir/types.ts';
import { nodeOf } from '../ir/types.ts';
import type { OpDefinition } from './types.ts';

export interface FusionAttrs {
  readonly body: Graph;
}

declare module '../ir/types.ts' {
  interface Attrs {
    fusion: FusionAttrs;
  }
}

export const bodyInputs = (body: Graph): readonly Node<'input'>[] =>
  body.nodes.filter((node): node is Node<'input'> => node.op === 'input');

/** The nodes that compute, in order: the root first, then its tail. */
export const bodyNodes = (body: Graph): readonly Node[] => body.nodes.filter((node) => node.op !== 'input');

export const fusion: OpDefinition<'fusion'> = {
  operands: ['...operands'],
  structural: true,
  infer(inputs, { body }, reject): TensorType {
    const expected = bodyInputs(body).length;
    if (inputs.length !== expected)
      reject(`${inputs.length} operands were given, the body has ${expected} inputs`);
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
