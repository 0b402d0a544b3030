/**
 * Builds a kernel statement by statement. The TypeScript that calls the builder is the meta program: a TypeScript loop
 * around builder calls unrolls, `k.for` emits a loop.
 *
 *     k.for('i', 0, 16, (i) => k.store('out', i, mul(k.load('x', i), 2)));
 *
 * Loops with one iteration are not emitted. Their body is built with the constant instead. Names are made unique among
 * those in scope (`acc`, `acc_2`).
 */
import { constant, isConst, toExpr, type Operand } from './expression.ts';
import { GRID_NAMES, sharedBuffers } from './grid.ts';
import type { Expr, Grid, Kernel, KernelBuffer, ReduceOp, Statement, Type } from './types.ts';

export interface KernelBuilder {
  /** Emits a loop. `to` is exclusive. */
  for(name: string, from: Operand, to: Operand, body: (index: Expr) => void, options?: LoopOptions): void;
  /** Emits nested loops over a whole shape. Their iterations do not depend on each other. */
  forEach(names: readonly string[], shape: readonly number[], body: (index: Expr[]) => void): void;
  if(condition: Expr, then: () => void, otherwise?: () => void): void;
  /** Names a value that is computed once. Constants and variables are returned unchanged. */
  let(name: string, value: Expr): Expr;
  /** Declares a variable that `assign` may change. */
  variable(name: string, value: Operand, type?: Type): Expr;
  assign(variable: Expr, value: Operand): void;
  load(buffer: string, index: Operand, type?: 'f32x4'): Expr;
  store(buffer: string, index: Operand, value: Operand): void;
  /** Opens a scope, so that its names stay free for later statements. */
  block(comment: string, body: () => void): void;
  /**
   * A block that a grid of invocations computes. It is not inside of loops or branches. The grid's memory ends with
   * it.
   */
  grid(comment: string, grid: Grid, body: () => void): void;
  barrier(memory?: 'storage'): void;
  /** Combines the values of the workgroup's invocations. Each of them gets the result. */
  reduce(name: string, op: ReduceOp, value: Expr): Expr;
  comment(text: string): void;
}

export interface LoopOptions {
  readonly step?: number;
  readonly independent?: boolean;
}

export interface KernelSpec {
  readonly name: string;
  readonly comment?: readonly string[];
  readonly buffers: readonly KernelBuffer[];
  readonly grid?: Grid | undefined;
}

export function buildKernel(spec: KernelSpec, build: (k: KernelBuilder) => void): Kernel {
  const { grid } = spec;
  const buffers = new Map([...spec.buffers, ...sharedBuffers(grid)].map((buffer) => [buffer.name, buffer]));
  const taken = new Set([...buffers.keys(), ...(grid ? GRID_NAMES : [])]);
  const writer = createWriter(taken);
  build(createBuilder(writer, buffers, taken));
  const body = writer.finish();
  const kernel = { name: spec.name, comment: spec.comment ?? [], buffers: spec.buffers, body };
  return grid ? { ...kernel, grid } : kernel;
}

interface Writer {
  emit(statement: Statement): void;
  /** Builds a block in which `names` are taken. */
  block(build: () => void, names?: readonly string[]): Statement[];
  declareName(wanted: string): string;
  finish(): Statement[];
}

/** Keeps the open blocks and, for each, the names declared in it. */
function createWriter(taken: ReadonlySet<string>): Writer {
  const blocks: { statements: Statement[]; names: Set<string> }[] = [
    { statements: [], names: new Set(taken) },
  ];
  const current = () => blocks[blocks.length - 1]!;
  const inScope = (name: string) => blocks.some((block) => block.names.has(name));
  return {
    emit: (statement) => void current().statements.push(statement),
    block(build, names) {
      blocks.push({ statements: [], names: new Set(names) });
      build();
      return blocks.pop()!.statements;
    },
    declareName(wanted) {
      let name = wanted;
      for (let n = 2; inScope(name); n++) name = `${wanted}_${n}`;
      current().names.add(name);
      return name;
    },
    finish: () => current().statements,
  };
}

