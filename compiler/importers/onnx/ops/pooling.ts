/**
 * Pools. A pool over one axis runs as one over an image of one row. A pool over three axes runs first over every
 * plane and then over the depth: since windows are boxes, it is a maximum of maxima or a mean of means.
 */
import { binary, cast, scalar, unary } from '../../recorded/algebra/arithmetic.ts';
import { reduce } from '../../recorded/algebra/reduction.ts';
import { reshape } from '../../recorded/algebra/movement.ts';
import { call, live, operation, shapeOf, type Live, type Options, type Value } from '../../recorded/calls.ts';
import { known } from '../../recorded/known.ts';
import type { NodeView } from '../node.ts';
import type { Translate, Translations } from './types.ts';
import { along, pairOf, planar, readWindow, shortPair, windowOptions, type Window } from './window.ts';

/** Options of a pool. Its stride equals its kernel unless the options name one. */
function poolOptions(window: Window): Options {
  const [kernel, stride] = [pairOf(window.kernel), pairOf(window.stride)];
  return {
    ...windowOptions(window),
    stride: kernel.join() === stride.join() ? undefined : shortPair(stride),
    ceilMode: window.ceilMode ? true : undefined,
  };
}

/** Pools the images of x with the layer `method`. */
function pool(node: NodeView, x: Value, window: Window, method: string, more: Options): Value {
  const shape = shapeOf(x);
  const options = { ...poolOptions(planar(window)), ...more };
  if (shape.length === 3) {
    const [n, c, l] = shape;
    const pooled = call(node.r, 'f32', method, [live(node.r, reshape(node.r, x, [n!, c!, 1, l!]))], options);
    return reshape(node.r, pooled, [n!, c!, shapeOf(pooled)[3]!]);
  }
  if (shape.length === 4) return call(node.r, 'f32', method, [live(node.r, x)], options);
  if (shape.length === 5) return poolVolumes(node, x, window, method, more);
  return node.refuse('CNNC3016', `pools over ${shape.length - 2} axes are not supported`);
}

function poolVolumes(node: NodeView, x: Value, window: Window, method: string, more: Options): Value {
  const { r } = node;
  const [n, c, d, h, w] = shapeOf(x);
  const planes = pool(node, reshape(r, x, [n! * c!, d!, h!, w!]), along(window, 1, 3), method, more);
  const [, , oh, ow] = shapeOf(planes);
  const columns = reshape(r, planes, [n! * c!, 1, d!, oh! * ow!]);
  const depth = along(window, 0, 1);
  const upright: Window = {
    ...depth,
    kernel: [...depth.kernel, 1],
    stride: [...depth.stride, 1],
    dilation: [...depth.dilation, 1],
    before: [...depth.before, 0],
    after: [...depth.after, 0],
  };
  const pooled = pool(node, columns, upright, method, more);
  return reshape(r, pooled, [n!, c!, shapeOf(pooled)[2]!, oh!, ow!]);
}

const averagePool: Translate = (node) => {
  const counts = node.int('count_include_pad', 0) !== 0;
  const window = readWindow(node, undefined);
  const isPadded = [...window.before, ...window.after].some((amount) => amount > 0);
  const countIncludePad = counts || !isPadded ? undefined : false;
  return pool(node, node.value(0), window, 'averagePool', { countIncludePad });
};

const lpPool: Translate = (node) => {
  const p = node.int('p', 2);
  return pool(node, node.value(0), readWindow(node, undefined), 'lpPool', { p: p === 2 ? undefined : p });
};

const maxPool: Translate = (node) => {
  const x = node.value(0);
  const window = readWindow(node, undefined);
  const pooled = pool(node, x, window, 'maxPool', {});
  if (!node.hasOutput(1)) return pooled;
  if (shapeOf(x).length !== 4) return node.refuse('CNNC3016', 'its indices are supported over two axes only');
  return [pooled, indices(node, live(node.r, x), window)];
};

