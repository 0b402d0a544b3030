/**
 * The positions of a resized plane's elements in its source, as integers: output o of an axis is at source position
 * (a * o + b) / c. With integer arithmetic every target picks the same source elements. A scale that is not the ratio
 * of the sizes is replaced by the nearest fraction.
 *
 *   halfPixel         (o + 0.5) * in / out - 0.5   PyTorch's align_corners=False, ONNX half_pixel
 *   pytorchHalfPixel  the same, but 0 where the result has one element; ONNX pytorch_half_pixel
 *   alignCorners      o * (in - 1) / (out - 1)     PyTorch's align_corners=True, ONNX align_corners
 *   asymmetric        o * in / out                 PyTorch's nearest, ONNX asymmetric
 */
import { f32, type TensorType } from '../../ir/types.ts';
import { add, constant, div, eq, max, min, mul, select } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Reject } from '../types.ts';
import { keepsShape } from './facts.ts';
import { checkPlaneSize, checkPlanes } from './planes.ts';
import type { Pair } from './window.ts';
import type { Range } from './windowLoops.ts';

export type Coordinates = 'halfPixel' | 'pytorchHalfPixel' | 'alignCorners' | 'asymmetric';

/** ONNX nearest_mode: how a position between two elements is rounded, and one in the middle of them. */
export type NearestRounding = 'floor' | 'roundPreferFloor' | 'ceil' | 'roundPreferCeil';

export interface ResizeAttrs {
  /** [height, width] of the result. */
  readonly size: Pair;
  readonly coordinates: Coordinates;
  /** Output elements per input element, if that is not the ratio of the sizes (ONNX scales, PyTorch scale_factor). */
  readonly scale?: Pair;
}

/** The position (a * o + b) / c of output o; a >= 0, c > 0. */
export interface AxisMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly inputs: number;
  readonly outputs: number;
}

export function inferResize(x: TensorType, attrs: ResizeAttrs, reject: Reject): TensorType {
  checkPlanes(x, reject);
  checkResize(x.shape, attrs, reject);
  return { dtype: 'f32', shape: [...x.shape.slice(0, 2), ...attrs.size] };
}

/** Whether the size stays and no element moves. A scale may still move elements. */
export const resizesNothing = (
  inputs: readonly TensorType[],
  attrs: ResizeAttrs,
  output: TensorType,
): boolean => attrs.scale === undefined && keepsShape(inputs, attrs, output);

/** The shape rule of a resize's gradient. `resized` is the gradient's shape. */
export function inferResizeGradient(
  gradient: TensorType,
  attrs: ResizeAttrs & { readonly inputShape: readonly number[] },
  reject: Reject,
): TensorType {
  checkPlanes(gradient, reject, 'gradient');
  checkResize(attrs.inputShape, attrs, reject);
  const expected = [...attrs.inputShape.slice(0, 2), ...attrs.size];
  if (gradient.shape.join() !== expected.join()) {
    reject(
      'CNNC1202',
      `the gradient has shape [${gradient.shape.join(',')}], the resized input [${expected.join(',')}]`,
    );
  }
  return { dtype: 'f32', shape: attrs.inputShape };
}

function checkResize(input: readonly number[], attrs: ResizeAttrs, reject: Reject): void {
  checkPlaneSize('size', attrs.size, reject);
  if (attrs.scale && !attrs.scale.every((scale) => Number.isFinite(scale) && scale > 0)) {
    reject('CNNC1104', `the scale ${attrs.scale.join(' by ')} is not made of numbers above 0`);
  }
  for (const axis of [0, 1] as const) {
    const { a, b, c, inputs, outputs } = axisMap(attrs, axis, input[axis + 2]!);
    if (a * (outputs - 1) + b >= inputs * c) {
      reject(
        'CNNC1204',
        `a scale of ${attrs.scale![axis]} puts ${outputs} elements beyond the input's ${inputs}`,
      );
    }
  }
}

export function axisMap({ size, coordinates, scale }: ResizeAttrs, axis: 0 | 1, inputs: number): AxisMap {
  const outputs = size[axis];
  const [p, q] = scale ? nearestFraction(scale[axis]) : [outputs, inputs];
  const oneElement = coordinates === 'pytorchHalfPixel' && outputs === 1;
  const [a, b, c] = oneElement ? [0, 0, 1] : coefficients(coordinates, p, q, inputs);
  return { ...reduced(a, b, c), inputs, outputs };
}

/** [a, b, c] for p output elements per q input elements. */
function coefficients(
  coordinates: Coordinates,
  p: number,
  q: number,
  inputs: number,
): [number, number, number] {
  switch (coordinates) {
    case 'halfPixel':
    case 'pytorchHalfPixel':
      return [2 * q, q - p, 2 * p];
    case 'asymmetric':
      return [q, 0, p];
    case 'alignCorners': {
      // The last of in * p / q output elements is on the last input element.
      const last = inputs * p - q;
      return last > 0 ? [(inputs - 1) * q, 0, last] : [0, 0, 1];
    }
  }
}

