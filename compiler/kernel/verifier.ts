/**
 * Checks a kernel before any target prints it: every name is declared and in scope, types agree, buffers exist and
 * are accessed as declared, constant indices are inside. A failure is a bug in the compiler, so it throws plain
 * errors that name the kernel.
 */
import { GRID_NAMES, sharedBuffers } from './grid.ts';
import type { BinaryOp, Expr, Kernel, KernelBuffer, ScalarType, Statement, Type, UnaryOp } from './types.ts';

const COMPARISONS: ReadonlySet<BinaryOp> = new Set(['lt', 'le', 'gt', 'ge', 'eq', 'ne']);

const FLOATS: readonly Type[] = ['f32', 'f32x4'];
const NUMBERS: readonly Type[] = [...FLOATS, 'i32', 'u32'];

function unaryTypes(op: UnaryOp): readonly Type[] {
  if (op === 'not') return ['bool', 'boolx4'];
  return op === 'neg' || op === 'abs' ? [...FLOATS, 'i32'] : FLOATS;
}

function binaryTypes(op: BinaryOp): readonly Type[] {
  if (op === 'and' || op === 'or') return ['i32', 'u32', 'bool', 'boolx4'];
  if (op === 'xor' || op === 'shl' || op === 'shr') return ['i32', 'u32'];
  if (op === 'pow') return FLOATS;
  return op === 'eq' || op === 'ne' ? [...NUMBERS, 'bool'] : NUMBERS;
}

const comparedType = (type: Type): Type => (type === 'f32x4' ? 'boolx4' : 'bool');

interface Name {
  readonly type: Type;
  readonly mutable: boolean;
}

interface Scope {
  readonly names: Map<string, Name>;
  readonly outer?: Scope;
}

export function verifyKernel(kernel: Kernel): Kernel {
  const all = [...kernel.buffers, ...sharedBuffers(kernel.grid)];
  const buffers = new Map(all.map((buffer) => [buffer.name, buffer]));
  const reject = (problem: string): never => {
    throw new Error(`kernel ${kernel.name}: ${problem}`);
  };
  if (buffers.size !== all.length) reject('two buffers share a name');
  const names = new Map<string, Name>(kernel.grid ? gridNames() : []);
  if (kernel.count) names.set(kernel.count.name, { type: 'i32', mutable: false });
  verifyBlock(kernel.body, { names }, { buffers, hasGrid: kernel.grid !== undefined, reject });
  return kernel;
}

/** The names of the numbers that identify an invocation. */
const gridNames = (): Map<string, Name> =>
  new Map(GRID_NAMES.map((name) => [name, { type: 'i32', mutable: false }]));

/** A block with its own grid also sees that grid's memory. */
function verifyGrid(
  { grid, body }: Extract<Statement, { kind: 'block' }>,
  scope: Scope,
  context: Context,
): void {
  const shared = sharedBuffers(grid).map((buffer) => [buffer.name, buffer] as const);
  const hidden = shared.find(([name]) => context.buffers.has(name));
  if (hidden) context.reject(`${hidden[0]} of a grid hides a buffer`);
  const buffers = new Map([...context.buffers, ...shared]);
  verifyBlock(body, { names: gridNames(), outer: scope }, { ...context, hasGrid: true, buffers });
}

interface Context {
  readonly buffers: ReadonlyMap<string, KernelBuffer>;
  readonly hasGrid: boolean;
  readonly reject: (problem: string) => never;
}

function lookup(scope: Scope | undefined, name: string): Name | undefined {
  for (; scope; scope = scope.outer) {
    const found = scope.names.get(name);
    if (found) return found;
  }
  return undefined;
}

function verifyBlock(body: readonly Statement[], scope: Scope, context: Context): void {
  for (const statement of body) verifyStatement(statement, scope, context);
}

const inner = (outer: Scope, names = new Map<string, Name>()): Scope => ({ names, outer });

function declare(name: string, type: Type, mutable: boolean, scope: Scope, context: Context): void {
  if (lookup(scope, name) ?? context.buffers.get(name)) context.reject(`${name} is declared twice`);
  scope.names.set(name, { type, mutable });
}

