/** Maps the layer records of the oracle's cases to layers of cnnc. */
import type { Net, Tensor } from 'cnnc';

type Pair = readonly [number, number];

interface Convolution {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
  readonly bias: boolean;
}

interface Pool {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly ceil_mode: boolean;
}

/** What each op's record holds beside `name`, `in` and `out`. */
interface Options {
  conv2d: Convolution;
  conv_transpose2d: Convolution & { readonly output_padding: Pair };
  linear: { readonly out_features: number; readonly bias: boolean };
  batch_norm2d: { readonly eps: number; readonly momentum: number };
  group_norm: { readonly groups: number; readonly eps: number };
  instance_norm: { readonly eps: number };
  layer_norm: { readonly shape: readonly number[]; readonly eps: number };
  local_response_norm: {
    readonly size: number;
    readonly alpha: number;
    readonly beta: number;
    readonly k: number;
  };
  max_pool2d: Pool & { readonly dilation: Pair };
  avg_pool2d: Pool & { readonly count_include_pad: boolean };
  global_avg_pool: object;
  adaptive_avg_pool2d: { readonly output_size: Pair };
  flatten: object;
  add: object;
  mul: object;
  concat: object;
  dropout: { readonly p: number };
  relu: object;
  relu6: object;
  leaky_relu: { readonly slope: number };
  prelu: { readonly num_parameters: number };
  sigmoid: object;
  tanh: object;
  elu: { readonly alpha: number };
  gelu: object;
  silu: object;
  hardswish: object;
  softplus: object;
  softmax: object;
  /** [left, right, top, bottom] */
  pad: { readonly pads: readonly [number, number, number, number] };
  upsample_nearest: { readonly scale: number };
  upsample_bilinear: { readonly scale: number; readonly align_corners: boolean };
  pixel_shuffle: { readonly factor: number };
  channel_shuffle: { readonly groups: number };
}

type LayerOp = keyof Options;

interface Wiring {
  readonly name: string;
  readonly in: readonly string[];
  readonly out: string;
}

type RecordOf<K extends LayerOp> = { readonly op: K } & Wiring & Options[K];

export type LayerRecord = { [K in LayerOp]: RecordOf<K> }[LayerOp];

type Builders = {
  readonly [K in LayerOp]: (net: Net, layer: RecordOf<K>, x: Tensor, rest: readonly Tensor[]) => Tensor;
};

const builders: Builders = {
  conv2d: (net, l, x) => net.conv2d(l.name, x, convolutionOptions(l)),
  conv_transpose2d: (net, l, x) =>
    net.convTranspose2d(l.name, x, { ...convolutionOptions(l), outputPadding: l.output_padding }),
  linear: (net, l, x) => net.linear(l.name, x, { features: l.out_features, bias: l.bias }),
  batch_norm2d: (net, l, x) => net.batchNorm(l.name, x, { epsilon: l.eps, momentum: l.momentum }),
  group_norm: (net, l, x) => net.groupNorm(l.name, x, { groups: l.groups, epsilon: l.eps }),
  instance_norm: (net, l, x) => net.instanceNorm(l.name, x, { epsilon: l.eps, affine: true }),
  layer_norm: (net, l, x) => net.layerNorm(l.name, x, { shape: l.shape, epsilon: l.eps }),
  local_response_norm: (net, { size, alpha, beta, k }, x) =>
    net.localResponseNorm(x, { size, alpha, beta, k }),
  max_pool2d: (net, l, x) => net.maxPool(x, { ...poolOptions(l), dilation: l.dilation }),
  avg_pool2d: (net, l, x) => net.averagePool(x, { ...poolOptions(l), countIncludePad: l.count_include_pad }),
  global_avg_pool: (net, _, x) => net.globalAveragePool(x),
  adaptive_avg_pool2d: (net, l, x) => net.adaptiveAveragePool(x, { size: l.output_size }),
  flatten: (net, _, x) => net.flatten(x),
  add: (net, _, x, rest) => rest.reduce((sum, y) => net.add(sum, y), x),
  mul: (net, _, x, rest) => net.mul(x, rest[0]!),
  concat: (net, _, x, rest) => net.concat([x, ...rest]),
  dropout: (net, { p }, x) => net.dropout(x, { p }),
  relu: (net, _, x) => net.relu(x),
  relu6: (net, _, x) => net.relu6(x),
  leaky_relu: (net, { slope }, x) => net.leakyRelu(x, { slope }),
  prelu: (net, l, x) => net.prelu(l.name, x, { slopes: l.num_parameters }),
  sigmoid: (net, _, x) => net.sigmoid(x),
  tanh: (net, _, x) => net.tanh(x),
  elu: (net, { alpha }, x) => net.elu(x, { alpha }),
  gelu: (net, _, x) => net.gelu(x),
  silu: (net, _, x) => net.silu(x),
  hardswish: (net, _, x) => net.hardSwish(x),
  softplus: (net, _, x) => net.softplus(x),
  softmax: (net, _, x) => net.softmax(x),
  pad: (net, { pads: [left, right, top, bottom] }, x) =>
    net.pad(x, { before: [0, 0, top, left], after: [0, 0, bottom, right] }),
  upsample_nearest: (net, { scale }, x) => net.resize(x, { scale }),
  upsample_bilinear: (net, l, x) =>
    net.resize(x, { scale: l.scale, mode: 'bilinear', alignCorners: l.align_corners }),
  pixel_shuffle: (net, { factor }, x) => net.pixelShuffle(x, { factor }),
  channel_shuffle: (net, { groups }, x) => net.channelShuffle(x, { groups }),
};

const convolutionOptions = ({
  out_channels: channels,
  kernel,
  stride,
  padding,
  dilation,
  groups,
  bias,
}: Convolution) => ({ channels, kernel, stride, padding, dilation, groups, bias });

const poolOptions = ({ kernel, stride, padding, ceil_mode: ceilMode }: Pool) => ({
  kernel,
  stride,
  padding,
  ceilMode,
});

/** Appends the layers in their order; the result is the last one's. */
export function appendLayers(net: Net, layers: readonly LayerRecord[], input: Tensor): Tensor {
  const values = new Map([['input', input]]);
  let last = input;
  for (const layer of layers) {
    const [x, ...rest] = layer.in.map((name) => values.get(name)!);
    last = appendLayer(net, layer, x!, rest);
    values.set(layer.out, last);
  }
  return last;
}

function appendLayer<K extends LayerOp>(
  net: Net,
  layer: RecordOf<K>,
  x: Tensor,
  rest: readonly Tensor[],
): Tensor {
  const build: Builders[K] | undefined = builders[layer.op];
  if (!build) throw new Error(`the oracle has the layer ${layer.op}, which nothing here stands for`);
  return build(net, layer, x, rest);
}
