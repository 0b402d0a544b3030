/**
 * Vector constants of an innermost loop become variables before it. V8 builds a constant again at every use, with three
 * instructions, but keeps a variable in a register.
 *
 * Postcondition: no loop without loops inside of it contains a vector of four equal constants, except zero, which
 * takes one instruction. Loops that become functions keep theirs.
 */
import { splat } from '../../../kernel/expression.ts';
import type { Expr, Kernel, Statement } from '../../../kernel/types.ts';
import { mapExpr, mapStatement, namesIn, someStatement, unusedName } from '../../../kernel/walk.ts';

type Loop = Extract<Statement, { kind: 'for' }>;

export function hoistConstants(kernel: Kernel): Kernel {
  const names = namesIn(kernel.body);
  for (const { name } of kernel.buffers) names.add(name);
  const body = hoistAll(kernel.body, names);
  return body === kernel.body ? kernel : { ...kernel, body };
}

/** The statements with variables before their loops; the same list if there is nothing to hoist. */
function hoistAll(body: readonly Statement[], names: Set<string>): readonly Statement[] {
  const hoisted = body.flatMap((s) => (isInnermost(s) ? hoist(s, names) : [inside(s, names)]));
  const isSame = hoisted.length === body.length && hoisted.every((s, i) => s === body[i]);
  return isSame ? body : hoisted;
}

const isInnermost = (s: Statement): s is Loop =>
  s.kind === 'for' && !s.isOutlined && !someStatement(s.body, (one) => one.kind === 'for');

/** The statement with its inner bodies changed; the same object if they do not change. */
function inside(s: Statement, names: Set<string>): Statement {
  let isChanged = false;
  const mapped = mapStatement(s, (body) => {
    const hoisted = hoistAll(body, names);
    isChanged ||= hoisted !== body;
    return hoisted;
  });
  return isChanged ? mapped : s;
}

function hoist(loop: Loop, names: Set<string>): Statement[] {
  const constants = new Map<number, string>();
  const change = (e: Expr): Expr =>
    mapExpr(e, (part) => {
      if (part.kind !== 'splat' || part.value.kind !== 'const' || part.value.value === 0) return part;
      const { value } = part.value;
      const name = constants.get(value) ?? unusedName(nameOf(value), names);
      constants.set(value, name);
      return { kind: 'var', type: 'f32x4', name };
    });
  const body = changeAll(loop.body, change);
  if (constants.size === 0) return [loop];
  const declared = [...constants].map(([value, name]): Statement => ({
    ...{ kind: 'declare', name, type: 'f32x4', mutable: false },
    value: splat({ kind: 'const', type: 'f32', value }),
  }));
  return [...declared, { ...loop, body }];
}

const changeAll = (body: readonly Statement[], change: (e: Expr) => Expr): readonly Statement[] =>
  body.map((s) => mapStatement(s, (inner) => changeAll(inner, change), change));

/** `c4`, `cMinus0_25`. */
const nameOf = (value: number): string =>
  `c${value < 0 ? 'Minus' : ''}${String(Math.abs(value)).replaceAll(/[^\dA-Za-z]/g, '_')}`;
