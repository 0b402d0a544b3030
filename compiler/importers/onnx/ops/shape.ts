/** Operators on shapes, and operators that move numbers. */
import { fail } from '../../../diagnostics/diagnostic.ts';
import { sizeOf } from '../../../ir/types.ts';
import { broadcastShapes } from '../../../ops/shared/pointwise.ts';
import {
  concat,
  cut,
  expand,
  gather,
  padConstant,
  reshape,
  slice,
  split,
  tile,
} from '../../recorded/algebra/movement.ts';
import { transpose, type Range } from '../../recorded/algebra/movement.ts';
import { call, live, operation, shapeOf, type Value } from '../../recorded/calls.ts';
import { known, knownIntegers, type Known } from '../../recorded/known.ts';
import { axisOf, rankOf, type NodeView } from '../node.ts';
import { readKnown } from '../tensor.ts';
import type { Translate, Translations } from './types.ts';

const shape: Translate = (node) => {
  const extents = shapeOf(node.value(0));
  return knownIntegers(extents.slice(node.int('start', 0), node.int('end', extents.length)));
};

const constant: Translate = (node) => {
  const value = node.attribute('value');
  if (value?.kind === 'tensor') return withoutSource(readKnown(value.value, node.r.file, noFile));
  if (node.has('value_float')) return known('f32', [], [node.float('value_float')]);
  if (node.has('value_int')) return known('i64', [], [node.int('value_int')]);
  const [floats, ints] = [node.floats('value_floats'), node.ints('value_ints')];
  if (floats) return known('f32', [floats.length], floats);
  if (ints) return knownIntegers(ints);
  return node.refuse('CNNC3016', 'its value is of a kind that is not supported');
};

const noFile = (_entries: unknown, what: string): never =>
  fail(
    'CNNC3013',
    'onnx',
    {},
    `${what} is a constant that is stored in another file, which is not supported`,
  );

const withoutSource = (value: Known): Known => ({ ...value, source: undefined });

/** ConstantOfShape. Small models store weights of equal numbers this way. */
const constantOfShape: Translate = (node) => {
  const extents = node.knownInts(0, 'shape') ?? [];
  const value = node.attribute('value');
  const one = value?.kind === 'tensor' ? readKnown(value.value, node.r.file, noFile) : known('f32', [1], [0]);
  if (extents.some((extent) => !(extent >= 0)))
    return node.refuse('CNNC3015', `the shape is [${extents.join(',')}]`);
  const filled = known(one.dtype, extents, []);
  filled.data.fill(one.data[0] ?? 0);
  const isWeight = sizeOf(extents) > 16 && one.dtype === 'f32';
  return isWeight ? { ...filled, source: node.name || 'filled' } : filled;
};

const range: Translate = (node) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => node.known(i, 'limits').data[0] ?? NaN) as [
    number,
    number,
    number,
  ];
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  if (!(count <= 2 ** 24)) return node.refuse('CNNC3020', `it has ${count} numbers`);
  const numbers = Array.from({ length: count }, (_, i) => start + i * delta);
  return known(node.value(0).dtype, [count], numbers);
};

/** Reshape. An extent of 0 keeps the input's extent; -1 is computed from the others. */
const reshapeNode: Translate = (node) => {
  const x = node.value(0);
  const from = shapeOf(x);
  const wanted =
    node.ints('shape') ?? node.knownInts(1, 'shape') ?? node.refuse('CNNC3015', 'the shape is missing');
  const keepsZero = node.int('allowzero', 0) !== 0;
  const kept = wanted.map((extent, axis) => (extent === 0 && !keepsZero ? (from[axis] ?? 0) : extent));
  const rest = sizeOf(from) / sizeOf(kept.filter((extent) => extent !== -1));
  if (kept.filter((extent) => extent === -1).length > 1) return node.refuse('CNNC3015', 'two extents are -1');
  return reshape(
    node.r,
    x,
    kept.map((extent) => (extent === -1 ? rest : extent)),
  );
};

const flatten: Translate = (node) => {
  const x = node.value(0);
  const extents = shapeOf(x);
  const given = node.int('axis', 1);
  const axis = given < 0 ? given + extents.length : given;
  if (!(axis >= 0 && axis <= extents.length)) return node.refuse('CNNC3015', `the axis is ${given}`);
  const rows = [sizeOf(extents.slice(0, axis)), sizeOf(extents.slice(axis))];
  if (x.kind === 'known' || axis === 0 || axis === extents.length || extents.length === 2)
    return reshape(node.r, x, rows);
  return call(node.r, x.dtype, 'flatten', [x], { axis: axis === 1 ? undefined : axis });
};

