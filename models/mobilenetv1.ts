/**
 * MobileNet: a 3x3 convolution of each channel alone, then a 1x1 convolution across channels. Together they need an
 * eighth of the multiply-adds of a full 3x3 convolution. A. Howard et al., "MobileNets: Efficient Convolutional Neural
 * Networks for Mobile Vision Applications", 2017, arXiv:1704.04861, table 1, width 1.0.
 *
 * torchvision has no MobileNet v1. Names are those of github.com/marvis/pytorch-mobilenet, which numbers layers and
 * ReLUs: `model.1.0` is the depthwise convolution of the first pair, `model.1.3` the pointwise one.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';

/** Table 1: output channels and stride of the thirteen pairs. */
const PAIRS: readonly (readonly [channels: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** The pair of convolutions of figure 3, right. */
function depthwiseSeparable(net: Net, x: Tensor, channels: number, stride: number): Tensor {
  const own = { channels: x.channels, groups: x.channels, kernel: 3, stride, padding: 1, bias: false };
  const y = net.relu(net.batchNorm('1', net.conv2d('0', x, own)));
  return net.relu(net.batchNorm('4', net.conv2d('3', y, { channels, kernel: 1, bias: false })));
}

export default defineModel({
  name: 'mobilenetv1',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build(net, { image }) {
    const stem = net.scope('model.0');
    let x = stem.conv2d('0', image, { channels: 32, kernel: 3, stride: 2, padding: 1, bias: false });
    x = stem.relu(stem.batchNorm('1', x));
    for (const [i, [channels, stride]] of PAIRS.entries()) {
      x = depthwiseSeparable(net.scope(`model.${i + 1}`), x, channels, stride);
    }
    return { logits: net.linear('fc', net.flatten(net.globalAveragePool(x)), { features: 1000 }) };
  },
});
