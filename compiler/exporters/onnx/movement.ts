/** Operations that move numbers, and resizing. */
import type { ResizeAttrs } from '../../ops/shared/resampling.ts';
import { flag, int, integers, named, reshape, scalar, text, transpose } from './site.ts';
import type { Emitter, ExportRule, Unexportable } from './site.ts';
import type { Attributes } from './messages.ts';

const expand: ExportRule<'expand'> = ({ e, inputs: [x], output }) =>
  e.emit('Expand', [x, integers(e, output.shape)]);

const slice: ExportRule<'slice'> = ({ e, inputs: [x], types, attrs: { starts, ends, steps } }) => {
  const { shape } = types[0]!;
  const axes = shape
    .map((_, axis) => axis)
    .filter((i) => starts[i] !== 0 || ends[i] !== shape[i] || steps[i] !== 1);
  if (axes.length === 0) return e.emit('Identity', [x]);
  const lists = [starts, ends, axes, steps].map((list) =>
    integers(e, list === axes ? axes : axes.map((axis) => list[axis]!)),
  );
  return e.emit('Slice', [x, ...lists]);
};

const pad: ExportRule<'pad'> = ({ e, inputs: [x], attrs: { before, after, mode, value } }) =>
  e.emit('Pad', [x, integers(e, [...before, ...after]), mode === 'constant' ? scalar(e, value) : undefined], {
    mode: text(mode),
  });

const channelShuffle: ExportRule<'channelShuffle'> = ({ e, inputs: [x], attrs: { groups }, output }) => {
  const [n, channels, ...spatial] = output.shape;
  const split = reshape(e, x!, [n!, groups, channels! / groups, ...spatial]);
  return reshape(e, transpose(e, split, [0, 2, 1, ...spatial.map((_, i) => i + 3)]), output.shape);
};

const channelMaxPool: ExportRule<'channelMaxPool'> = ({ e, inputs: [x], attrs: { pool }, output }) => {
  const [n, channels, ...spatial] = output.shape;
  const split = reshape(e, x!, [n!, channels!, pool, ...spatial]);
  return e.emit('ReduceMax', [split, integers(e, [2])], { keepdims: flag(false) });
};

const pixelShuffle: ExportRule<'pixelShuffle'> = named('DepthToSpace', ({ factor, order }) => ({
  blocksize: int(factor),
  mode: text(order === 'crd' ? 'CRD' : 'DCR'),
}));

/** SpaceToDepth knows one order only. */
const pixelUnshuffle: ExportRule<'pixelUnshuffle'> = ({
  e,
  inputs: [x],
  types,
  attrs: { factor, order },
  output,
}) => {
  if (order === 'dcr') return e.emit('SpaceToDepth', [x], { blocksize: int(factor) });
  const [n, channels, height, width] = types[0]!.shape;
  const split = reshape(e, x!, [n!, channels!, height! / factor, factor, width! / factor, factor]);
  return reshape(e, transpose(e, split, [0, 1, 3, 5, 2, 4]), output.shape);
};

const COORDINATES = {
  halfPixel: 'half_pixel',
  pytorchHalfPixel: 'pytorch_half_pixel',
  alignCorners: 'align_corners',
  asymmetric: 'asymmetric',
} as const;

const ROUNDINGS = {
  floor: 'floor',
  roundPreferFloor: 'round_prefer_floor',
  ceil: 'ceil',
  roundPreferCeil: 'round_prefer_ceil',
} as const;

function resize(
  e: Emitter,
  x: string,
  shape: readonly number[],
  { size, scale, coordinates }: ResizeAttrs,
  attributes: Attributes,
): string | Unexportable {
  const mode: Attributes = { coordinate_transformation_mode: text(COORDINATES[coordinates]), ...attributes };
  if (!scale)
    return e.emit('Resize', [x, undefined, undefined, integers(e, [...shape.slice(0, 2), ...size])], mode);
  const scales = Float32Array.of(1, 1, ...scale);
  // With scales ONNX knows no size: it follows from them.
  const follows = size.every(
    (extent, axis) => Math.floor(Math.fround(shape[axis + 2]! * scales[axis + 2]!)) === extent,
  );
  if (!follows) return { reason: `a scale of ${scale.join(' by ')} with the size ${size.join('x')}` };
  return e.emit('Resize', [x, undefined, e.constant('f32', [4], scales)], mode);
}

const resizeNearest: ExportRule<'resizeNearest'> = ({ e, inputs: [x], types, attrs }) =>
  resize(e, x!, types[0]!.shape, attrs, {
    mode: text('nearest'),
    nearest_mode: text(ROUNDINGS[attrs.rounding]),
  });

const resizeBilinear: ExportRule<'resizeBilinear'> = ({ e, inputs: [x], types, attrs }) =>
  resize(e, x!, types[0]!.shape, attrs, { mode: text('linear') });

export const movement = {
  ...{
    channelMaxPool,
    channelShuffle,
    expand,
    pad,
    pixelShuffle,
    pixelUnshuffle,
    resizeBilinear,
    resizeNearest,
  },
  slice,
  concat: named('Concat', ({ axis }) => ({ axis: int(axis) })) satisfies ExportRule<'concat'>,
  flatten: named('Flatten', ({ axis }) => ({ axis: int(axis) })) satisfies ExportRule<'flatten'>,
  gather: named('Gather', ({ axis }) => ({ axis: int(axis) })) satisfies ExportRule<'gather'>,
  reshape: (({ e, inputs: [x], output }) => reshape(e, x!, output.shape)) satisfies ExportRule<'reshape'>,
  transpose: (({ e, inputs: [x], attrs }) =>
    transpose(e, x!, attrs.permutation)) satisfies ExportRule<'transpose'>,
};
