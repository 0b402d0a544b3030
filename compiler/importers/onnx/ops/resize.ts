/**
 * Resize and Upsample. The layer `resize` and the two resize operators do not support everything: cubic
 * interpolation, antialiasing, cropping, other axes. These are linear along each axis, so they become products with
 * matrices that are known at import.
 */
import { binary, scalar } from '../../recorded/algebra/arithmetic.ts';
import { transpose } from '../../recorded/algebra/movement.ts';
import { call, live, operation, shapeOf, type Value } from '../../recorded/calls.ts';
import { known } from '../../recorded/known.ts';
import { axisOf, type NodeView } from '../node.ts';
import { resizeMatrix, type Resampling } from '../resizeMatrix.ts';
import { shortest } from './normalization.ts';
import type { Translate, Translations } from './types.ts';

interface Plan extends Resampling {
  /** The extents of the result, by axis of x. */
  readonly sizes: readonly number[];
  readonly scales: readonly number[];
  readonly roi?: readonly number[];
  readonly extrapolation: number;
}

const resize: Translate = (node) => {
  const isOld = node.opset < 11;
  const upsample = node.op === 'Upsample';
  const mode = node.text('mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear' && mode !== 'cubic')
    return node.refuse('CNNC3016', `the mode ${JSON.stringify(mode)} is not supported`);
  const scalesAt = isOld ? 1 : 2;
  const scales = node.floats('scales') ?? floatsOf(node, scalesAt, 'scales');
  const target = upsample || isOld ? undefined : node.knownInts(3, 'sizes');
  const plan: Plan = {
    mode,
    // Upsample and the first version of Resize had no attribute for this; its name came later.
    coordinates: node.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel'),
    rounding: node.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor'),
    cubic: node.float('cubic_coeff_a', -0.75),
    excludeOutside: node.int('exclude_outside', 0) !== 0,
    antialias: node.int('antialias', 0) !== 0,
    extrapolation: node.float('extrapolation_value', 0),
    ...extentsOf(node, scales, target),
    roi: roiOf(node),
  };
  if (plan.sizes.some((size) => !(Number.isInteger(size) && size >= 1)))
    return node.refuse('CNNC3015', `the size of its result is [${plan.sizes.join(',')}]`);
  return layerFor(node, plan) ?? byMatrices(node, plan);
};

function floatsOf(node: NodeView, index: number, what: string): readonly number[] | undefined {
  const value = node.inputs[index] && node.known(index, what);
  return value && value.data.length > 0 ? [...value.data] : undefined;
}

const axesOf = (node: NodeView): number[] => {
  const rank = shapeOf(node.value(0)).length;
  return (
    node.ints('axes')?.map((axis) => axisOf(node, axis, rank)) ?? Array.from({ length: rank }, (_, i) => i)
  );
};

/** Sizes and scales of every axis, from those of some axes. */
function extentsOf(
  node: NodeView,
  scales: readonly number[] | undefined,
  target: readonly number[] | undefined,
): Pick<Plan, 'sizes' | 'scales'> {
  const shape = shapeOf(node.value(0));
  const axes = axesOf(node);
  const given = scales ?? target ?? node.refuse('CNNC3015', 'neither scales nor sizes are known');
  if (given.length !== axes.length)
    node.refuse('CNNC3015', `it has ${given.length} scales, expected ${axes.length}`);
  const [allSizes, allScales] = [[...shape], shape.map(() => 1)];
  const wanted =
    target && !scales
      ? keepAspect(
          node,
          target,
          axes.map((axis) => shape[axis]!),
        )
      : undefined;
  axes.forEach((axis, i) => {
    const scale = wanted ? wanted.scales[i]! : shortest(scales![i]!);
    allSizes[axis] = wanted ? wanted.sizes[i]! : Math.floor(shape[axis]! * scale + 1e-9);
    allScales[axis] = scale;
  });
  return { sizes: allSizes, scales: allScales };
}

function keepAspect(node: NodeView, target: readonly number[], extents: readonly number[]) {
  const policy = node.text('keep_aspect_ratio_policy', 'stretch');
  const ratios = target.map((size, i) => size / extents[i]!);
  if (policy === 'stretch') return { sizes: target, scales: ratios };
  const scale = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  const sizes = extents.map((extent) => Math.floor(extent * scale + 0.5));
  return { sizes, scales: sizes.map(() => scale) };
}

/** [start, end] of every axis as shares of its extent. */
function roiOf(node: NodeView): readonly number[] | undefined {
  if (node.text('coordinate_transformation_mode', 'half_pixel') !== 'tf_crop_and_resize') return undefined;
  const rank = shapeOf(node.value(0)).length;
  const axes = axesOf(node);
  const given = floatsOf(node, 1, 'roi') ?? node.refuse('CNNC3015', 'its roi is missing');
  const roi = [...Array<number>(rank).fill(0), ...Array<number>(rank).fill(1)];
  axes.forEach((axis, i) => {
    roi[axis] = given[i] ?? 0;
    roi[axis + rank] = given[i + axes.length] ?? 1;
  });
  return roi;
}

