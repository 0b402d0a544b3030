/** Kernels that do the same are one. Names are unique and say how the kernels differ. */
import { describe, expect, it } from 'vitest';
import { f32Const } from '../../compiler/kernel/expression.ts';
import type { Statement } from '../../compiler/kernel/types.ts';
import { deduplicateKernels, distinctKernels } from '../../compiler/program/deduplicate.ts';
import type { Program } from '../../compiler/program/types.ts';
import { programOf, type CallSpec } from '../support/programs.ts';

/** A body that differs from others by its number. */
const storing = (value: number): Statement[] => [
  { kind: 'store', buffer: 'b1', index: { kind: 'const', type: 'i32', value: 0 }, value: f32Const(value) },
];

const call = (kernel: string, body: number, rest: Partial<CallSpec> = {}): CallSpec => ({
  kernel,
  reads: ['x'],
  writes: ['y'],
  body: storing(body),
  ...rest,
});

const namesOf = ({ phases }: Program): string[] =>
  phases.flatMap(({ calls }) => calls.map(({ kernel }) => kernel.name));

const deduplicated = (...calls: CallSpec[]): string[] =>
  namesOf(deduplicateKernels([programOf({}, calls)])[0]!);

describe('equal kernels', () => {
  it('become one object, whatever buffers they are called on', () => {
    const program = programOf({}, [
      call('relu', 0),
      call('relu', 0, { reads: ['y'], writes: ['z'] }),
      call('relu', 0, { reads: ['z'], writes: ['u'] }),
    ]);
    const [result] = deduplicateKernels([program]);
    const [first, ...others] = result!.phases.flatMap(({ calls }) => calls);
    expect(others.map(({ kernel }) => kernel === first!.kernel)).toEqual([true, true]);
    expect(first!.kernel.name).toBe('relu');
    // Nothing else of a call changes.
    expect(result!.phases[0]!.calls.map(({ args }) => args)).toEqual(
      program.phases[0]!.calls.map(({ args }) => args),
    );
  });

  it('are called by the first name that was wanted for them', () => {
    expect(deduplicated(call('flatten', 0), call('reshape', 0))).toEqual(['flatten', 'flatten']);
  });

  it('are one over all programs and phases of a package', () => {
    const inference = programOf({}, [call('relu', 0), call('copy', 1)]);
    const training = programOf({}, [
      call('relu', 0),
      call('relu', 0, { phase: 'backward' }),
      call('step', 2, { phase: 'update' }),
    ]);
    const results = deduplicateKernels([inference, training]);
    expect(results.map(namesOf)).toEqual([
      ['relu', 'copy'],
      ['relu', 'relu', 'step'],
    ]);
    expect(distinctKernels(results).map(({ name }) => name)).toEqual(['relu', 'copy', 'step']);
  });
});

describe('kernels are not equal', () => {
  it('when their buffers differ in length', () => {
    const program = programOf({ long: { length: 32 } }, [
      call('relu', 0),
      call('relu', 0, { reads: ['long'] }),
    ]);
    expect(distinctKernels(deduplicateKernels([program]))).toHaveLength(2);
  });

  it('when one of them reads what it writes', () => {
    const program = programOf({}, [call('relu', 0), call('relu', 0, { reads: [], changes: ['x'] })]);
    expect(distinctKernels(deduplicateKernels([program]))).toHaveLength(2);
  });
});

describe('kernels that are called the same', () => {
  it.each<[string, CallSpec[], string[]]>([
    [
      'are told apart by the image',
      [call('conv', 0, { result: 'f32[1,8,56,56]' }), call('conv', 1, { result: 'f32[1,8,28,14]' })],
      ['conv_56x56', 'conv_28x14'],
    ],
    [
      'or by the whole shape, where images are equal',
      [call('conv', 0, { result: 'f32[1,8,7,7]' }), call('conv', 1, { result: 'f32[2,8,7,7]' })],
      ['conv_1x8x7x7', 'conv_2x8x7x7'],
    ],
    [
      'or where there are none',
      [call('relu', 0, { result: 'f32[1,8]' }), call('relu', 1, { result: 'f32[1,9]' })],
      ['relu_1x8', 'relu_1x9'],
    ],
    [
      'or by a number',
      [
        call('relu', 0, { result: 'f32[1,8]' }),
        call('relu', 1, { result: 'f32[1,8]' }),
        call('relu', 2, { result: 'f32[1,8]' }),
      ],
      ['relu_1x8', 'relu_1x8_v2', 'relu_1x8_v3'],
    ],
    [
      'of scalars too',
      [call('loss', 0, { result: 'f32[]' }), call('loss', 1, { result: 'f32[]' })],
      ['loss', 'loss_v2'],
    ],
    [
      'and never by a name that another kernel has',
      [
        call('relu_1x8', 5),
        call('relu', 0, { result: 'f32[1,8]' }),
        call('relu', 1, { result: 'f32[1,9]' }),
        call('relu_1x9_v2', 6),
      ],
      ['relu_1x8', 'relu_1x8_v2', 'relu_1x9', 'relu_1x9_v2'],
    ],
  ])('%s', (_name, calls, expected) => {
    const names = deduplicated(...calls);
    expect(names).toEqual(expected);
    expect(new Set(names).size).toBe(calls.length);
  });

  it('keep their names where equal ones are called again', () => {
    const [first, second] = [
      call('conv', 0, { result: 'f32[1,8,8,8]' }),
      call('conv', 1, { result: 'f32[1,8,4,4]' }),
    ];
    expect(deduplicated(first, second, first, second)).toEqual([
      'conv_8x8',
      'conv_4x4',
      'conv_8x8',
      'conv_4x4',
    ]);
  });
});
