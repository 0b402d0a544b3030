/**
 * ConvNeXt-T: a ResNet-50 that adopts the ideas of vision transformers one by one: patches at the start, large
 * depthwise kernels, layer norm, gelu, and fewer norms and activations. Z. Liu, H. Mao, C.-Y. Wu, C. Feichtenhofer, T.
 * Darrell and S. Xie, "A ConvNet for the 2020s", CVPR 2022, arXiv:2201.03545, table 9 and figure 4.
 *
 * Names are torchvision's, and so is the stochastic depth: in training a block is skipped with a probability that grows
 * to 0.1 with the depth.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';

const STAGES: readonly (readonly [channels: number, repeats: number])[] = [
  [96, 3],
  [192, 3],
  [384, 9],
  [768, 3],
];

const BLOCKS = STAGES.reduce((sum, [, repeats]) => sum + repeats, 0);

const channelsLast = (net: Net, x: Tensor): Tensor => net.transpose(x, { permutation: [0, 2, 3, 1] });
const channelsFirst = (net: Net, x: Tensor): Tensor => net.transpose(x, { permutation: [0, 3, 1, 2] });

/** Layer norm over the channels of each pixel: torchvision's `LayerNorm2d`. */
function pixelNorm(net: Net, name: string, x: Tensor): Tensor {
  const y = net.layerNorm(name, channelsLast(net, x), { shape: x.channels, epsilon: 1e-6 });
  return channelsFirst(net, y);
}

/** Figure 4, right: a depthwise 7x7 convolution, then an MLP for each pixel, scaled by channel. */
function block(net: Net, x: Tensor, skipped: number): Tensor {
  const { channels, height, width } = x;
  const layers = net.scope('block');
  let y = layers.conv2d('0', x, { channels, kernel: 7, padding: 3, groups: channels });
  // 1 and 6 permute the axes, 4 is the gelu.
  y = layers.layerNorm('2', channelsLast(net, y), { shape: channels, epsilon: 1e-6 });
  y = net.reshape(y, { shape: [-1, channels] });
  y = net.gelu(layers.linear('3', y, { features: 4 * channels }));
  y = layers.linear('5', y, { features: channels });
  y = channelsFirst(net, net.reshape(y, { shape: [-1, height, width, channels] }));
  y = net.mul(y, net.parameter('layer_scale', { shape: [channels, 1, 1], start: 1e-6 }));
  return net.add(x, net.stochasticDepth(y, { p: skipped }));
}

export default defineModel({
  name: 'convnext_tiny',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: { ...imagenetPreprocess, shortSide: 236 },
  labels: imagenetLabels,
  build(net, { image }) {
    let x = net.conv2d('features.0.0', image, { channels: 96, kernel: 4, stride: 4 });
    x = pixelNorm(net, 'features.0.1', x);
    let before = 0;
    for (const [stage, [channels, repeats]] of STAGES.entries()) {
      const reduction = net.scope(`features.${2 * stage}`);
      if (stage > 0) {
        x = reduction.conv2d('1', pixelNorm(reduction, '0', x), { channels, kernel: 2, stride: 2 });
      }
      for (let i = 0; i < repeats; i++) {
        x = block(net.scope(`features.${2 * stage + 1}.${i}`), x, (0.1 * before++) / (BLOCKS - 1));
      }
    }
    x = net.flatten(pixelNorm(net, 'classifier.0', net.globalAveragePool(x)));
    return { logits: net.linear('classifier.2', x, { features: 1000 }) };
  },
});
