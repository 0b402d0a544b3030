/**
 * ResNets with wider or grouped bottlenecks, as in torchvision and with its names:
 *
 * - ResNeXt: the 3x3 convolution is split into `groups` independent ones of `width` channels, the paper's "cardinality",
 *   a third dimension besides depth and width. S. Xie, R. Girshick, P. Dollar, Z. Tu and K. He, "Aggregated Residual
 *   Transformations for Deep Neural Networks", CVPR 2017, arXiv:1611.05431, table 1 and figure 3(c).
 * - Wide ResNet: one group with twice the width. S. Zagoruyko and N. Komodakis, "Wide Residual Networks", BMVC
 *   2016, arXiv:1605.07146, table 8.
 */
import { defineModel, imagenetLabels, type Model, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './datasets.ts';
import { resnet, shortcut } from './resnet.ts';

export interface Width {
  readonly groups: number;
  /** Channels of one group in the first stage. Each later stage doubles them. */
  readonly width: number;
}

/** 1x1 down, grouped 3x3, 1x1 up. `channels` is ResNet-50's; `width` / 64 of it is the width of one group. */
function bottleneck(net: Net, x: Tensor, channels: number, stride: number, { groups, width }: Width): Tensor {
  const inner = ((channels * width) / 64) * groups;
  let y = net.conv2d('conv1', x, { channels: inner, kernel: 1, bias: false });
  y = net.relu(net.batchNorm('bn1', y));
  y = net.conv2d('conv2', y, { channels: inner, kernel: 3, stride, padding: 1, groups, bias: false });
  y = net.relu(net.batchNorm('bn2', y));
  y = net.conv2d('conv3', y, { channels: 4 * channels, kernel: 1, bias: false });
  y = net.batchNorm('bn3', y);
  return net.relu(net.add(y, shortcut(net, x, 4 * channels, stride)));
}

export function resnext(name: string, depths: readonly number[], width: Width): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, 224, 224] },
    preprocess: imagenetPreprocess,
    labels: imagenetLabels,
    build(net, { image }) {
      const block = (scope: Net, x: Tensor, channels: number, stride: number): Tensor =>
        bottleneck(scope, x, channels, stride, width);
      return { logits: resnet(net, image, block, depths) };
    },
  });
}
