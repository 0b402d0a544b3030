/** What a rule of `simplify` sees: a node that is about to be written, on operands of the new graph. */
import type { GraphBuilder } from '../../ir/builder.ts';
import { sameShape, type Attrs, type Node, type OpName, type ValueId } from '../../ir/types.ts';
import { isOp } from '../../ops/isOp.ts';
import type { Facts } from './knowing.ts';

export interface RuleSite<K extends OpName> {
  readonly attrs: Attrs[K];
  /** Of the result. */
  readonly shape: readonly number[];
  /** In the new graph. */
  readonly inputs: readonly ValueId[];
  readonly g: GraphBuilder;
  readonly facts: Facts;
  /** A new node of this operator, or what it comes to by these same rules. */
  build<P extends OpName>(op: { readonly name: P }, inputs: readonly ValueId[], attrs: Attrs[P]): ValueId;
}

/** The value that stands for the node instead; undefined where the rule does not apply. */
export type Rule<K extends OpName> = (site: RuleSite<K>) => ValueId | undefined;

/** The node that makes the first operand, where it is of this operator. */
export function operandOf<K extends OpName>(
  { g, inputs: [x] }: RuleSite<OpName>,
  op: { readonly name: K },
): Extract<Node, { readonly op: K }> | undefined {
  const node = g.nodes[x!]!;
  return isOp(node, op) ? node : undefined;
}

export const hasShape = ({ g, shape }: RuleSite<OpName>, x: ValueId): boolean =>
  sameShape(g.shapeOf(x), shape);