/** The axes: an attribute in older opsets, an operand in newer ones. */
const axesOf = (node: NodeView): readonly number[] | undefined =>
  node.ints('axes') ?? node.knownInts(1, 'axes');

const squeeze: Translate = (node) => {
  const x = node.value(0);
  const extents = shapeOf(x);
  const axes = axesOf(node)?.map((axis) => axisOf(node, axis, extents.length));
  const isGone = (axis: number): boolean => (axes ? axes.includes(axis) : extents[axis] === 1);
  if (axes?.some((axis) => extents[axis] !== 1))
    return node.refuse('CNNC3015', 'an axis to be squeezed is not of extent 1');
  return reshape(
    node.r,
    x,
    extents.filter((_, axis) => !isGone(axis)),
  );
};

const unsqueeze: Translate = (node) => {
  const x = node.value(0);
  const given = axesOf(node) ?? node.refuse('CNNC3015', 'the axes are missing');
  const rank = rankOf(x) + given.length;
  const axes = given.map((axis) => axisOf(node, axis, rank));
  if (new Set(axes).size !== axes.length) return node.refuse('CNNC3015', 'an axis is listed twice');
  const rest = [...shapeOf(x)];
  return reshape(
    node.r,
    x,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!)),
  );
};

const transposeNode: Translate = (node) => {
  const x = node.value(0);
  return transpose(
    node.r,
    x,
    node.ints('perm') ??
      shapeOf(x)
        .map((_, axis) => axis)
        .reverse(),
  );
};

/** Everything is an attribute before opset 10. */
const sliceNode: Translate = (node) => {
  const x = node.value(0);
  const extents = shapeOf(x);
  const starts =
    node.ints('starts') ?? node.knownInts(1, 'starts') ?? node.refuse('CNNC3015', 'the starts are missing');
  const ends =
    node.ints('ends') ?? node.knownInts(2, 'ends') ?? node.refuse('CNNC3015', 'the ends are missing');
  const axes = node.ints('axes') ?? node.knownInts(3, 'axes') ?? starts.map((_, i) => i);
  const steps = node.knownInts(4, 'steps') ?? starts.map(() => 1);
  const lengths = [ends, axes, steps].map((list) => list.length);
  if (lengths.some((length) => length !== starts.length))
    return node.refuse('CNNC3015', 'its lists differ in length');
  const ranges: Range[] = extents.map((extent) => ({ start: 0, count: extent, step: 1 }));
  axes.forEach((given, i) => {
    const axis = axisOf(node, given, extents.length);
    ranges[axis] = rangeOf(starts[i]!, ends[i]!, steps[i]!, extents[axis]!, node);
  });
  return slice(node.r, x, ranges);
};

/** NumPy's rules: negative numbers count from the end, and out-of-range numbers are clamped. */
function rangeOf(start: number, end: number, step: number, extent: number, node: NodeView): Range {
  if (step === 0) return node.refuse('CNNC3015', 'a step is 0');
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const clamped = (place: number): number =>
    Math.min(Math.max(place < 0 ? place + extent : place, low), high);
  const [from, to] = [clamped(start), clamped(end)];
  return { start: from, count: Math.max(Math.ceil((to - from) / step), 0), step };
}

const concatNode: Translate = (node) => {
  const xs = node.inputs.map((_, i) => node.value(i));
  if (xs.length === 0) return node.refuse('CNNC3015', 'it has no operands');
  return concat(node.r, xs, axisOf(node, node.int('axis', 1), rankOf(xs[0]!)));
};

const splitNode: Translate = (node) => {
  const x = node.value(0);
  const axis = axisOf(node, node.int('axis', 0), rankOf(x));
  const extent = shapeOf(x)[axis]!;
  const given = node.ints('split') ?? node.knownInts(1, 'split');
  const count = node.int('num_outputs', node.outputs.length);
  if (!given && !(count >= 1 && count <= extent))
    return node.refuse('CNNC3015', `an extent of ${extent} cannot be split into ${count}`);
  const size = Math.ceil(extent / count);
  const parts = given ?? Array.from({ length: count }, (_, i) => Math.min(size, extent - i * size));
  const fits = parts.every((part) => part >= 0) && parts.reduce((sum, part) => sum + part, 0) === extent;
  if (!fits)
    return node.refuse('CNNC3015', `parts of ${parts.join(', ')} do not fill an extent of ${extent}`);
  return split(node.r, x, axis, parts);
};

const gatherNode: Translate = (node) =>
  gather(node.r, node.value(0), node.value(1), axisOf(node, node.int('axis', 0), rankOf(node.value(0))));