function reduced(a: number, b: number, c: number): Pick<AxisMap, 'a' | 'b' | 'c'> {
  const divisor = greatestCommonDivisor(greatestCommonDivisor(a, Math.abs(b)), c);
  return { a: a / divisor, b: b / divisor, c: c / divisor };
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

const F32_EPSILON = 2 ** -24;
/** Larger denominators would overflow the products with indices. */
const MAX_DENOMINATOR = 2 ** 14;

/** [p, q] with p / q = value within f32, by continued fractions: 0.6 stored as f32 is 3 / 5. */
function nearestFraction(value: number): [number, number] {
  let [p, q, before] = [Math.floor(value), 1, [1, 0] as [number, number]];
  let rest = value - p;
  while (Math.abs(p / q - value) > value * F32_EPSILON) {
    const term = Math.floor(1 / rest);
    const next: [number, number] = [term * p + before[0], term * q + before[1]];
    if (next[1] > MAX_DENOMINATOR) break;
    rest = 1 / rest - term;
    [before, [p, q]] = [[p, q], next];
  }
  return [p, q];
}

/** The numerator of the position over c, limited to the range from the first to the last source element. */
export function clampedPosition({ a, b, c, inputs, outputs }: AxisMap, o: Expr): Expr {
  const position = add(mul(o, a), b);
  const raised = b < 0 ? max(position, 0) : position;
  return a * (outputs - 1) + b > (inputs - 1) * c ? min(raised, (inputs - 1) * c) : raised;
}

/** The map whose positions, rounded down, are the elements that `rounding` picks. */
export function roundedMap(map: AxisMap, rounding: NearestRounding): AxisMap {
  const { a, b, c } = map;
  switch (rounding) {
    case 'floor':
      return map;
    case 'ceil':
      return { ...map, b: b + c - 1 };
    case 'roundPreferCeil':
      return { ...map, a: 2 * a, b: 2 * b + c, c: 2 * c };
    case 'roundPreferFloor':
      // ceil(x - 1/2) = floor((2 (a o + b) - c + 2 c - 1) / 2 c)
      return { ...map, a: 2 * a, b: 2 * b + c - 1, c: 2 * c };
  }
}

/** The source element of output o: its position rounded down and limited to the source. */
export const sourceIndex = (map: AxisMap, o: Expr): Expr => div(clampedPosition(map, o), map.c);

/** The outputs whose `sourceIndex` is `at`. */
export const outputsOf = (map: AxisMap, at: Expr): Range => outputsBetween(map, at, 0, map.c);

/** The outputs less than one element away from `at`: those that interpolate with it. */
export const outputsAround = (map: AxisMap, at: Expr): Range => outputsBetween(map, at, 1 - map.c, map.c);

/**
 * The outputs with at * c + low <= a * o + b < at * c + high. The first and last element also have the outputs that
 * are clamped to them.
 */
function outputsBetween({ a, b, c, inputs, outputs }: AxisMap, at: Expr, low: number, high: number): Range {
  if (a === 0) return { from: constant(0), to: select(eq(at, 0), constant(outputs), constant(0)) };
  const firstNotBelow = (bound: number): Expr => {
    const distance = add(mul(at, c), bound - b);
    return div(add(bound < b ? max(distance, 0) : distance, a - 1), a);
  };
  const [from, to] = [firstNotBelow(low), min(firstNotBelow(high), outputs)];
  return {
    from: b < 0 ? select(eq(at, 0), constant(0), from) : from,
    to: a * (outputs - 1) + b >= inputs * c ? select(eq(at, inputs - 1), constant(outputs), to) : to,
  };
}

/** A sample of a resize and of its gradient. */
export interface ResizeGeometry<A extends ResizeAttrs> {
  readonly name: string;
  readonly x: readonly number[];
  readonly attrs: A;
}

/** Geometries with these attributes, unless they override them. */
export const resizeGeometry =
  <A extends ResizeAttrs>(common: Omit<A, 'size'>) =>
  (name: string, x: readonly number[], size: Pair, attrs: Partial<A> = {}): ResizeGeometry<A> => ({
    name,
    x,
    attrs: { ...common, size, ...attrs } as A,
  });

export const resizeSamples = <A extends ResizeAttrs>(geometries: readonly ResizeGeometry<A>[]) =>
  geometries.map(({ name, x, attrs }) => ({ name, inputs: [f32(...x)], attrs }));

export const resizeGradientSamples = <A extends ResizeAttrs>(geometries: readonly ResizeGeometry<A>[]) =>
  geometries.map(({ name, x, attrs }) => ({
    name,
    inputs: [f32(x[0]!, x[1]!, ...attrs.size)],
    attrs: { ...attrs, inputShape: x },
  }));
