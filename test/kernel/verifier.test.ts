/** The verifier finds each kind of fault; one kernel for each. */
import { describe, expect, it } from 'vitest';
import type { Expr, Kernel, KernelBuffer, ScalarType, Statement, Type } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';

const buffers: readonly KernelBuffer[] = [
  { name: 'x', element: 'f32', length: 8, access: 'read' },
  { name: 'labels', element: 'i32', length: 8, access: 'read' },
  { name: 'sum', element: 'f32', length: 8, access: 'readWrite' },
  { name: 'out', element: 'f32', length: 8, access: 'write' },
];

const kernel = (...body: Statement[]): Kernel => ({ name: 'faulty', comment: [], buffers, body });

const number = (value: number, type: ScalarType = 'i32'): Expr => ({ kind: 'const', type, value });
const named = (name: string, type: Type = 'i32'): Expr => ({ kind: 'var', type, name });
const load = (buffer: string, index: Expr = number(0), type: Type = 'f32'): Expr => ({
  kind: 'load',
  type,
  buffer,
  index,
});
const store = (value: Expr, index: Expr = number(0), buffer = 'out'): Statement => ({
  kind: 'store',
  buffer,
  index,
  value,
});
const declare = (name: string, value: Expr, type: Type = 'i32', mutable = false): Statement => ({
  kind: 'declare',
  name,
  type,
  value,
  mutable,
});
const loop = (body: Statement[], change: Partial<Extract<Statement, { kind: 'for' }>> = {}): Statement => ({
  kind: 'for',
  name: 'i',
  from: number(0),
  to: number(8),
  step: 1,
  body,
  independent: false,
  ...change,
});
const when = (condition: Expr, then: Statement[], otherwise: Statement[] = []): Statement => ({
  kind: 'if',
  condition,
  then,
  otherwise,
});
const vector: Expr = { kind: 'splat', type: 'f32x4', value: number(1, 'f32') };
const yes: Expr = number(1, 'bool');
const mask: Expr = { kind: 'binary', type: 'boolx4', op: 'lt', left: vector, right: vector };
const choice = (condition: Expr, then: Expr, type: Type = then.type): Expr => ({
  kind: 'select',
  type,
  condition,
  then,
  otherwise: then,
});

describe('a kernel without fault', () => {
  it('passes and is handed back', () => {
    const fine = kernel(
      declare('total', number(0, 'f32'), 'f32', true),
      loop([
        declare('label', load('labels', named('i'), 'i32')),
        when(
          { kind: 'binary', type: 'bool', op: 'lt', left: named('label'), right: number(4) },
          [declare('inner', load('x', named('label')), 'f32'), store(named('inner', 'f32'), named('i'))],
          [{ kind: 'assign', name: 'total', value: load('sum', named('i')) }],
        ),
      ]),
      store(vector, number(4)),
      store(load('x', number(4), 'f32x4'), number(0), 'sum'),
      declare('mask', { kind: 'unary', type: 'boolx4', op: 'not', value: mask }, 'boolx4'),
      store(
        choice(
          { kind: 'binary', type: 'boolx4', op: 'and', left: mask, right: named('mask', 'boolx4') },
          vector,
        ),
        number(0),
      ),
      store(choice(yes, vector), number(0)),
      store(
        { kind: 'vector', type: 'f32x4', values: [load('x'), load('x'), load('x'), load('x')] },
        number(0),
      ),
      { kind: 'barrier' },
      { kind: 'comment', text: 'done' },
    );
    expect(verifyKernel(fine)).toBe(fine);
  });
});

