/**
 * MobileNetV2: residual blocks with few channels outside and many inside, the opposite of ResNet's bottleneck, and no
 * activation where channels are few. M. Sandler, A. Howard, M. Zhu, A. Zhmoginov and L.-C. Chen, "MobileNetV2: Inverted
 * Residuals and Linear Bottlenecks", CVPR 2018, arXiv:1801.04381, table 2, width 1.0.
 *
 * Names are torchvision's, which number the layers of every block.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';

/** Table 2: columns t, c, n and s. */
const STAGES: readonly (readonly [expansion: number, channels: number, repeats: number, stride: number])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

interface ConvolutionOptions {
  readonly channels: number;
  readonly kernel: 1 | 3;
  readonly stride?: number;
  readonly groups?: number;
}

/** Convolution, norm and ReLU6, padded to keep the size at stride 1: torchvision's `Conv2dNormActivation`. */
function convolution(net: Net, x: Tensor, options: ConvolutionOptions): Tensor {
  const y = net.conv2d('0', x, { ...options, padding: (options.kernel - 1) / 2, bias: false });
  return net.relu6(net.batchNorm('1', y));
}

/** The block of table 1. A block without expansion has no first 1x1 convolution. */
function invertedResidual(net: Net, x: Tensor, expansion: number, channels: number, stride: number): Tensor {
  const wide = expansion * x.channels;
  let y = x;
  let index = 0;
  if (expansion > 1) y = convolution(net.scope(`${index++}`), y, { channels: wide, kernel: 1 });
  y = convolution(net.scope(`${index++}`), y, { channels: wide, kernel: 3, stride, groups: wide });
  y = net.conv2d(`${index++}`, y, { channels, kernel: 1, bias: false });
  y = net.batchNorm(`${index}`, y);
  return stride === 1 && x.channels === channels ? net.add(x, y) : y;
}

export default defineModel({
  name: 'mobilenetv2',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build(net, { image }) {
    let x = convolution(net.scope('features.0'), image, { channels: 32, kernel: 3, stride: 2 });
    let index = 1;
    for (const [expansion, channels, repeats, stride] of STAGES) {
      for (let i = 0; i < repeats; i++) {
        const block = net.scope(`features.${index++}.conv`);
        x = invertedResidual(block, x, expansion, channels, i === 0 ? stride : 1);
      }
    }
    x = convolution(net.scope(`features.${index}`), x, { channels: 1280, kernel: 1 });
    x = net.dropout(net.flatten(net.globalAveragePool(x)), { p: 0.2 });
    return { logits: net.linear('classifier.1', x, { features: 1000 }) };
  },
});
