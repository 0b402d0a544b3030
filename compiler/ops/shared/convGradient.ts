/**
 * Common parts of conv2d's two gradients: the check of the result's gradient, and the geometries of their samples.
 */
import { f32, type TensorType } from '../../ir/types.ts';
import { checkConvOperands, convWindow } from '../conv2d.ts';
import type { Conv2dAttrs } from './convolution.ts';
import type { Reject } from '../types.ts';
import { convAttrs } from './convolution.ts';
import { windowedShape } from './window.ts';

/** The shape of conv2d's result. */
function convResultShape(
  x: readonly number[],
  weight: readonly number[],
  attrs: Conv2dAttrs,
  reject: Reject,
): number[] {
  checkConvOperands(f32(...x), f32(...weight), attrs, reject);
  return [x[0]!, weight[0]!, ...windowedShape(x[2]!, x[3]!, convWindow(attrs, weight), reject)];
}

export function checkConvResult(
  gradient: TensorType,
  x: readonly number[],
  weight: readonly number[],
  attrs: Conv2dAttrs,
  reject: Reject,
): void {
  const expected = convResultShape(x, weight, attrs, reject);
  if (gradient.shape.join() !== expected.join()) {
    reject(
      'CNNC1202',
      `the gradient has shape [${gradient.shape.join(',')}], the convolution's result [${expected.join(',')}]`,
    );
  }
}

export interface ConvSample {
  readonly name: string;
  readonly x: number[];
  readonly weight: number[];
  readonly result: number[];
  readonly attrs: Conv2dAttrs;
}

export function convSamples(): ConvSample[] {
  return [
    convSample('3x3, same padding', [2, 3, 5, 6], [4, 3, 3, 3], { padding: [1, 1, 1, 1] }),
    convSample('1x1', [1, 5, 4, 3], [7, 5, 1, 1]),
    convSample('stride 2, padded unevenly', [1, 2, 7, 8], [3, 2, 3, 3], {
      stride: [2, 2],
      padding: [0, 1, 2, 1],
    }),
    convSample('dilation 2 by 3, kernel 3x2', [1, 2, 9, 8], [2, 2, 3, 2], {
      dilation: [2, 3],
      padding: [2, 0, 2, 3],
    }),
    convSample('stride and dilation', [1, 2, 9, 11], [2, 2, 2, 3], {
      stride: [2, 3],
      dilation: [3, 2],
      padding: [1, 2, 1, 2],
    }),
    convSample('two groups', [1, 4, 5, 5], [6, 2, 3, 3], { groups: 2, padding: [1, 1, 1, 1] }),
    convSample('depthwise, stride 2', [1, 5, 6, 6], [5, 1, 3, 3], {
      groups: 5,
      stride: [2, 2],
      padding: [1, 1, 1, 1],
    }),
    convSample('depthwise with multiplier 2', [1, 3, 5, 4], [6, 1, 3, 3], {
      groups: 3,
      padding: [1, 1, 1, 1],
    }),
    convSample('kernel as large as its input', [2, 2, 4, 3], [5, 2, 4, 3]),
    convSample('wide: 9 to 10 channels', [1, 9, 6, 9], [10, 9, 3, 3], { padding: [1, 1, 1, 1] }),
    convSample('stride larger than the kernel', [1, 3, 8, 8], [4, 3, 1, 1], { stride: [2, 3] }),
    convSample('stride that leaves a rest', [1, 2, 8, 9], [3, 2, 3, 3], { stride: [3, 2] }),
    convSample('two groups of whole vectors', [3, 8, 4, 5], [8, 4, 3, 3], {
      groups: 2,
      padding: [1, 1, 1, 1],
    }),
    convSample('depthwise, 12 channels, stride 2', [2, 12, 5, 6], [12, 1, 3, 3], {
      groups: 12,
      stride: [2, 2],
      padding: [1, 1, 1, 1],
    }),
    convSample('padding beyond the kernel', [1, 2, 4, 4], [2, 2, 2, 2], { padding: [3, 2, 3, 4] }),
  ];
}

function convSample(
  name: string,
  x: number[],
  weight: number[],
  given: Partial<Conv2dAttrs> = {},
): ConvSample {
  const attrs = convAttrs(given);
  const result = convResultShape(x, weight, attrs, (found) => {
    throw new Error(`sample ${name}: ${found}`);
  });
  return { name, x, weight, result, attrs };
}
