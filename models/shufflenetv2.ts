/**
 * ShuffleNet V2, designed for speed on real hardware instead of few multiply-adds. Half of the channels pass a block
 * unchanged, and a shuffle mixes the halves for the next block. N. Ma, X. Zhang, H.-T. Zheng and J. Sun, "ShuffleNet
 * V2: Practical Guidelines for Efficient CNN Architecture Design", ECCV 2018, arXiv:1807.11164, table 5, width 1.0.
 *
 * Names are torchvision's.
 */
import { defineModel, imagenetLabels, type Model, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';

/** Layers `index` and `index + 1` of a branch: a 1x1 convolution and its norm, then a ReLU. */
function pointwise(net: Net, x: Tensor, channels: number, index: number): Tensor {
  const y = net.conv2d(`${index}`, x, { channels, kernel: 1, bias: false });
  return net.relu(net.batchNorm(`${index + 1}`, y));
}

/** A depthwise 3x3 convolution without an activation after it. */
function depthwise(net: Net, x: Tensor, stride: number, index: number): Tensor {
  const own = { channels: x.channels, groups: x.channels, kernel: 3, stride, padding: 1, bias: false };
  return net.batchNorm(`${index + 1}`, net.conv2d(`${index}`, x, own));
}

/** The branch that both blocks have: 1x1, depthwise, 1x1. */
function branch(net: Net, x: Tensor, channels: number, stride: number): Tensor {
  // 2 and 7 are ReLUs.
  return pointwise(net, depthwise(net, pointwise(net, x, channels, 0), stride, 3), channels, 5);
}

/** Figure 3(c): one half of the channels goes through the branch. */
function unit(net: Net, x: Tensor): Tensor {
  const [untouched, half] = net.split(x, { parts: 2 }) as [Tensor, Tensor];
  return shuffled(net, [untouched, branch(net.scope('branch2'), half, half.channels, 1)]);
}

/** Figure 3(d): all channels go through both branches, which halve the image and make `channels` together. */
function downsample(net: Net, x: Tensor, channels: number): Tensor {
  const short = net.scope('branch1');
  const left = pointwise(short, depthwise(short, x, 2, 0), channels / 2, 2);
  return shuffled(net, [left, branch(net.scope('branch2'), x, channels / 2, 2)]);
}

const shuffled = (net: Net, halves: readonly Tensor[]): Tensor =>
  net.channelShuffle(net.concat(halves), { groups: 2 });

/** Builds the model. `widths` are the channels of stages 2, 3 and 4, and of conv5. */
export function shufflenetv2(name: string, widths: readonly [number, number, number, number]): Model {
  const [stage2, stage3, stage4, last] = widths;
  return defineModel({
    name,
    inputs: { image: [1, 3, 224, 224] },
    preprocess: imagenetPreprocess,
    labels: imagenetLabels,
    build(net, { image }) {
      const stem = { channels: 24, kernel: 3, stride: 2, padding: 1, bias: false };
      let x = net.relu(net.batchNorm('conv1.1', net.conv2d('conv1.0', image, stem)));
      x = net.maxPool(x, { kernel: 3, stride: 2, padding: 1 });
      for (const [stage, channels, repeats] of [
        [2, stage2, 4],
        [3, stage3, 8],
        [4, stage4, 4],
      ] as const) {
        x = downsample(net.scope(`stage${stage}.0`), x, channels);
        for (let i = 1; i < repeats; i++) x = unit(net.scope(`stage${stage}.${i}`), x);
      }
      x = pointwise(net.scope('conv5'), x, last, 0);
      return { logits: net.linear('fc', net.flatten(net.globalAveragePool(x)), { features: 1000 }) };
    },
  });
}

export default shufflenetv2('shufflenetv2', [116, 232, 464, 1024]);
