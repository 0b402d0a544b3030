/** What a rule of `simplify` sees: a node that is about to be written, with operands of the new graph. */
import type { GraphBuilder } from '../../ir/builder.ts';
import { sameShape, type Attrs, type Node, type OpName, type ValueId } from '../../ir/types.ts';
import { isOp } from '../../ops/isOp.ts';
import type { Facts } from './knowing.ts';

export interface RuleSite<K extends OpName> {
  readonly attrs: Attrs[K];
  /** The shape of the result. */
  readonly shape: readonly number[];
  /** The operands in the new graph. */
  readonly inputs: readonly ValueId[];
  readonly g: GraphBuilder;
  readonly facts: Facts;
  /** Builds a new node of this operator, simplified by the same rules. */
  build<P extends OpName>(op: { readonly name: P }, inputs: readonly ValueId[], attrs: Attrs[P]): ValueId;
}

/** Returns the value that replaces the node. Undefined if the rule does not apply. */
export type Rule<K extends OpName> = (site: RuleSite<K>) => ValueId | undefined;

/** Returns the node that makes the first operand, if it has this operator. */
export function operandOf<K extends OpName>(
  { g, inputs: [x] }: RuleSite<OpName>,
  op: { readonly name: K },
): Extract<Node, { readonly op: K }> | undefined {
  const node = g.nodes[x!]!;
  return isOp(node, op) ? node : undefined;
}

export const hasShape = ({ g, shape }: RuleSite<OpName>, x: ValueId): boolean =>
  sameShape(g.shapeOf(x), shape);
