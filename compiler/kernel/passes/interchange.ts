/**
 * Postcondition: nested loops whose iterations do not depend on each other, with nothing between them, run in the
 * memory order of their results: the innermost loop has the smallest stride. The computation is the same.
 */
import type { Expr, Kernel, Statement } from '../types.ts';
import { somePart } from '../walk.ts';

type Loop = Extract<Statement, { kind: 'for' }>;

export const interchangeLoops = (kernel: Kernel): Kernel => ({
  ...kernel,
  body: kernel.body.map(interchange),
});

function interchange(statement: Statement): Statement {
  if (statement.kind !== 'for') return statement;
  const nest = perfectNest(statement);
  const { body } = nest.at(-1)!;
  const strides = new Map(nest.map(({ name }) => [name, strideOf(body, name)]));
  if ([...strides.values()].includes(undefined)) return statement;
  const order = [...nest].sort((a, b) => strides.get(b.name)! - strides.get(a.name)!);
  return order.reduceRight<readonly Statement[]>((inner, loop) => [{ ...loop, body: inner }], body)[0]!;
}

/** The loop and those directly inside of it, as long as they are independent and have constant bounds. */
function perfectNest(loop: Loop): Loop[] {
  const isFixed = loop.independent && loop.from.kind === 'const' && loop.to.kind === 'const';
  if (!isFixed) return [loop];
  const [inner, another] = loop.body;
  if (another || inner?.kind !== 'for' || !inner.independent) return [loop];
  const rest = perfectNest(inner);
  const innermost = rest.at(-1)!;
  return innermost.from.kind === 'const' && innermost.to.kind === 'const' ? [loop, ...rest] : [loop];
}

/** The distance between results for consecutive values of a loop's variable. Undefined if it is not one number. */
function strideOf(body: readonly Statement[], name: string): number | undefined {
  const strides = new Set(storesIn(body).map(({ index }) => coefficient(index, name)));
  const [stride] = strides;
  return strides.size === 1 ? stride : undefined;
}

function storesIn(body: readonly Statement[]): Extract<Statement, { kind: 'store' }>[] {
  return body.flatMap((statement) => {
    switch (statement.kind) {
      case 'store':
        return [statement];
      case 'for':
      case 'block':
        return storesIn(statement.body);
      case 'if':
        return [...storesIn(statement.then), ...storesIn(statement.otherwise)];
      default:
        return [];
    }
  });
}

/** The coefficient of a variable in a sum of products with constants. */
function coefficient(index: Expr, name: string): number | undefined {
  if (!mentions(index, name)) return 0;
  if (index.kind === 'var') return 1;
  if (index.kind !== 'binary') return undefined;
  const { op, left, right } = index;
  const [a, b] = [coefficient(left, name), coefficient(right, name)];
  if (a === undefined || b === undefined) return undefined;
  if (op === 'add') return a + b;
  if (op === 'sub') return a - b;
  if (op === 'mul' && right.kind === 'const') return a * right.value;
  if (op === 'mul' && left.kind === 'const') return b * left.value;
  return undefined;
}

const mentions = (expr: Expr, name: string): boolean =>
  somePart(expr, (part) => part.kind === 'var' && part.name === name);
