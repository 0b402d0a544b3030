/** Convolutions and products of matrices. Weights keep their shapes: PyTorch's are ONNX's. */
import { floats, int, integers, ints, perChannel, reshape, text, transpose } from './site.ts';
import type { ExportRule, ExportSite } from './site.ts';
import type { Attributes } from './messages.ts';

interface Sliding {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

export const slidingAttributes = (
  { stride, padding, dilation }: Sliding,
  kernel: readonly number[],
): Attributes => ({
  kernel_shape: ints(kernel),
  strides: ints(stride),
  pads: ints(padding),
  dilations: ints(dilation),
});

const conv2d: ExportRule<'conv2d'> = ({ e, inputs, types, attrs }) =>
  e.emit('Conv', inputs, {
    ...slidingAttributes(attrs, types[1]!.shape.slice(2)),
    group: int(attrs.groups),
  });

const convTranspose2d: ExportRule<'convTranspose2d'> = (site) => {
  const { e, inputs, types, attrs } = site;
  // With dilation an output padding may be a whole stride; onnxruntime takes none of that.
  if (attrs.outputPadding.some((added, axis) => added >= attrs.stride[axis]!)) return widelyPadded(site);
  return e.emit('ConvTranspose', inputs, {
    ...slidingAttributes(attrs, types[1]!.shape.slice(2)),
    group: int(attrs.groups),
    output_padding: ints(attrs.outputPadding),
  });
};

/** The output padding is taken off the padding; what is left of it are rows and columns that no input reaches. */
function widelyPadded({ e, inputs, types, attrs }: ExportSite<'convTranspose2d'>): string {
  const [x, weight, bias] = inputs;
  const [top, left, ...after] = attrs.padding;
  const kept = after.map((amount, axis) => Math.max(amount - attrs.outputPadding[axis]!, 0));
  const added = after.map((amount, axis) => Math.max(attrs.outputPadding[axis]! - amount, 0));
  const value = e.emit('ConvTranspose', [x, weight], {
    ...slidingAttributes({ ...attrs, padding: [top, left, ...kept] }, types[1]!.shape.slice(2)),
    group: int(attrs.groups),
  });
  const whole = added.some((amount) => amount > 0)
    ? e.emit('Pad', [value, integers(e, [0, 0, 0, 0, 0, 0, ...added])], { mode: text('constant') })
    : value;
  return bias === undefined ? whole : e.emit('Add', [whole, perChannel(e, bias, types[2]!.shape[0]!, 4)]);
}

/** Every place's patch by a convolution that only copies, then a product of matrices a place. */
const locallyConnected2d: ExportRule<'locallyConnected2d'> = ({ e, inputs, types, attrs, output }) => {
  const [x, weight, bias] = inputs;
  const [, , , channels, kernelHeight, kernelWidth] = types[1]!.shape;
  const [n, outputs, height, width] = output.shape;
  const [area, places] = [kernelHeight! * kernelWidth!, height! * width!];
  const depth = channels! * area;
  const copies = floats(
    e,
    [depth, 1, kernelHeight!, kernelWidth!],
    Array.from({ length: depth * area }, (_, i) => (Math.floor(i / area) % area === i % area ? 1 : 0)),
  );
  const sliding = slidingAttributes(attrs, [kernelHeight!, kernelWidth!]);
  const patches = e.emit('Conv', [x, copies], { ...sliding, group: int(channels!) });
  const columns = transpose(e, reshape(e, patches, [n!, depth, places]), [2, 1, 0]);
  const filters = transpose(e, reshape(e, weight!, [outputs!, places, depth]), [1, 0, 2]);
  const product = e.emit('MatMul', [filters, columns]);
  const value = reshape(e, transpose(e, product, [2, 1, 0]), output.shape);
  return bias === undefined ? value : e.emit('Add', [value, bias]);
};

const swapped = (rank: number): number[] =>
  Array.from({ length: rank }, (_, axis) =>
    axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis,
  );

const linear: ExportRule<'linear'> = ({ e, inputs: [x, weight, bias], types }) => {
  if (types[0]!.shape.length === 2) return e.emit('Gemm', [x, weight, bias], { transB: int(1) });
  const product = e.emit('MatMul', [x, transpose(e, weight!, [1, 0])]);
  return bias === undefined ? product : e.emit('Add', [product, bias]);
};

const matmul: ExportRule<'matmul'> = ({ e, inputs: [a, b], types, attrs: { transposeA, transposeB } }) => {
  const operand = (value: string, index: number, turned: boolean): string =>
    turned ? transpose(e, value, swapped(types[index]!.shape.length)) : value;
  return e.emit('MatMul', [operand(a!, 0, transposeA), operand(b!, 1, transposeB)]);
};

export const convolution = { conv2d, convTranspose2d, linear, locallyConnected2d, matmul };
