/**
 * Names the common part of indices: statements of one block that access a buffer at `base`, `base + 1`, `base + 2` ...
 * compute `base` once.
 *
 *     out[oy * 56 + ox] = a;                    const outAt = oy * 56 + ox;
 *     out[oy * 56 + ox + 1] = b;        ->      out[outAt] = a;
 *                                               out[outAt + 1] = b;
 */
import { GRID_NAMES, sharedBuffers } from '../grid.ts';
import type { Expr, Kernel, Statement } from '../types.ts';
import { mapExpr, namesIn, unusedName, visitStatements } from '../walk.ts';

interface Shared {
  readonly buffer: string;
  readonly base: Expr;
  uses: number;
  /** Index of the first statement that uses it. */
  readonly first: number;
  name?: string;
}

/** Shares indices in a whole kernel. */
export const shareKernelIndices = (kernel: Kernel): Kernel => ({
  ...kernel,
  body: shareIndices(kernel.body, bufferNames(kernel)),
});

/** Names of the kernel's buffers and of the memory of its grids. */
function bufferNames({ buffers, grid, body }: Kernel): string[] {
  const grids = [grid, ...body.map((s) => (s.kind === 'block' ? s.grid : undefined))];
  const shared = grids.flatMap(sharedBuffers);
  const own = grids.some((one) => one !== undefined) ? GRID_NAMES : [];
  return [...[...buffers, ...shared].map(({ name }) => name), ...own];
}

/** Shares indices in a body. `taken` are names that must not be used: the kernel's buffers. */
export function shareIndices(body: readonly Statement[], taken: Iterable<string> = []): Statement[] {
  const mutable = new Set<string>();
  visitStatements(body, (s) => {
    if (s.kind === 'declare' && s.mutable) mutable.add(s.name);
  });
  return shareBlock(body, new Set(taken), mutable);
}

function shareBlock(
  body: readonly Statement[],
  outer: ReadonlySet<string>,
  mutable: ReadonlySet<string>,
): Statement[] {
  const names = new Set([...outer, ...namesIn(body)]);
  const found = new Map<string, Shared>();
  body.forEach((s, at) => {
    forEachIndex(s, (buffer, index) => {
      const base = baseOf(index);
      if (base.kind !== 'binary' || refersTo(base, mutable)) return;
      const key = `${buffer} ${JSON.stringify(base)}`;
      const known = found.get(key);
      if (known) known.uses++;
      else found.set(key, { buffer, base, uses: 1, first: at });
    });
  });
  const shared = [...found.values()].filter(({ uses }) => uses > 1);
  for (const one of shared) one.name = unusedName(`${one.buffer}At`, names);
  const byKey = new Map(shared.map((one) => [`${one.buffer} ${JSON.stringify(one.base)}`, one.name!]));
  // Blocks inside of a statement may use the names of its neighbours too.
  const visible = new Set([...outer, ...declaredIn(body), ...shared.map(({ name }) => name!)]);
  return body.flatMap((s, at) => {
    const declared = shared
      .filter(({ first }) => first === at)
      .map(({ name, base }): Statement => ({
        kind: 'declare',
        name: name!,
        type: 'i32',
        value: base,
        mutable: false,
      }));
    return [...declared, replaceIn(s, byKey, visible, mutable)];
  });
}

/** Names declared directly in the body, not inside of its statements. */
const declaredIn = (body: readonly Statement[]): string[] =>
  body.flatMap((s) => (s.kind === 'declare' ? [s.name] : []));

/** An index without its constant part. */
const baseOf = (index: Expr): Expr =>
  index.kind === 'binary' && (index.op === 'add' || index.op === 'sub') && index.right.kind === 'const'
    ? index.left
    : index;

function refersTo(e: Expr, names: ReadonlySet<string>): boolean {
  let found = false;
  mapExpr(e, (inner) => {
    // A load may change between two uses, so only arithmetic on loop counters and constants is shared.
    if (inner.kind === 'load' || (inner.kind === 'var' && names.has(inner.name))) found = true;
    return inner;
  });
  return found;
}

/** Visits indices of the statement itself, not those inside of its blocks. */
function forEachIndex(s: Statement, see: (buffer: string, index: Expr) => void): void {
  const look = (e: Expr): void =>
    void mapExpr(e, (inner) => {
      if (inner.kind === 'load') see(inner.buffer, inner.index);
      return inner;
    });
  if (s.kind === 'declare' || s.kind === 'reduce' || s.kind === 'assign') look(s.value);
  if (s.kind === 'store') {
    look(s.value);
    see(s.buffer, s.index);
  }
}

function replaceIn(
  s: Statement,
  shared: ReadonlyMap<string, string>,
  names: ReadonlySet<string>,
  mutable: ReadonlySet<string>,
): Statement {
  const index = (buffer: string, e: Expr): Expr => {
    const base = baseOf(e);
    const name = base.kind === 'binary' ? shared.get(`${buffer} ${JSON.stringify(base)}`) : undefined;
    if (!name) return e;
    const variable: Expr = { kind: 'var', type: 'i32', name };
    return base === e ? variable : { ...(e as Extract<Expr, { kind: 'binary' }>), left: variable };
  };
  const value = (e: Expr): Expr =>
    mapExpr(e, (inner) =>
      inner.kind === 'load' ? { ...inner, index: index(inner.buffer, inner.index) } : inner,
    );
  switch (s.kind) {
    case 'for':
      return { ...s, body: shareBlock(s.body, new Set([...names, s.name]), mutable) };
    case 'block':
      return { ...s, body: shareBlock(s.body, names, mutable) };
    case 'if':
      return {
        ...s,
        then: shareBlock(s.then, names, mutable),
        otherwise: shareBlock(s.otherwise, names, mutable),
      };
    case 'declare':
    case 'reduce':
    case 'assign':
      return { ...s, value: value(s.value) };
    case 'store':
      return { ...s, index: index(s.buffer, s.index), value: value(s.value) };
    case 'barrier':
    case 'comment':
      return s;
  }
}
