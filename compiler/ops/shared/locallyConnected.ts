/**
 * Common parts of locallyConnected2d and its two gradients: attributes, checks, and the geometries of their samples.
 */
import { f32, sizeOf, type TensorType } from '../../ir/types.ts';
import type { Reject } from '../types.ts';
import { checkPlanes } from './planes.ts';
import {
  checkWindow,
  noPadding,
  windowedShape,
  type Padding,
  type Pair,
  type WindowAttrs,
} from './window.ts';
import { slidingOver, type Sliding } from './windowLoops.ts';

export interface LocallyConnected2dAttrs {
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
}

/** The window for a weight f32[O, H', W', I, KH, KW]. */
const localWindow = (
  { stride, padding, dilation }: LocallyConnected2dAttrs,
  weight: readonly number[],
): WindowAttrs => ({
  kernel: [weight[4]!, weight[5]!],
  stride,
  padding,
  dilation,
});

export const localSliding = (
  attrs: LocallyConnected2dAttrs,
  x: readonly number[],
  weight: readonly number[],
): Sliding => slidingOver(localWindow(attrs, weight), x, localResult(x, weight));

/** [N, O, H', W'] */
export const localResult = (x: readonly number[], weight: readonly number[]): number[] => [
  x[0]!,
  ...weight.slice(0, 3),
];

/** Multiply-adds for a batch of n. Every weight is used once for each image. */
export const localMultiplyAdds = (n: number, weight: readonly number[]): number => n * sizeOf(weight);

/** Checks ranks and channels, and that the weight has filters for exactly the places of its window. */
export function checkLocal(
  x: TensorType,
  weight: readonly number[],
  attrs: LocallyConnected2dAttrs,
  reject: Reject,
): void {
  checkPlanes(x, reject);
  if (weight.length !== 6)
    reject('CNNC1202', `the weight has rank ${weight.length}, expected 6 (O, H', W', I, KH, KW)`);
  const window = localWindow(attrs, weight);
  checkWindow(window, reject);
  if (x.shape[1] !== weight[3])
    reject('CNNC1202', `the input has ${x.shape[1]} channels, the weight expects ${weight[3]}`);
  const places = windowedShape(x.shape[2]!, x.shape[3]!, window, reject);
  if (places.join() !== weight.slice(1, 3).join()) {
    reject(
      'CNNC1202',
      `the window has ${places.join('x')} places, the weight has filters for ${weight.slice(1, 3).join('x')}`,
    );
  }
}

export function checkLocalResult(
  gradient: TensorType,
  x: readonly number[],
  weight: readonly number[],
  reject: Reject,
): void {
  const expected = localResult(x, weight);
  if (gradient.shape.join() !== expected.join()) {
    reject(
      'CNNC1202',
      `the gradient has shape [${gradient.shape.join(',')}], the result [${expected.join(',')}]`,
    );
  }
}

export interface LocalSample {
  readonly name: string;
  readonly x: TensorType;
  readonly weight: TensorType;
  readonly result: TensorType;
  readonly attrs: LocallyConnected2dAttrs;
}

export function localSamples(): LocalSample[] {
  return [
    localSample('3x3, padding 1', [2, 2, 3, 4], [3, 3, 4, 2, 3, 3], { padding: [1, 1, 1, 1] }),
    localSample('2x3, stride 2 by 1', [1, 3, 5, 4], [2, 2, 2, 3, 2, 3], { stride: [2, 1] }),
    localSample('dilation 2, padded unevenly', [1, 1, 5, 5], [2, 4, 4, 1, 2, 2], {
      dilation: [2, 2],
      padding: [1, 0, 0, 1],
    }),
    localSample('1x1', [2, 3, 2, 2], [4, 2, 2, 3, 1, 1]),
  ];
}

function localSample(
  name: string,
  x: number[],
  weight: number[],
  given: Partial<LocallyConnected2dAttrs> = {},
): LocalSample {
  const attrs = { stride: [1, 1] as Pair, padding: noPadding, dilation: [1, 1] as Pair, ...given };
  return { name, x: f32(...x), weight: f32(...weight), result: f32(...localResult(x, weight)), attrs };
}
