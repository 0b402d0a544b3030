/**
 * Runs a kernel in f64 with every access checked: the reference for small shapes. Statements become closures over a
 * frame of numbers. An access outside a buffer, or a read of a write-only buffer, throws with the kernel's name.
 * `f32x4` and `boolx4` values are arrays of four numbers. Workgroups of a grid run one after the other, and so do
 * their invocations between two barriers. Two invocations that conflict at an element throw.
 */
import { evaluateBinary, evaluateCast, evaluateUnary } from './expression.ts';
import { GRID_NAMES, hasBarrier, sharedBuffers } from './grid.ts';
import { watchRaces, type RaceWatch } from './races.ts';
import type { Expr, Grid, Kernel, Statement, UnaryOp, BinaryOp } from './types.ts';

export type InterpreterArray = Float64Array | Float32Array | Int32Array | Uint32Array;

type Value = number | readonly number[];
type Frame = Map<string, Value>;
type Run = (frame: Frame) => void;
type Evaluate = (frame: Frame) => Value;

/** `count` is the argument of a counted kernel. Its buffers are as long as that many images need. */
export function interpretKernel(kernel: Kernel, buffers: readonly InterpreterArray[], count?: number): void {
  const bound = new Map<string, InterpreterArray>();
  kernel.buffers.forEach((buffer, i) => {
    const data = buffers[i];
    if (!data || (!kernel.count && data.length < buffer.length)) {
      throw new Error(
        `kernel ${kernel.name}: ${buffer.name} needs ${buffer.length} elements, got ${data?.length}`,
      );
    }
    bound.set(buffer.name, data);
  });
  const { grid } = kernel;
  const shared = sharedBuffers(grid);
  for (const { name, length } of shared) bound.set(name, new Float64Array(length));
  const watch = grid && watchRaces(kernel.name, new Set(shared.map(({ name }) => bound.get(name)!.buffer)));
  const context = createContext(kernel, bound, watch);
  if (grid) interpretGrid(kernel, grid, context, bound);
  else compileBlock(kernel.body, context)(new Map(kernel.count ? [[kernel.count.name, count!]] : []));
}

/** A workgroup's memory starts as NaN, because no kernel may use its initial content. */
function interpretGrid(
  { body }: Kernel,
  { workgroups, invocations, shared }: Grid,
  context: Context,
  bound: ReadonlyMap<string, InterpreterArray>,
): void {
  const run = compileTogether(body, context);
  for (let workgroup = 0; workgroup < workgroups; workgroup++) {
    for (const { name } of shared) bound.get(name)!.fill(NaN);
    context.watch?.workgroup();
    const invocation = (i: number): Frame =>
      new Map([
        [GRID_NAMES[0], workgroup],
        [GRID_NAMES[1], i],
      ]);
    run(
      Array.from({ length: invocations }, (_, i) => ({
        number: workgroup * invocations + i,
        frame: invocation(i),
      })),
    );
  }
}

interface Invocation {
  /** Number of the invocation in the whole grid. */
  readonly number: number;
  readonly frame: Frame;
}

type RunTogether = (invocations: readonly Invocation[]) => void;

/**
 * All invocations run a statement with a barrier inside together. They run the statements between barriers one after
 * the other.
 */
function compileTogether(body: readonly Statement[], context: Context): RunTogether {
  const runs = splitAtBarriers(body).map((part): RunTogether => {
    const [statement] = part;
    if (!statement || !hasBarrier(part)) {
      const run = compileBlock(part, context);
      return (invocations) => {
        for (const { number, frame } of invocations) {
          context.watch?.begin(number);
          run(frame);
        }
      };
    }
    switch (statement.kind) {
      case 'for':
        return compileLoopTogether(statement, context);
      case 'if': {
        const condition = number(statement.condition, context);
        const [then, otherwise] = [statement.then, statement.otherwise].map((branch) =>
          compileTogether(branch, context),
        );
        return (all) => (uniform(all, condition, context) ? then!(all) : otherwise!(all));
      }
      case 'block':
        return compileTogether(statement.body, context);
      case 'reduce':
        return compileReduce(statement, context);
      default: {
        const memory = statement.kind === 'barrier' ? statement.memory : undefined;
        return () => context.watch?.barrier(memory ?? 'workgroup');
      }
    }
  });
  return (invocations) => runs.forEach((run) => run(invocations));
}

/** Puts every statement with a barrier inside in a separate part, and neighbouring other statements in one part. */
function splitAtBarriers(body: readonly Statement[]): readonly (readonly Statement[])[] {
  const parts: Statement[][] = [];
  let isOpen = false;
  for (const statement of body) {
    const waits = hasBarrier([statement]);
    if (isOpen && !waits) parts.at(-1)!.push(statement);
    else parts.push([statement]);
    isOpen = !waits;
  }
  return parts;
}

