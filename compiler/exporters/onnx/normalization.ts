/** Normalizations and softmax. */
import { sizeOf, type Attrs } from '../../ir/types.ts';
import { float, floats, int, ints, integers, named, perChannel, reshape, scalar, flag } from './site.ts';
import type { Emitter, ExportRule, ExportSite } from './site.ts';

const batchNorm: ExportRule<'batchNorm'> = named('BatchNormalization', ({ epsilon }) => ({
  epsilon: float(epsilon),
}));

const filled = (e: Emitter, shape: readonly number[], value: number): string =>
  floats(e, shape, Array<number>(sizeOf(shape)).fill(value));

/** ONNX's instance norm is the only one that divides channels; groups become its channels. */
function normalizeGroups<K extends 'groupNorm' | 'instanceNorm'>(
  site: ExportSite<K>,
  groups: number,
): string {
  const { e, inputs, types } = site;
  const [x, weight, bias] = inputs;
  const [{ shape }, { epsilon }] = [types[0]!, site.attrs as Attrs['instanceNorm']];
  const rows = reshape(e, x!, [shape[0]!, groups, sizeOf(shape) / (shape[0]! * groups)]);
  const normalized = e.emit('InstanceNormalization', [rows, filled(e, [groups], 1), filled(e, [groups], 0)], {
    epsilon: float(epsilon),
  });
  let value = reshape(e, normalized, shape);
  if (weight) value = e.emit('Mul', [value, perChannel(e, weight, shape[1]!, shape.length)]);
  if (bias) value = e.emit('Add', [value, perChannel(e, bias, shape[1]!, shape.length)]);
  return value;
}

const groupNorm: ExportRule<'groupNorm'> = (site) => normalizeGroups(site, site.attrs.groups);

const instanceNorm: ExportRule<'instanceNorm'> = (site) => {
  const { e, inputs, types, attrs } = site;
  const { shape } = types[0]!;
  if (shape.length < 3) return normalizeGroups(site, shape[1]!);
  const [x, weight = filled(e, [shape[1]!], 1), bias = filled(e, [shape[1]!], 0)] = inputs;
  return e.emit('InstanceNormalization', [x, weight, bias], { epsilon: float(attrs.epsilon) });
};

const layerNorm: ExportRule<'layerNorm'> = ({ e, inputs, types, attrs: { normalizedRank, epsilon } }) => {
  const shape = types[0]!.shape.slice(-normalizedRank);
  const [x, weight = filled(e, shape, 1), bias] = inputs;
  return e.emit('LayerNormalization', [x, weight, bias], {
    axis: int(-normalizedRank),
    epsilon: float(epsilon),
  });
};

/** Of an even number of channels ONNX's window lies one further on than PyTorch's: then it is written out. */
const localResponseNorm: ExportRule<'localResponseNorm'> = ({ e, inputs: [x], types, attrs }) => {
  const { size, alpha, beta, k } = attrs;
  const { shape } = types[0]!;
  if (size % 2 === 1) {
    // onnxruntime takes images only.
    const images = [shape[0]!, shape[1]!, sizeOf(shape.slice(2)), 1];
    const value = shape.length === 4 ? x! : reshape(e, x!, images);
    const normalized = e.emit('LRN', [value], {
      ...{ size: int(size), alpha: float(alpha), beta: float(beta), bias: float(k) },
    });
    return shape.length === 4 ? normalized : reshape(e, normalized, shape);
  }
  const squares = reshape(e, e.emit('Mul', [x, x]), [shape[0]!, 1, shape[1]!, sizeOf(shape.slice(2))]);
  const means = e.emit('AveragePool', [squares], {
    kernel_shape: ints([size, 1]),
    pads: ints([size / 2, 0, size / 2 - 1, 0]),
    count_include_pad: flag(true),
  });
  const scaled = e.emit('Mul', [reshape(e, means, shape), scalar(e, alpha)]);
  const divisor = e.emit('Pow', [e.emit('Add', [scaled, scalar(e, k)]), scalar(e, beta)]);
  return e.emit('Div', [x, divisor]);
};

const axesButChannels = (rank: number): number[] =>
  Array.from({ length: rank }, (_, i) => i).filter((i) => i !== 1);

const meanPerChannel = (e: Emitter, x: string, rank: number): string =>
  e.emit('ReduceMean', [x, integers(e, axesButChannels(rank))], { keepdims: flag(false) });

const batchMean: ExportRule<'batchMean'> = ({ e, inputs: [x], types }) =>
  meanPerChannel(e, x!, types[0]!.shape.length);

const batchVariance: ExportRule<'batchVariance'> = ({ e, inputs: [x, mean], types }) => {
  const { shape } = types[0]!;
  const centered = e.emit('Sub', [x, perChannel(e, mean!, shape[1]!, shape.length)]);
  return meanPerChannel(e, e.emit('Mul', [centered, centered]), shape.length);
};

const softmax: ExportRule<'softmax'> = named('Softmax', ({ axis }) => ({ axis: int(axis) }));
const logSoftmax: ExportRule<'logSoftmax'> = named('LogSoftmax', ({ axis }) => ({ axis: int(axis) }));

/** One slope a channel stands at the channels' axis, as ONNX broadcasts it. */
const prelu: ExportRule<'prelu'> = ({ e, inputs: [x, slope], types }) => {
  const [slopes, rank] = [types[1]!.shape[0]!, types[0]!.shape.length];
  return e.emit('PRelu', [x, slopes === 1 || rank <= 2 ? slope : perChannel(e, slope!, slopes, rank)]);
};

export const normalization = {
  ...{ batchMean, batchNorm, batchVariance, groupNorm, instanceNorm, layerNorm, localResponseNorm },
  ...{ logSoftmax, prelu, softmax },
};
