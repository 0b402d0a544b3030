/**
 * The range of an integer expression, as far as it follows from loop bounds and constants. An instruction may have a
 * constant offset only if the address that it is added to is never negative, because such sums do not wrap around.
 */
import type { Expr } from '../../kernel/types.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The ranges of names in scope. A name that is missing may have any value. */
export type Ranges = ReadonlyMap<string, Range>;

const ANY: Range = { low: -Infinity, high: Infinity };

export function rangeOf(e: Expr, ranges: Ranges): Range {
  switch (e.kind) {
    case 'const':
      return { low: e.value, high: e.value };
    case 'var':
      return ranges.get(e.name) ?? ANY;
    case 'binary':
      return binaryRange(e, ranges);
    case 'select': {
      const [a, b] = [rangeOf(e.then, ranges), rangeOf(e.otherwise, ranges)];
      return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
    }
    default:
      return ANY;
  }
}

function binaryRange(e: Extract<Expr, { kind: 'binary' }>, ranges: Ranges): Range {
  const [a, b] = [rangeOf(e.left, ranges), rangeOf(e.right, ranges)];
  switch (e.op) {
    case 'add':
      return { low: a.low + b.low, high: a.high + b.high };
    case 'sub':
      return { low: a.low - b.high, high: a.high - b.low };
    case 'mul':
      return hull([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);
    case 'min':
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    case 'max':
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    case 'div':
      return b.low === b.high && b.low > 0
        ? { low: Math.trunc(a.low / b.low), high: Math.trunc(a.high / b.low) }
        : ANY;
    case 'rem':
      return b.low === b.high && a.low >= 0 ? { low: 0, high: Math.min(a.high, b.low - 1) } : ANY;
    default:
      return ANY;
  }
}

function hull(values: readonly number[]): Range {
  // NaN comes from 0 times infinity, so nothing is known.
  if (values.some(Number.isNaN)) return ANY;
  return { low: Math.min(...values), high: Math.max(...values) };
}