function compileLoopTogether(loop: Extract<Statement, { kind: 'for' }>, context: Context): RunTogether {
  const [from, to] = [number(loop.from, context), number(loop.to, context)];
  const body = compileTogether(loop.body, context);
  return (invocations) => {
    const end = uniform(invocations, to, context);
    for (let i = uniform(invocations, from, context); i < end; i += loop.step) {
      for (const { frame } of invocations) frame.set(loop.name, i);
      body(invocations);
    }
  };
}

/** All invocations must take the same way to a barrier. */
function uniform(
  invocations: readonly Invocation[],
  value: (frame: Frame) => number,
  { name, watch }: Context,
): number {
  const [first, ...others] = invocations.map(({ number: one, frame }) => {
    watch?.begin(one);
    return value(frame);
  });
  if (others.some((other) => other !== first))
    throw new Error(`kernel ${name}: invocations of a workgroup do not agree on the way to a barrier`);
  return first!;
}

/** Reduces the values one after the other, in f64. */
function compileReduce(s: Extract<Statement, { kind: 'reduce' }>, context: Context): RunTogether {
  const value = compile(s.value, context);
  const combine = lanes([(frame) => frame.get('all')!, (frame) => frame.get('one')!], ([all, one]) =>
    evaluateBinary(s.op, all!, one!, 'f32'),
  );
  return (invocations) => {
    const values = invocations.map(({ number: one, frame }) => {
      context.watch?.begin(one);
      return value(frame);
    });
    const total = values.reduce((all, one) =>
      combine(
        new Map([
          ['all', all],
          ['one', one],
        ]),
      ),
    );
    context.watch?.barrier('workgroup');
    for (const { frame } of invocations) frame.set(s.name, total);
  };
}

interface Context {
  readonly name: string;
  /** The race check of a grid. */
  readonly watch: RaceWatch | undefined;
  /** Returns the memory of a buffer for `width` elements from an index, after all checks. */
  accessTo(name: string, width: number, access: 'read' | 'write'): (index: number) => InterpreterArray;
}

function createContext(
  kernel: Kernel,
  bound: ReadonlyMap<string, InterpreterArray>,
  watch: RaceWatch | undefined,
): Context {
  const all = [...kernel.buffers, ...sharedBuffers(kernel.grid)];
  const buffers = new Map(all.map((buffer) => [buffer.name, buffer]));
  return {
    name: kernel.name,
    watch,
    accessTo(name, width, wanted) {
      const { length, access } = buffers.get(name)!;
      const isAllowed = access === 'readWrite' || access === 'workspace' || access === wanted;
      const memory = bound.get(name)!;
      return (index) => {
        if (!isAllowed)
          throw new Error(`kernel ${kernel.name}: ${name} is ${access} only, here is a ${wanted}`);
        if (!(Number.isInteger(index) && index >= 0 && index + width <= length)) {
          throw new Error(`kernel ${kernel.name}: ${name}[${index}] is outside its ${length} elements`);
        }
        for (let i = 0; watch && i < width; i++) watch.touch(name, memory, index + i, wanted);
        return memory;
      };
    },
  };
}

function compileBlock(body: readonly Statement[], context: Context): Run {
  const runs = body.map((statement) => compileStatement(statement, context));
  return (frame) => {
    for (const run of runs) run(frame);
  };
}

function compileStatement(s: Statement, context: Context): Run {
  switch (s.kind) {
    case 'for': {
      const [from, to] = [number(s.from, context), number(s.to, context)];
      const body = compileBlock(s.body, context);
      return (frame) => {
        const end = to(frame);
        for (let i = from(frame); i < end; i += s.step) {
          frame.set(s.name, i);
          body(frame);
        }
      };
    }
    case 'if': {
      const condition = number(s.condition, context);
      const [then, otherwise] = [compileBlock(s.then, context), compileBlock(s.otherwise, context)];
      return (frame) => (condition(frame) ? then(frame) : otherwise(frame));
    }
    case 'declare':
    case 'assign': {
      const value = compile(s.value, context);
      return (frame) => void frame.set(s.name, value(frame));
    }
    case 'store':
      return compileStore(s, context);
    case 'block':
      if (s.grid) throw new Error(`${s.comment}: a grid inside of a kernel runs as parallelize has it`);
      return compileBlock(s.body, context);
    case 'reduce':
      throw new Error(`kernel ${context.name}: ${s.name} is of a workgroup, here is no grid`);
    case 'barrier':
    case 'comment':
      return () => {};
  }
}