function verifyStatement(s: Statement, scope: Scope, context: Context): void {
  switch (s.kind) {
    case 'for':
      expect(s.from, 'i32', `the start of loop ${s.name}`, scope, context);
      expect(s.to, 'i32', `the end of loop ${s.name}`, scope, context);
      if (!(Number.isInteger(s.step) && s.step > 0)) context.reject(`loop ${s.name} steps by ${s.step}`);
      if (lookup(scope, s.name) ?? context.buffers.get(s.name))
        context.reject(`loop ${s.name} hides another name`);
      return verifyBlock(s.body, inner(scope, new Map([[s.name, { type: 'i32', mutable: false }]])), context);
    case 'if':
      expect(s.condition, 'bool', 'a condition', scope, context);
      verifyBlock(s.then, inner(scope), context);
      return verifyBlock(s.otherwise, inner(scope), context);
    case 'declare':
      expect(s.value, s.type, `the value of ${s.name}`, scope, context);
      return declare(s.name, s.type, s.mutable, scope, context);
    case 'reduce':
      if (!context.hasGrid) context.reject(`${s.name} is of a workgroup, here is no grid`);
      expect(s.value, s.type, `the value of ${s.name}`, scope, context);
      if (!FLOATS.includes(s.type)) context.reject(`there is no ${s.op} of ${s.type} over a workgroup`);
      return declare(s.name, s.type, false, scope, context);
    case 'assign': {
      const variable = lookup(scope, s.name) ?? context.reject(`${s.name} is assigned but not declared`);
      if (!variable.mutable) context.reject(`${s.name} is assigned but constant`);
      return expect(s.value, variable.type, `the value of ${s.name}`, scope, context);
    }
    case 'store': {
      const buffer = accessed(s.buffer, 'write', context);
      expect(s.index, 'i32', `the index into ${s.buffer}`, scope, context);
      const type = verifyExpr(s.value, scope, context);
      if (type !== buffer.element && !(type === 'f32x4' && buffer.element === 'f32')) {
        context.reject(`${type} is stored into ${s.buffer}, which holds ${buffer.element}`);
      }
      return verifyConstantIndex(buffer, s.index, type, context);
    }
    case 'block':
      return s.grid ? verifyGrid(s, scope, context) : verifyBlock(s.body, inner(scope), context);
    case 'barrier':
    case 'comment':
      return;
  }
}

function accessed(name: string, access: 'read' | 'write', context: Context): KernelBuffer {
  const buffer = context.buffers.get(name) ?? context.reject(`there is no buffer ${name}`);
  const allowed = ['readWrite', 'workspace', access].includes(buffer.access);
  if (!allowed) context.reject(`${name} is ${buffer.access} only`);
  return buffer;
}

function verifyConstantIndex(buffer: KernelBuffer, index: Expr, type: Type, context: Context): void {
  if (index.kind !== 'const') return;
  const last = index.value + (type === 'f32x4' ? 3 : 0);
  if (index.value < 0 || last >= buffer.length) {
    context.reject(`index ${index.value} is outside ${buffer.name}[${buffer.length}]`);
  }
}

function expect(e: Expr, expected: Type, what: string, scope: Scope, context: Context): void {
  const found = verifyExpr(e, scope, context);
  if (found !== expected) context.reject(`${what} is ${found}, expected ${expected}`);
}

/** It runs for every part of every kernel, so it creates no functions. */
function verifyExpr(e: Expr, scope: Scope, context: Context): Type {
  switch (e.kind) {
    case 'const':
      break;
    case 'var': {
      const variable = lookup(scope, e.name) ?? context.reject(`${e.name} is used but not declared`);
      if (variable.type !== e.type) context.reject(`${e.name} is ${variable.type}, used as ${e.type}`);
      break;
    }
    case 'load': {
      const buffer = accessed(e.buffer, 'read', context);
      expect(e.index, 'i32', `the index into ${e.buffer}`, scope, context);
      if (e.type !== buffer.element && !(e.type === 'f32x4' && buffer.element === 'f32')) {
        context.reject(`${e.buffer} holds ${buffer.element}, loaded as ${e.type}`);
      }
      verifyConstantIndex(buffer, e.index, e.type, context);
      break;
    }
    case 'unary':
      expect(e.value, e.type, `the operand of ${e.op}`, scope, context);
      if (!unaryTypes(e.op).includes(e.type)) context.reject(`there is no ${e.op} of ${e.type}`);
      break;
    case 'binary': {
      const left = verifyExpr(e.left, scope, context);
      expect(e.right, left, `the right side of ${e.op}`, scope, context);
      const result = COMPARISONS.has(e.op) ? comparedType(left) : left;
      if (result !== e.type) context.reject(`${e.op} of ${left} is marked ${e.type}`);
      if (!binaryTypes(e.op).includes(left)) context.reject(`there is no ${e.op} of ${left}`);
      break;
    }
    case 'fma':
      for (const part of [e.a, e.b, e.c]) expect(part, e.type, 'an operand of fma', scope, context);
      break;
    case 'select':
      if (verifyExpr(e.condition, scope, context) !== 'boolx4')
        expect(e.condition, 'bool', 'the condition of select', scope, context);
      else if (e.type !== 'f32x4') context.reject(`a boolx4 selects ${e.type}`);
      expect(e.then, e.type, 'a branch of select', scope, context);
      expect(e.otherwise, e.type, 'a branch of select', scope, context);
      break;
    case 'cast':
      if (['f32x4', 'boolx4'].includes(verifyExpr(e.value, scope, context)))
        context.reject('a vector is cast');
      break;
    case 'splat':
      expect(e.value, 'f32' satisfies ScalarType, 'the operand of splat', scope, context);
      break;
    case 'vector':
      for (const value of e.values) expect(value, 'f32', 'a lane of vector', scope, context);
      break;
    case 'lane':
      expect(e.vector, 'f32x4', 'the operand of lane', scope, context);
      break;
  }
  return e.type;
}