function createBuilder(
  writer: Writer,
  buffers: Map<string, KernelBuffer>,
  taken: Set<string>,
): KernelBuilder {
  const bufferOf = (name: string): KernelBuffer => {
    const buffer = buffers.get(name);
    if (!buffer) throw new Error(`the kernel has no buffer ${name}`);
    return buffer;
  };
  const k: KernelBuilder = {
    for(name, from, to, body, { step = 1, independent = false } = {}) {
      const [first, end] = [toExpr(from, 'i32'), toExpr(to, 'i32')];
      if (isConst(first) && isConst(end)) {
        if (first.value >= end.value) return;
        if (first.value + step >= end.value) return body(first);
      }
      let loopName = name;
      const statements = writer.block(() => {
        loopName = writer.declareName(name);
        body({ kind: 'var', type: 'i32', name: loopName });
      });
      writer.emit({ kind: 'for', name: loopName, from: first, to: end, step, body: statements, independent });
    },
    forEach(names, shape, body) {
      const open = (axis: number, index: Expr[]): void => {
        if (axis === shape.length) return body(index);
        const name = names[axis] ?? `i${axis}`;
        k.for(name, 0, shape[axis]!, (i) => open(axis + 1, [...index, i]), { independent: true });
      };
      if (shape.every((extent) => extent > 0)) open(0, []);
    },
    if(condition, then, otherwise) {
      if (isConst(condition)) return condition.value ? then() : otherwise?.();
      const thenBlock = writer.block(then);
      const elseBlock = otherwise ? writer.block(otherwise) : [];
      writer.emit({ kind: 'if', condition, then: thenBlock, otherwise: elseBlock });
    },
    let(name, value) {
      if (value.kind === 'const' || value.kind === 'var') return value;
      const unique = writer.declareName(name);
      writer.emit({ kind: 'declare', name: unique, type: value.type, value, mutable: false });
      return { kind: 'var', type: value.type, name: unique };
    },
    variable(name, value, type = typeof value === 'number' ? 'f32' : value.type) {
      const unique = writer.declareName(name);
      writer.emit({ kind: 'declare', name: unique, type, value: toExpr(value, type), mutable: true });
      return { kind: 'var', type, name: unique };
    },
    assign(variable, value) {
      if (variable.kind !== 'var') throw new Error('only a variable can be assigned');
      writer.emit({ kind: 'assign', name: variable.name, value: toExpr(value, variable.type) });
    },
    load: (buffer, index, type) => ({
      kind: 'load',
      type: type ?? bufferOf(buffer).element,
      buffer,
      index: typeof index === 'number' ? constant(index) : index,
    }),
    store(buffer, index, value) {
      const stored = toExpr(value, bufferOf(buffer).element);
      writer.emit({ kind: 'store', buffer, index: toExpr(index, 'i32'), value: stored });
    },
    block: (comment, body) => writer.emit({ kind: 'block', comment, body: writer.block(body) }),
    grid(comment, grid, body) {
      const shared = sharedBuffers(grid);
      for (const one of shared) buffers.set(one.name, one);
      const names = [...GRID_NAMES, ...shared.map((one) => one.name)];
      for (const name of names) taken.add(name);
      writer.emit({ kind: 'block', comment, grid, body: writer.block(body, names) });
      for (const one of shared) buffers.delete(one.name);
    },
    barrier: (memory) => writer.emit(memory ? { kind: 'barrier', memory } : { kind: 'barrier' }),
    reduce(name, op, value) {
      if (value.type !== 'f32' && value.type !== 'f32x4') throw new Error(`there is no sum of ${value.type}`);
      const unique = writer.declareName(name);
      writer.emit({ kind: 'reduce', name: unique, type: value.type, op, value });
      return { kind: 'var', type: value.type, name: unique };
    },
    comment: (text) => writer.emit({ kind: 'comment', text }),
  };
  return k;
}