const COORDINATES: Readonly<Record<string, string>> = {
  half_pixel: 'halfPixel',
  pytorch_half_pixel: 'pytorchHalfPixel',
  align_corners: 'alignCorners',
  asymmetric: 'asymmetric',
};

const ROUNDINGS: Readonly<Record<string, string>> = {
  floor: 'floor',
  ceil: 'ceil',
  round_prefer_floor: 'roundPreferFloor',
  round_prefer_ceil: 'roundPreferCeil',
};

/** The operator for planes in the usual modes. PyTorch's modes have a layer. */
function layerFor(node: NodeView, plan: Plan): Value | undefined {
  const shape = shapeOf(node.value(0));
  const coordinates = Object.hasOwn(COORDINATES, plan.coordinates)
    ? COORDINATES[plan.coordinates]
    : undefined;
  const rounding = Object.hasOwn(ROUNDINGS, plan.rounding) ? ROUNDINGS[plan.rounding] : undefined;
  const isPlane = shape.length === 4 && plan.sizes[0] === shape[0] && plan.sizes[1] === shape[1];
  if (!coordinates || !rounding || !isPlane || plan.mode === 'cubic' || plan.antialias) return undefined;
  const size = [plan.sizes[2]!, plan.sizes[3]!];
  const isRatio = size.every((extent, i) => Math.abs(shape[i + 2]! * plan.scales[i + 2]! - extent) < 1e-6);
  const scale = isRatio ? undefined : plan.scales.slice(2);
  const x = node.live(0);
  const mode = layerMode(plan.mode, coordinates, rounding);
  if (mode && !scale) {
    const factor = size[0]! / shape[2]!;
    const isSame = factor === size[1]! / shape[3]! && Number.isInteger(factor);
    return call(node.r, 'f32', 'resize', [x], { ...(isSame ? { scale: factor } : { size }), ...mode });
  }
  const attrs = { size, coordinates, ...(scale ? { scale } : {}) };
  return plan.mode === 'nearest'
    ? operation(node.r, 'f32', 'resizeNearest', [x], { ...attrs, rounding })
    : operation(node.r, 'f32', 'resizeBilinear', [x], attrs);
}

function layerMode(mode: string, coordinates: string, rounding: string) {
  if (mode === 'linear' && coordinates === 'halfPixel') return { mode: 'bilinear' };
  if (mode === 'linear' && coordinates === 'alignCorners') return { mode: 'bilinear', alignCorners: true };
  const isFloor = mode === 'nearest' && coordinates === 'asymmetric' && rounding === 'floor';
  return isFloor ? {} : undefined;
}

/** Resizes axis by axis: moves the axis to the end and multiplies by its matrix. */
function byMatrices(node: NodeView, plan: Plan): Value {
  const { r } = node;
  const shape = shapeOf(node.value(0));
  const rank = shape.length;
  let x: Value = node.value(0);
  let outside = scalar(0) as Value;
  shape.forEach((extent, axis) => {
    const [start, end] = [plan.roi?.[axis] ?? 0, plan.roi?.[axis + rank] ?? 1];
    if (plan.sizes[axis] === extent && plan.scales[axis] === 1 && start === 0 && end === 1) return;
    const geometry = { inputs: extent, outputs: plan.sizes[axis]!, scale: plan.scales[axis]!, start, end };
    if (geometry.inputs * geometry.outputs > 2 ** 24)
      node.refuse('CNNC3016', 'its matrix would be too large');
    const matrix = resizeMatrix(plan, geometry);
    if (!matrix)
      return node.refuse(
        'CNNC3016',
        `${plan.coordinates} with ${plan.mode} and ${plan.rounding} is not supported`,
      );
    x = timesAlong(node, x, matrix.rows, axis);
    const marks = known('f32', outsideShape(rank, axis, plan.sizes[axis]!), matrix.outside);
    outside = binary(r, 'maximum', outside, marks);
  });
  const isEmpty = plan.extrapolation === 0 || outside.kind !== 'known' || !outside.data.includes(1);
  if (outside.kind !== 'known' || !outside.data.includes(1)) return x;
  const kept = binary(r, 'mul', x, binary(r, 'sub', scalar(1), outside));
  return isEmpty ? kept : binary(r, 'add', kept, binary(r, 'mul', outside, scalar(plan.extrapolation)));
}

const outsideShape = (rank: number, axis: number, size: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i === axis ? size : 1));

function timesAlong(node: NodeView, x: Value, rows: readonly (readonly number[])[], axis: number): Value {
  const { r } = node;
  const rank = shapeOf(x).length;
  const order = Array.from({ length: rank }, (_, i) => i);
  const swap = order.with(axis, rank - 1).with(rank - 1, axis);
  const matrix = known('f32', [rows.length, rows[0]!.length], rows.flat());
  const left = live(r, transpose(r, x, swap));
  return transpose(r, call(r, 'f32', 'matmul', [left, live(r, matrix)], { transposeB: true }), swap);
}

export const resampling: Translations = { Resize: resize, Upsample: resize };
