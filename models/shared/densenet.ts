/**
 * DenseNet: every layer reads the features of all earlier layers and adds k features; k is the growth rate. G. Huang,
 * Z. Liu, L. van der Maaten and K. Weinberger, "Densely Connected Convolutional Networks", CVPR 2017 (best paper),
 * arXiv:1608.06993, table 1.
 *
 * All nets here are DenseNet-BC: a 1x1 bottleneck of 4k channels before each 3x3 (B), and transitions that halve the
 * channels (C). Names are torchvision's.
 */
import { defineModel, imagenetLabels, type Model, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './datasets.ts';

/** Norm, ReLU, convolution: the paper's order throughout. `norm` and `convolution` are the layers' names. */
function activate(net: Net, norm: string, x: Tensor): Tensor {
  return net.relu(net.batchNorm(norm, x));
}

/** Equation 2: x_l = H([x_0, ..., x_(l-1)]). Returns all features together. */
export function denseBlock(net: Net, x: Tensor, layers: number, growth: number): Tensor {
  const features = [x];
  for (let i = 1; i <= layers; i++) {
    features.push(denseLayer(net.scope(`denselayer${i}`), net.concat(features), growth));
  }
  return net.concat(features);
}

/** The paper's H: a 1x1 convolution to 4k channels, a 3x3 convolution to k. */
function denseLayer(net: Net, x: Tensor, growth: number): Tensor {
  let y = activate(net, 'norm1', x);
  y = net.conv2d('conv1', y, { channels: 4 * growth, kernel: 1, bias: false });
  y = activate(net, 'norm2', y);
  return net.conv2d('conv2', y, { channels: growth, kernel: 3, padding: 1, bias: false });
}

/** Halves the channels and the image. */
export function transition(net: Net, x: Tensor): Tensor {
  const y = activate(net, 'norm', x);
  const channels = Math.floor(x.channels / 2);
  return net.averagePool(net.conv2d('conv', y, { channels, kernel: 1, bias: false }), { kernel: 2 });
}

/** Dense blocks of these depths, with transitions between them. `net` is the scope `features`. */
export function denseBlocks(net: Net, x: Tensor, depths: readonly number[], growth: number): Tensor {
  let y = x;
  for (const [block, layers] of depths.entries()) {
    if (block > 0) y = transition(net.scope(`transition${block}`), y);
    y = denseBlock(net.scope(`denseblock${block + 1}`), y, layers, growth);
  }
  return y;
}

/** The nets for ImageNet, growth rate 32. */
export function densenet(name: string, depths: readonly number[]): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, 224, 224] },
    preprocess: imagenetPreprocess,
    labels: imagenetLabels,
    build(net, { image }) {
      const features = net.scope('features');
      let x = features.conv2d('conv0', image, {
        channels: 64,
        kernel: 7,
        stride: 2,
        padding: 3,
        bias: false,
      });
      x = features.maxPool(activate(features, 'norm0', x), { kernel: 3, stride: 2, padding: 1 });
      x = activate(features, 'norm5', denseBlocks(features, x, depths, 32));
      return { logits: net.linear('classifier', net.flatten(net.globalAveragePool(x)), { features: 1000 }) };
    },
  });
}
