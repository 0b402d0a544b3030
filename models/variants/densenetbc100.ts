/**
 * DenseNet-BC for CIFAR-10 with 100 layers and growth rate 12: 0.8 million parameters, 4.51 % error. Huang et al. 2017,
 * section 3 and table 2. Names are those of github.com/gpleiss/efficient_densenet_pytorch, which differ from
 * torchvision's only in `norm_final`.
 */
import { defineModel } from 'cnnc';
import { cifar10Labels } from '../shared/datasets.ts';
import { denseBlocks } from '../shared/densenet.ts';

const GROWTH = 12;

/** Three blocks. A layer has two convolutions, and four more are outside of the blocks: (100 - 4) / 6. */
const DEPTHS = [16, 16, 16];

export default defineModel({
  name: 'densenetbc100',
  inputs: { image: [1, 3, 32, 32] },
  preprocess: {
    width: 32,
    height: 32,
    channels: 'rgb',
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.2023, 0.1994, 0.201],
  },
  labels: cifar10Labels,
  build(net, { image }) {
    const features = net.scope('features');
    let x = features.conv2d('conv0', image, { channels: 2 * GROWTH, kernel: 3, padding: 1, bias: false });
    x = denseBlocks(features, x, DEPTHS, GROWTH);
    x = net.relu(features.batchNorm('norm_final', x));
    x = net.flatten(net.globalAveragePool(x));
    return { logits: net.linear('classifier', x, { features: cifar10Labels.length }) };
  },
});
