/** Kernels to vectorize, and the checks that vectorizing keeps their results. */
import { expect } from 'vitest';
import type { OpName } from '../../compiler/ir/types.ts';
import { buildKernel, type KernelBuilder } from '../../compiler/kernel/builder.ts';
import { interchangeLoops } from '../../compiler/kernel/passes/interchange.ts';
import { interpretKernel, type InterpreterArray } from '../../compiler/kernel/interpreter.ts';
import { channelsLast, rowMajor, type Layout } from '../../compiler/kernel/layout.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import type { Kernel, KernelBuffer } from '../../compiler/kernel/types.ts';
import { vectorizeLoops } from '../../compiler/kernel/passes/vectorize.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';
import type { Sample } from '../../compiler/ops/types.ts';
import { singleNodeGraph } from '../support/gradients.ts';
import { maxAbs, randomNumbers } from '../support/numbers.ts';

export const buffer = (
  name: string,
  length: number,
  access: KernelBuffer['access'] = 'read',
): KernelBuffer => ({
  name,
  element: 'f32',
  length,
  access,
});

export const kernel = (buffers: readonly KernelBuffer[], build: (k: KernelBuilder) => void): Kernel =>
  verifyKernel(buildKernel({ name: 'kernel', comment: [], buffers }, build));

export const vectorized = (one: Kernel): Kernel => verifyKernel(vectorizeLoops(verifyKernel(one)));

/** What each buffer holds after the kernel. Buffers that are only written are NaN before it, like unused memory. */
export function run(one: Kernel, given: readonly InterpreterArray[] = []): InterpreterArray[] {
  const random = randomNumbers(5);
  const arrays = one.buffers.map(({ length, access, element }, i) => {
    if (given[i]) return given[i].slice();
    if (element !== 'f32') return new Int32Array(length).fill(-1);
    return Float64Array.from({ length }, () => (access === 'write' ? NaN : 2 * random() - 1));
  });
  interpretKernel(one, arrays);
  return arrays;
}

/** Sums of some thousand doubles in another order: n * 2^-53 of the magnitudes that were added. */
const REORDERING = 1e-12;

export function expectSame(before: Kernel, after: Kernel, given?: readonly InterpreterArray[]): void {
  const [expected, actual] = [run(before, given), run(after, given)];
  expected.forEach((wanted, b) => {
    const largest = Math.max(1, maxAbs([...wanted].filter(Number.isFinite)));
    const allowed = wanted instanceof Float64Array ? REORDERING * largest : 0;
    const wrong = [...actual[b]!].flatMap((value, i) => {
      const isSame = Object.is(value, wanted[i]) || Math.abs(value - wanted[i]!) <= allowed;
      return isSame ? [] : [`${before.buffers[b]!.name}[${i}] ${value}, expected ${wanted[i]}`];
    });
    expect(wrong.slice(0, 5), printKernel(after)).toEqual([]);
  });
}

export const isVectorized = (one: Kernel): boolean => JSON.stringify(one.body).includes('"f32x4"');

/** The operation's plain loops, with every tensor in a layout made from its shape. */
export function plainKernel<K extends OpName>(
  op: K,
  sample: Pick<Sample<K>, 'inputs' | 'attrs'>,
  layout: (shape: readonly number[]) => Layout,
): Kernel {
  const { node } = singleNodeGraph(op, sample.inputs, sample.attrs);
  const layouts = {
    inputs: sample.inputs.map(({ shape }) => layout(shape)),
    output: layout(node.type.shape),
  };
  return interchangeLoops(referenceKernel(node, sample.inputs, layouts));
}

/** Channels last, where there are images. */
export const nhwc = (shape: readonly number[]): Layout =>
  shape.length === 4 ? channelsLast(shape) : rowMajor(shape);
