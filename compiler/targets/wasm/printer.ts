/**
 * A kernel as functions in WebAssembly's text format: first the kernel, which takes the address of each buffer in
 * bytes, then the functions that its outlined loops call (passes/outlineLoops.ts).
 */
import type { Expr, Kernel, Statement, Type } from '../../kernel/types.ts';
import { addressOf, expression, i32, WASM_TYPES, type ExpressionContext } from './expression.ts';
import { createLocals, type Locals } from './locals.ts';
import { freeNames } from './names.ts';
import { rangeOf, type Range } from './ranges.ts';
import { comment, sideBySide, type Sexpr } from './sexpr.ts';

export interface PrintOptions {
  readonly relaxed: boolean;
  /** Called with the name of each function of `math/` that is needed. */
  uses(name: string): void;
}

/** The indentation of a function's body. */
const INDENT = 4;

/** The functions of a kernel, with the kernel's comment above them. */
export function printKernel(kernel: Kernel, options: PrintOptions): Sexpr[] {
  const functions: Sexpr[] = [];
  const site: FunctionSite = {
    kernel: kernel.name,
    options,
    functions,
  };
  const main = printFunction(
    {
      name: kernel.name,
      parameters: parametersOf(kernel),
      body: kernel.body,
      isExported: true,
    },
    site,
  );
  return [...kernel.comment.map(comment), main, ...functions];
}

/** The addresses of the buffers, and the number of images if the kernel counts them. */
const parametersOf = ({ buffers, count }: Kernel): Parameter[] => [
  ...buffers.map(({ name }): Parameter => ({ name, type: 'i32' })),
  ...(count ? [{ name: count.name, type: 'i32' as const, range: { low: 1, high: count.most } }] : []),
];

/** The state that the functions of one kernel share. */
interface FunctionSite {
  readonly kernel: string;
  readonly options: PrintOptions;
  /** The functions that outlined loops call, in the order of printing. */
  readonly functions: Sexpr[];
}

type Loop = Extract<Statement, { kind: 'for' }>;

interface Parameter {
  readonly name: string;
  readonly type: Type;
  readonly range?: Range;
}

interface FunctionParts {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly isExported: boolean;
}

interface Writer {
  readonly locals: Locals;
  /** Ranges of the integers in scope. */
  readonly ranges: Map<string, Range>;
  /** Types of the variables in scope; buffers are addresses. */
  readonly types: Map<string, Type>;
  readonly context: ExpressionContext;
  readonly site: FunctionSite;
}

function printFunction({ name, parameters, body, isExported }: FunctionParts, site: FunctionSite): Sexpr {
  const locals = createLocals();
  const ranges = new Map<string, Range>();
  const types = new Map<string, Type>();
  for (const { name: parameter, type, range } of parameters) {
    locals.parameter(parameter, type);
    types.set(parameter, type);
    if (range) ranges.set(parameter, range);
  }
  const { relaxed, uses } = site.options;
  const context: ExpressionContext = { local: (one) => locals.nameOf(one), ranges, relaxed, uses };
  const printed = printBlock(body, { locals, ranges, types, context, site });
  return [
    'func',
    `$${name}`,
    ...(isExported ? [['export', `"${name}"`]] : []),
    ...sideBySide(
      parameters.map((one) => ['param', `$${one.name}`, WASM_TYPES[one.type]]),
      INDENT,
    ),
    ...sideBySide(locals.list(), INDENT),
    ...printed,
  ];
}

function printBlock(body: readonly Statement[], writer: Writer): Sexpr[] {
  writer.locals.open();
  const lines = body.flatMap((statement) => printStatement(statement, writer));
  writer.locals.close();
  return lines;
}

function printStatement(s: Statement, writer: Writer): Sexpr[] {
  const { locals, context, ranges, types } = writer;
  switch (s.kind) {
    case 'for':
      return printLoop(s, writer);
    case 'if': {
      const otherwise = printBlock(s.otherwise, writer);
      const condition = expression(s.condition, context);
      const then: Sexpr = ['then', ...printBlock(s.then, writer)];
      return [['if', condition, then, ...(otherwise.length ? [['else', ...otherwise]] : [])]];
    }
    case 'declare': {
      const value = expression(s.value, context);
      if (s.type === 'i32' && !s.mutable) ranges.set(s.name, rangeOf(s.value, ranges));
      else ranges.delete(s.name);
      types.set(s.name, s.type);
      return [['local.set', `$${locals.declare(s.name, s.type)}`, value]];
    }
    case 'assign':
      return [['local.set', `$${locals.nameOf(s.name)}`, expression(s.value, context)]];
    case 'store':
      return [printStore(s, context)];
    case 'reduce':
      throw new Error(`WebAssembly has no workgroups: ${s.name} is for another target`);
    case 'barrier':
      return [];
    case 'comment':
      return [comment(s.text)];
    case 'block':
      return [comment(s.comment), ...printBlock(s.body, writer)];
  }
}

function printStore(s: Extract<Statement, { kind: 'store' }>, context: ExpressionContext): Sexpr {
  const address = addressOf(s.buffer, s.index, context);
  if (s.value.kind === 'lane') {
    const [offset, at] = [address.slice(0, -1), address.at(-1)!];
    const vector = expression(s.value.vector, context);
    return ['v128.store32_lane', ...offset, String(s.value.lane), at, vector];
  }
  const instruction = s.value.type === 'f32x4' ? 'v128.store' : `${WASM_TYPES[s.value.type]}.store`;
  return [instruction, ...address, expression(s.value, context)];
}

/** A loop with its condition at the end, and an `if` around it unless it is known to run at least once. */
function printLoop(s: Loop, writer: Writer): Sexpr[] {
  const { locals, context, ranges, types } = writer;
  const [from, to] = [rangeOf(s.from, ranges), rangeOf(s.to, ranges)];
  const first = expression(s.from, context);
  const end = expression(s.to, context);
  locals.open();
  const counter = `$${locals.declare(s.name, 'i32')}`;
  ranges.set(s.name, { low: from.low, high: to.high - 1 });
  types.set(s.name, 'i32');
  const get: Sexpr = ['local.get', counter];
  const body = s.isOutlined ? [printCall(s, writer)] : printBlock(s.body, writer);
  const label = `${counter}_loop`;
  const next: Sexpr = ['local.set', counter, ['i32.add', get, i32(s.step)]];
  const loop: Sexpr = ['loop', label, ...body, next, ['br_if', label, ['i32.lt_s', get, end]]];
  locals.close();
  const start: Sexpr = ['local.set', counter, first];
  return from.high < to.low ? [start, loop] : [start, ['if', ['i32.lt_s', get, end], ['then', loop]]];
}

/** Prints a function for one iteration of a loop, and returns its call. */
function printCall(s: Loop, { types, ranges, context, site }: Writer): Sexpr {
  const name = `${site.kernel}.${s.name}${site.functions.length || ''}`;
  const free = freeNames(s.body);
  const parameters = free.map((one) => ({ name: one, type: types.get(one)!, range: ranges.get(one) }));
  site.functions.push(printFunction({ name, parameters, body: s.body, isExported: false }, site));
  return [
    'call',
    `$${name}`,
    ...free.map((one): Sexpr => expression(variable(one, types.get(one)!), context)),
  ];
}

const variable = (name: string, type: Type): Expr => ({ kind: 'var', type, name });