/** Indices as ONNX counts them: through the whole tensor, and along columns of a plane if `storage_order` is 1. */
function indices(node: NodeView, x: Live, window: Window): Value {
  const { r } = node;
  const [n, c, h, w] = shapeOf(x);
  if (n! * c! * h! * w! > 2 ** 24) node.refuse('CNNC3016', 'its indices go beyond 2^24');
  const attrs = {
    kernel: window.kernel,
    stride: window.stride,
    padding: [...window.before, ...window.after],
    dilation: window.dilation,
    ceilMode: window.ceilMode,
  };
  const place = cast(r, operation(r, 'i32', 'maxPoolIndices', [x], attrs), 'f32');
  const planes = Array.from({ length: n! * c! }, (_, plane) => plane * h! * w!);
  const offsets = known('f32', [n!, c!, 1, 1], planes);
  return cast(r, binary(r, 'add', inOrder(node, place, h!, w!), offsets), 'i64');
}

function inOrder(node: NodeView, place: Value, height: number, width: number): Value {
  if (node.int('storage_order', 0) === 0) return place;
  const { r } = node;
  const row = unary(r, 'floor', binary(r, 'div', place, scalar(width)));
  const column = binary(r, 'sub', place, binary(r, 'mul', row, scalar(width)));
  return binary(r, 'add', binary(r, 'mul', column, scalar(height)), row);
}

/** MaxUnpool, the opposite of MaxPool: puts every number back at its index; all other elements are 0. */
const maxUnpool: Translate = (node) => {
  const { r } = node;
  const [x, places] = [node.live(0), node.value(1)];
  const [n, c] = shapeOf(x) as [number, number];
  if (shapeOf(x).length !== 4) return node.refuse('CNNC3016', 'it is supported over two axes only');
  const window = readWindow(node, undefined);
  const wanted = node.knownInts(2, 'output_shape');
  const [height, width] = wanted
    ? pairOf(wanted.slice(-2))
    : pairOf(window.kernel.map((kernel, i) => unpooledExtent(window, i, kernel, shapeOf(x)[i + 2]!)));
  if (!(n * c * height * width <= 2 ** 24)) return node.refuse('CNNC3016', 'its indices go beyond 2^24');
  const planes = Array.from({ length: n * c }, (_, plane) => plane * height * width);
  const inPlane = binary(r, 'sub', cast(r, places, 'f32'), known('f32', [n, c, 1, 1], planes));
  const indices = live(r, cast(r, inPlane, 'i32'));
  return operation(r, 'f32', 'maxUnpool', [x, indices], { outputSize: [height, width] });
};

const unpooledExtent = (window: Window, i: number, kernel: number, extent: number): number =>
  (extent - 1) * window.stride[i]! - window.before[i]! - window.after[i]! + kernel;

/** A reduction over all axes after the channels. */
const globally =
  (method: string, reduction: 'reduceMean' | 'reduceMax'): Translate =>
  (node) => {
    const x = node.value(0);
    const rank = shapeOf(x).length;
    if (rank === 4) return call(node.r, 'f32', method, [live(node.r, x)]);
    return reduce(
      node.r,
      reduction,
      x,
      shapeOf(x)
        .map((_, axis) => axis)
        .slice(2),
      true,
    );
  };

const globalLpPool: Translate = (node) => {
  const p = node.int('p', 2);
  return call(node.r, 'f32', 'globalLpPool', [node.live(0)], { p: p === 2 ? undefined : p });
};

export const pooling: Translations = {
  AveragePool: averagePool,
  GlobalAveragePool: globally('globalAveragePool', 'reduceMean'),
  GlobalLpPool: globalLpPool,
  GlobalMaxPool: globally('globalMaxPool', 'reduceMax'),
  LpPool: lpPool,
  MaxPool: maxPool,
  MaxUnpool: maxUnpool,
};