const FAULTS: readonly [name: string, faulty: Kernel, message: string][] = [
  [
    'two buffers of one name',
    { ...kernel(), buffers: [buffers[0]!, buffers[0]!] },
    'two buffers share a name',
  ],
  ['an unknown buffer', kernel(store(load('y'))), 'there is no buffer y'],
  ['a store into an unknown buffer', kernel(store(number(0, 'f32'), number(0), 'y')), 'there is no buffer y'],
  ['a load from what is written only', kernel(store(load('out'))), 'out is write only'],
  ['a store into what is read only', kernel(store(number(0, 'f32'), number(0), 'x')), 'x is read only'],
  ['a constant index beyond the end', kernel(store(load('x', number(8)))), 'index 8 is outside x[8]'],
  [
    'a constant index before the start',
    kernel(store(number(0, 'f32'), number(-1))),
    'index -1 is outside out[8]',
  ],
  ['a vector that reaches beyond the end', kernel(store(vector, number(5))), 'index 5 is outside out[8]'],
  ['a loaded vector beyond the end', kernel(store(load('x', number(6), 'f32x4'))), 'index 6 is outside x[8]'],
  [
    'an index that is no integer',
    kernel(store(load('x', number(0, 'f32')))),
    'the index into x is f32, expected i32',
  ],
  [
    'a stored index that is no integer',
    kernel(store(number(0, 'f32'), yes)),
    'the index into out is bool, expected i32',
  ],
  ['a load as another type', kernel(store(load('labels'))), 'labels holds i32, loaded as f32'],
  [
    'a vector of integers',
    kernel(store(load('labels', number(0), 'f32x4'))),
    'labels holds i32, loaded as f32x4',
  ],
  ['a store of another type', kernel(store(number(0))), 'i32 is stored into out, which holds f32'],
  ['an undeclared name', kernel(store(named('y', 'f32'))), 'y is used but not declared'],
  [
    'a name used as another type',
    kernel(declare('y', number(0)), store(named('y', 'f32'))),
    'y is i32, used as f32',
  ],
  ['a name after its loop', kernel(loop([]), store(load('x', named('i')))), 'i is used but not declared'],
  [
    'a name after its branch',
    kernel(when(yes, [declare('y', number(0))]), store(load('x', named('y')))),
    'y is used but not declared',
  ],
  [
    'a name of the other branch',
    kernel(when(yes, [declare('y', number(0))], [store(load('x', named('y')))])),
    'y is used but not declared',
  ],
  [
    'a name before its declaration',
    kernel(store(load('x', named('y'))), declare('y', number(0))),
    'y is used but not declared',
  ],
  ['a name declared twice', kernel(declare('y', number(0)), declare('y', number(1))), 'y is declared twice'],
  [
    'a name declared again further in',
    kernel(declare('y', number(0)), loop([declare('y', number(1))])),
    'y is declared twice',
  ],
  ['a name that is a buffer', kernel(declare('x', number(0))), 'x is declared twice'],
  [
    'a declaration of another type',
    kernel(declare('y', number(0), 'f32')),
    'the value of y is i32, expected f32',
  ],
  [
    'an assignment to nothing',
    kernel({ kind: 'assign', name: 'y', value: number(0) }),
    'y is assigned but not declared',
  ],
  [
    'an assignment to a constant',
    kernel(declare('y', number(0)), { kind: 'assign', name: 'y', value: number(1) }),
    'y is assigned but constant',
  ],
  [
    'an assignment to a loop counter',
    kernel(loop([{ kind: 'assign', name: 'i', value: number(1) }])),
    'i is assigned but constant',
  ],
  [
    'an assignment of another type',
    kernel(declare('y', number(0), 'i32', true), { kind: 'assign', name: 'y', value: number(1, 'f32') }),
    'the value of y is f32, expected i32',
  ],
  [
    'a loop from what is no integer',
    kernel(loop([], { from: number(0, 'f32') })),
    'the start of loop i is f32, expected i32',
  ],
  [
    'a loop to what is no integer',
    kernel(loop([], { to: number(0, 'u32') })),
    'the end of loop i is u32, expected i32',
  ],
  ['a loop that stands still', kernel(loop([], { step: 0 })), 'loop i steps by 0'],
  ['a loop of half steps', kernel(loop([], { step: 0.5 })), 'loop i steps by 0.5'],
  ['a condition that is none', kernel(when(number(1), [])), 'a condition is i32, expected bool'],
  [
    'a negated number',
    kernel(when({ kind: 'unary', type: 'bool', op: 'not', value: number(1) }, [])),
    'the operand of not is i32, expected bool',
  ],
  [
    'a function of another type',
    kernel(store({ kind: 'unary', type: 'f32', op: 'exp', value: number(1) })),
    'the operand of exp is i32, expected f32',
  ],
  [
    'operands of two types',
    kernel(store({ kind: 'binary', type: 'f32', op: 'add', left: number(1, 'f32'), right: number(1) })),
    'the right side of add is i32, expected f32',
  ],
  [
    'a sum marked as another type',
    kernel(store({ kind: 'binary', type: 'f32', op: 'add', left: number(1), right: number(1) })),
    'add of i32 is marked f32',
  ],
  [
    'a comparison that is not marked as one',
    kernel(store({ kind: 'binary', type: 'f32', op: 'lt', left: number(1, 'f32'), right: number(1, 'f32') })),
    'lt of f32 is marked f32',
  ],
  [
    'a multiply-add of two types',
    kernel(store({ kind: 'fma', type: 'f32', a: number(1, 'f32'), b: number(1, 'f32'), c: number(1) })),
    'an operand of fma is i32, expected f32',
  ],
  [
    'a choice by a number',
    kernel(
      store({
        kind: 'select',
        type: 'f32',
        condition: number(1),
        then: number(1, 'f32'),
        otherwise: number(1, 'f32'),
      }),
    ),
    'the condition of select is i32, expected bool',
  ],
  [
    'a choice between two types',
    kernel(
      store({ kind: 'select', type: 'f32', condition: yes, then: number(1, 'f32'), otherwise: number(1) }),
    ),
    'a branch of select is i32, expected f32',
  ],
  ['a mask that chooses a number', kernel(store(choice(mask, number(1, 'f32')))), 'a boolx4 selects f32'],
  [
    'a comparison of vectors that is one truth',
    kernel(store(choice({ ...mask, type: 'bool' }, vector))),
    'lt of f32x4 is marked bool',
  ],
  ['a mask as a condition of a statement', kernel(when(mask, [])), 'a condition is boolx4, expected bool'],
  ['a mask that is stored', kernel(store(mask)), 'boolx4 is stored into out, which holds f32'],
  [
    'a comparison of masks',
    kernel(declare('y', { kind: 'binary', type: 'bool', op: 'eq', left: mask, right: mask }, 'bool')),
    'there is no eq of boolx4',
  ],
  ['a cast of a mask', kernel(store({ kind: 'cast', type: 'f32', value: mask })), 'a vector is cast'],
  [
    'a vector of integers, lane by lane',
    kernel(store({ kind: 'vector', type: 'f32x4', values: [load('x'), load('x'), number(1), load('x')] })),
    'a lane of vector is i32, expected f32',
  ],
  ['a cast of a vector', kernel(store({ kind: 'cast', type: 'f32', value: vector })), 'a vector is cast'],
  [
    'a splat of an integer',
    kernel(store({ kind: 'splat', type: 'f32x4', value: number(1) })),
    'the operand of splat is i32, expected f32',
  ],
  [
    'a lane of a number',
    kernel(store({ kind: 'lane', type: 'f32', vector: number(1, 'f32'), lane: 0 })),
    'the operand of lane is f32, expected f32x4',
  ],
  [
    'a fault inside of an index',
    kernel(store(load('x', load('labels', named('y'), 'i32')))),
    'y is used but not declared',
  ],
];

describe('the verifier finds', () => {
  it.each(FAULTS)('%s', (_name, faulty, message) => {
    expect(() => verifyKernel(faulty)).toThrow(new Error(`kernel faulty: ${message}`));
  });
});

describe('the verifier finds what would mean different things to different evaluators', () => {
  it.each<[string, Kernel]>([
    // The interpreter keeps one frame: the inner counter would overwrite the outer one.
    ['a loop counter that hides another', kernel(loop([loop([])]))],
    ['a loop counter that hides a buffer', kernel(loop([], { name: 'x' }))],
    [
      'a function that its type does not have',
      kernel(declare('y', { kind: 'unary', type: 'i32', op: 'sqrt', value: number(2) })),
    ],
    [
      'an operator that its type does not have',
      kernel(
        store({ kind: 'binary', type: 'f32', op: 'and', left: number(1, 'f32'), right: number(1, 'f32') }),
      ),
    ],
  ])('%s', (_name, faulty) => {
    expect(() => verifyKernel(faulty)).toThrow('kernel faulty');
  });
});
