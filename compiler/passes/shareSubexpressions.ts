/**
 * Postcondition: no two nodes compute the same operation with the same attributes from the same values; the
 * first one serves all. Parameters and inputs are what they are; large constants are left alone, comparing
 * them would cost more than they do.
 */
import { isConstant } from '../ir/leaves.ts';
import type { Node, ValueId } from '../ir/types.ts';
import { rewrite } from '../ops/infer.ts';
import { factsOf } from '../ops/nodeFacts.ts';
import type { Pass } from './types.ts';

const LARGEST_CONSTANT = 64;

export const shareSubexpressions: Pass = {
  name: 'shareSubexpressions',
  run(graph) {
    const first = new Map<string, ValueId>();
    return rewrite(graph, (node, inputs, g) => {
      const key = keyOf(node, inputs);
      if (key === undefined) return undefined;
      const known = first.get(key);
      if (known !== undefined) return known;
      const value = g.copy(node, inputs);
      first.set(key, value);
      return value;
    });
  },
};

function keyOf(node: Node, inputs: readonly ValueId[]): string | undefined {
  if (isConstant(node)) {
    const { data, type } = node.attrs;
    return data.length > LARGEST_CONSTANT
      ? undefined
      : `${node.op} ${JSON.stringify(type)} ${Array.from(data).map(exact).join()}`;
  }
  if (factsOf(node).structural) return undefined;
  return `${node.op} ${inputs.join()} ${JSON.stringify(node.attrs, (_, value: unknown) => (typeof value === 'number' ? exact(value) : value))}`;
}

/** Minus zero and the infinities are numbers of their own. */
const exact = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