const expandNode: Translate = (node) => {
  const x = node.value(0);
  const wanted = node.knownInts(1, 'shape') ?? node.refuse('CNNC3015', 'the shape is missing');
  const common = broadcastShapes([shapeOf(x), wanted]);
  return common
    ? expand(node.r, x, common)
    : node.refuse('CNNC3015', `[${shapeOf(x)}] does not broadcast to [${wanted}]`);
};

const tileNode: Translate = (node) => {
  const repeats = node.knownInts(1, 'repeats') ?? node.refuse('CNNC3015', 'the repeats are missing');
  const fits = repeats.length === rankOf(node.value(0)) && repeats.every((count) => count >= 1);
  return fits
    ? tile(node.r, node.value(0), repeats)
    : node.refuse('CNNC3015', `its repeats are [${repeats.join(',')}]`);
};

/** [before, after] by axis. */
function amountsOf(node: NodeView): [number[], number[]] {
  const rank = rankOf(node.value(0));
  const pads =
    node.ints('pads') ?? node.knownInts(1, 'pads') ?? node.refuse('CNNC3015', 'the pads are missing');
  const axes = (node.knownInts(3, 'axes') ?? Array.from({ length: rank }, (_, i) => i)).map((axis) =>
    axisOf(node, axis, rank),
  );
  if (pads.length !== 2 * axes.length)
    node.refuse('CNNC3015', `it has ${pads.length} pads, expected ${2 * axes.length}`);
  const spread = (from: number): number[] => {
    const amounts = Array<number>(rank).fill(0);
    axes.forEach((axis, i) => (amounts[axis] = pads[from + i]!));
    return amounts;
  };
  return [spread(0), spread(axes.length)];
}

const pad: Translate = (node) => {
  const { r } = node;
  const [before, after] = amountsOf(node);
  const mode = node.text('mode', 'constant');
  const x = cropped(node, before, after);
  const [first, last] = [before, after].map((amounts) => amounts.map((amount) => Math.max(amount, 0))) as [
    number[],
    number[],
  ];
  switch (mode) {
    case 'constant': {
      const value = node.inputs[2] ? node.known(2, 'constant_value').data[0]! : node.float('value', 0);
      return padConstant(r, x, first, last, value);
    }
    case 'reflect':
    case 'edge':
      return call(r, x.dtype, 'pad', [live(r, x)], { before: first, after: last, mode });
    case 'wrap':
      return wrapped(node, x, first, last);
    default:
      return node.refuse('CNNC3016', `the mode ${JSON.stringify(mode)} is not supported`);
  }
};

/** Negative amounts cut off. */
function cropped(node: NodeView, before: readonly number[], after: readonly number[]): Value {
  const x = node.value(0);
  const ranges = shapeOf(x).map((extent, axis): Range => {
    const [start, end] = [Math.max(-before[axis]!, 0), Math.max(-after[axis]!, 0)];
    return { start, count: extent - start - end, step: 1 };
  });
  if (ranges.some(({ count }) => count < 1)) node.refuse('CNNC3015', 'its negative pads leave nothing');
  return slice(node.r, x, ranges);
}

/** Pads by wrapping: elements of the end go before the start, and elements of the start after the end. */
function wrapped(node: NodeView, x: Value, before: readonly number[], after: readonly number[]): Value {
  return shapeOf(x).reduce((value: Value, extent, axis) => {
    const [first, last] = [before[axis]!, after[axis]!];
    if (Math.max(first, last) > extent) return node.refuse('CNNC3015', 'it wraps by more than the extent');
    const parts = [
      ...(first > 0 ? [cut(node.r, value, axis, extent - first, extent)] : []),
      value,
      ...(last > 0 ? [cut(node.r, value, axis, 0, last)] : []),
    ];
    return concat(node.r, parts, axis);
  }, x);
}

const depthToSpace: Translate = (node) => {
  const factor = node.int('blocksize');
  if (node.text('mode', 'DCR') === 'CRD')
    return call(node.r, 'f32', 'pixelShuffle', [node.live(0)], { factor });
  return operation(node.r, 'f32', 'pixelShuffle', [node.live(0)], { factor, order: 'dcr' });
};

const spaceToDepth: Translate = (node) =>
  operation(node.r, 'f32', 'pixelUnshuffle', [node.live(0)], { factor: node.int('blocksize'), order: 'dcr' });

export const shapes: Translations = {
  Concat: concatNode,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  DepthToSpace: depthToSpace,
  Expand: expandNode,
  Flatten: flatten,
  Gather: gatherNode,
  Pad: pad,
  Range: range,
  Reshape: reshapeNode,
  Shape: shape,
  Slice: sliceNode,
  SpaceToDepth: spaceToDepth,
  Split: splitNode,
  Squeeze: squeeze,
  Tile: tileNode,
  Transpose: transposeNode,
  Unsqueeze: unsqueeze,
};