function compileStore(s: Extract<Statement, { kind: 'store' }>, context: Context): Run {
  const index = number(s.index, context);
  if (!isVector(s.value)) {
    const value = number(s.value, context);
    const access = context.accessTo(s.buffer, 1, 'write');
    return (frame) => {
      const at = index(frame);
      const stored = value(frame);
      access(at)[at] = stored;
    };
  }
  const values = compile(s.value, context) as (frame: Frame) => readonly number[];
  const access = context.accessTo(s.buffer, 4, 'write');
  return (frame) => {
    const at = index(frame);
    const stored = values(frame);
    access(at).set(stored, at);
  };
}

/** Compiles a scalar expression. Conditions are 0 or 1. */
function number(e: Expr, context: Context): (frame: Frame) => number {
  return compile(e, context) as (frame: Frame) => number;
}

function compile(e: Expr, context: Context): Evaluate {
  switch (e.kind) {
    case 'const':
      return () => e.value;
    case 'var':
      return (frame) => frame.get(e.name)!;
    case 'load': {
      const index = number(e.index, context);
      const access = context.accessTo(e.buffer, isVector(e) ? 4 : 1, 'read');
      if (!isVector(e)) {
        return (frame) => {
          const at = index(frame);
          return access(at)[at]!;
        };
      }
      return (frame) => {
        const at = index(frame);
        return Array.from(access(at).subarray(at, at + 4));
      };
    }
    case 'unary': {
      const op: UnaryOp = e.op;
      if (isVector(e)) return lanes([compile(e.value, context)], ([value]) => evaluateUnary(op, value!));
      const value = number(e.value, context);
      return (frame) => evaluateUnary(op, value(frame));
    }
    case 'binary':
      return compileBinary(e, context);
    case 'fma': {
      const operands = [e.a, e.b, e.c];
      if (isVector(e)) {
        return lanes(
          operands.map((operand) => compile(operand, context)),
          ([a, b, c]) => a! * b! + c!,
        );
      }
      const [a, b, c] = operands.map((operand) => number(operand, context));
      return (frame) => a!(frame) * b!(frame) + c!(frame);
    }
    case 'select': {
      if (e.condition.type === 'boolx4') {
        const operands = [e.condition, e.then, e.otherwise].map((operand) => compile(operand, context));
        return lanes(operands, ([condition, then, otherwise]) => (condition ? then! : otherwise!));
      }
      const condition = number(e.condition, context);
      const [then, otherwise] = [compile(e.then, context), compile(e.otherwise, context)];
      return (frame) => (condition(frame) ? then(frame) : otherwise(frame));
    }
    case 'cast': {
      const value = number(e.value, context);
      return (frame) => evaluateCast(value(frame), e.type);
    }
    case 'splat': {
      const value = number(e.value, context);
      return (frame) => Array<number>(4).fill(value(frame));
    }
    case 'vector': {
      const values = e.values.map((value) => number(value, context));
      return (frame) => values.map((value) => value(frame));
    }
    case 'lane': {
      const vector = compile(e.vector, context) as (frame: Frame) => readonly number[];
      return (frame) => vector(frame)[e.lane]!;
    }
  }
}

function compileBinary(e: Extract<Expr, { kind: 'binary' }>, context: Context): Evaluate {
  const op: BinaryOp = e.op;
  const type = e.left.type;
  if (isVector(e)) {
    return lanes([compile(e.left, context), compile(e.right, context)], ([a, b]) =>
      evaluateBinary(op, a!, b!, type),
    );
  }
  const [left, right] = [number(e.left, context), number(e.right, context)];
  // Short-circuit: the right side may contain a load that is valid only if the left side is true.
  if (e.type === 'bool' && op === 'and') return (frame) => (left(frame) ? right(frame) : 0);
  if (e.type === 'bool' && op === 'or') return (frame) => (left(frame) ? 1 : right(frame));
  return (frame) => evaluateBinary(op, left(frame), right(frame), type);
}

const isVector = ({ type }: Expr): boolean => type === 'f32x4' || type === 'boolx4';

/** Applies a scalar function lane by lane if the operands are vectors. */
function lanes(operands: readonly Evaluate[], apply: (values: readonly number[]) => number): Evaluate {
  return (frame) => {
    const values = operands.map((operand) => operand(frame));
    if (typeof values[0] === 'number') return apply(values as number[]);
    return [0, 1, 2, 3].map((i) => apply(values.map((value) => (value as readonly number[])[i]!)));
  };
}
