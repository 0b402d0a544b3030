/**
 * EfficientNet-B0: the result of a search for accuracy per multiply-add. B1 to B7 scale its depth, width and image size
 * together. M. Tan and Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019,
 * arXiv:1905.11946, table 1.
 *
 * Names are torchvision's, and so is the stochastic depth: in training a block is skipped with a probability that grows
 * to 0.2 with the depth.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';

/** Table 1, stages 2 to 8: MBConv's expansion and kernel, stride, #C and #L. */
const STAGES: readonly (readonly [
  expansion: number,
  kernel: 3 | 5,
  stride: number,
  channels: number,
  repeats: number,
])[] = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
];

const BLOCKS = STAGES.reduce((sum, [, , , , repeats]) => sum + repeats, 0);

interface ConvolutionOptions {
  readonly channels: number;
  readonly kernel: 1 | 3 | 5;
  readonly stride?: number;
  readonly groups?: number;
}

/** Convolution and norm, padded to keep the size at stride 1: torchvision's `Conv2dNormActivation`. */
function normalized(net: Net, x: Tensor, options: ConvolutionOptions): Tensor {
  const y = net.conv2d('0', x, { ...options, padding: (options.kernel - 1) / 2, bias: false });
  return net.batchNorm('1', y);
}

const convolution = (net: Net, x: Tensor, options: ConvolutionOptions): Tensor =>
  net.silu(normalized(net, x, options));

/** Hu et al. 2018: each channel times a gate from 0 to 1, computed from the means of all channels. */
function gate(net: Net, x: Tensor, squeezed: number): Tensor {
  const y = net.silu(net.conv2d('fc1', net.globalAveragePool(x), { channels: squeezed, kernel: 1 }));
  return net.mul(x, net.sigmoid(net.conv2d('fc2', y, { channels: x.channels, kernel: 1 })));
}

interface BlockOptions {
  readonly expansion: number;
  readonly kernel: 3 | 5;
  readonly stride: number;
  readonly channels: number;
  /** Probability that training skips the block. */
  readonly skipped: number;
}

/** MBConv: MobileNetV2's block with a gate. Without expansion it has no first 1x1 convolution. */
function block(net: Net, x: Tensor, { expansion, kernel, stride, channels, skipped }: BlockOptions): Tensor {
  const wide = expansion * x.channels;
  let y = x;
  let index = 0;
  const next = (): Net => net.scope(`${index++}`);
  if (expansion > 1) y = convolution(next(), y, { channels: wide, kernel: 1 });
  y = convolution(next(), y, { channels: wide, kernel, stride, groups: wide });
  y = gate(next(), y, Math.floor(x.channels / 4));
  y = normalized(next(), y, { channels, kernel: 1 });
  if (stride > 1 || x.channels !== channels) return y;
  return net.add(x, net.stochasticDepth(y, { p: skipped }));
}

export default defineModel({
  name: 'efficientnetb0',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build(net, { image }) {
    let x = convolution(net.scope('features.0'), image, { channels: 32, kernel: 3, stride: 2 });
    let before = 0;
    for (const [stage, [expansion, kernel, stride, channels, repeats]] of STAGES.entries()) {
      for (let i = 0; i < repeats; i++) {
        const skipped = (0.2 * before++) / BLOCKS;
        const options = { expansion, kernel, stride: i === 0 ? stride : 1, channels, skipped };
        x = block(net.scope(`features.${stage + 1}.${i}.block`), x, options);
      }
    }
    x = convolution(net.scope(`features.${STAGES.length + 1}`), x, { channels: 1280, kernel: 1 });
    x = net.dropout(net.flatten(net.globalAveragePool(x)), { p: 0.2 });
    return { logits: net.linear('classifier.1', x, { features: 1000 }) };
  },
});
