/** Vectors along a result's last axis, for any rank, and the start of such an axis. */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, lane, toExpr, type Operand } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OutputAccess } from '../../ops/types.ts';

/** Stores the first `count` numbers of a vector. */
export function storeAlong(
  k: KernelBuilder,
  output: OutputAccess,
  index: readonly Operand[],
  value: Expr,
  count: number,
): void {
  if (index.length === 2) return output.storeChannels(index, value, Math.min(4, count));
  const named = k.let('along', value);
  const [outer, last] = [index.slice(0, -1), toExpr(index.at(-1)!, 'i32')];
  for (let i = 0; i < Math.min(4, count); i++)
    output.store([...outer, add(last, i)], lane(named, i as 0 | 1 | 2 | 3));
}
