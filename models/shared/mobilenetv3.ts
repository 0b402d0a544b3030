/**
 * MobileNetV3: MobileNetV2's blocks in an arrangement found by a search, with gates on the channels ("squeeze and
 * excitation") and a piecewise linear swish in the deep layers. A. Howard et al., "Searching for MobileNetV3", ICCV
 * 2019, arXiv:1905.02244, tables 1 and 2.
 *
 * Names are torchvision's, which number the layers of every block.
 */
import { defineModel, imagenetLabels, type Model, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './datasets.ts';

/** A row of tables 1 and 2: kernel, exp size, #out, SE, NL and s. */
export type Row = readonly [
  kernel: 3 | 5,
  expanded: number,
  channels: number,
  isGated: boolean,
  activation: Activation,
  stride: 1 | 2,
];

/** The tables' `RE` and `HS`. */
type Activation = 'relu' | 'hardSwish';

interface ConvolutionOptions {
  readonly channels: number;
  readonly kernel: 1 | 3 | 5;
  readonly stride?: number;
  readonly groups?: number;
}

/** Convolution and norm, padded to keep the size at stride 1: torchvision's `Conv2dNormActivation`. */
function convolution(net: Net, x: Tensor, options: ConvolutionOptions, activation?: Activation): Tensor {
  const y = net.conv2d('0', x, { ...options, padding: (options.kernel - 1) / 2, bias: false });
  const normalized = net.batchNorm('1', y, { epsilon: 1e-3, momentum: 0.01 });
  return activation ? net[activation](normalized) : normalized;
}

/** Rounds to a multiple of 8, but to no less than nine tenths. */
function roundChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/** Hu et al. 2018: each channel times a gate from 0 to 1, computed from the means of all channels. */
function gate(net: Net, x: Tensor): Tensor {
  const channels = roundChannels(x.channels / 4);
  const squeezed = net.relu(net.conv2d('fc1', net.globalAveragePool(x), { channels, kernel: 1 }));
  return net.mul(x, net.hardSigmoid(net.conv2d('fc2', squeezed, { channels: x.channels, kernel: 1 })));
}

/** The block of figure 4. A block without expansion has no first 1x1 convolution. */
function block(net: Net, x: Tensor, row: Row): Tensor {
  const [kernel, expanded, channels, isGated, activation, stride] = row;
  let y = x;
  let index = 0;
  const next = (): Net => net.scope(`${index++}`);
  if (expanded !== x.channels) y = convolution(next(), y, { channels: expanded, kernel: 1 }, activation);
  y = convolution(next(), y, { channels: expanded, kernel, stride, groups: expanded }, activation);
  if (isGated) y = gate(next(), y);
  y = convolution(next(), y, { channels, kernel: 1 });
  return stride === 1 && x.channels === channels ? net.add(x, y) : y;
}

/** Builds the model. `hidden` is the number of features of the second last layer. */
export function mobilenetv3(name: string, rows: readonly Row[], hidden: number): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, 224, 224] },
    preprocess: imagenetPreprocess,
    labels: imagenetLabels,
    build(net, { image }) {
      const stem = { channels: 16, kernel: 3, stride: 2 } as const;
      let x = convolution(net.scope('features.0'), image, stem, 'hardSwish');
      for (const [i, row] of rows.entries()) x = block(net.scope(`features.${i + 1}.block`), x, row);
      const last = { channels: 6 * x.channels, kernel: 1 } as const;
      x = convolution(net.scope(`features.${rows.length + 1}`), x, last, 'hardSwish');
      x = net.linear('classifier.0', net.flatten(net.globalAveragePool(x)), { features: hidden });
      x = net.dropout(net.hardSwish(x), { p: 0.2 });
      return { logits: net.linear('classifier.3', x, { features: 1000 }) };
    },
  });
}
