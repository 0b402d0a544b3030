/** A rule of `simplify`: for a node it returns a simpler value, or undefined where the node stays as it is. */
import type { GraphBuilder } from '../../ir/builder.ts';
import type { Attrs, OpName, ValueId } from '../../ir/types.ts';
import type { Facts } from './knowing.ts';

export interface RuleSite<K extends OpName> {
  readonly attrs: Attrs[K];
  /** Of the result. */
  readonly shape: readonly number[];
  /** In the new graph. */
  readonly inputs: readonly ValueId[];
  readonly g: GraphBuilder;
  readonly facts: Facts;
  /** A new node, or what it comes to by these same rules. */
  build<P extends OpName>(op: P, inputs: readonly ValueId[], attrs: Attrs[P]): ValueId;
}

export type Rule<K extends OpName> = (site: RuleSite<K>) => ValueId | undefined;
