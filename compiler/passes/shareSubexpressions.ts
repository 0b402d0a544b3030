/**
 * Postcondition: no two nodes apply the same operator with the same attributes to the same values; the first one
 * replaces the others. Parameters and inputs are never shared. Large constants are not compared, because that would
 * cost more than it saves.
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

/** Distinguishes minus zero and the infinities. */
const exact = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));
