/**
 * GoogLeNet, which won ILSVRC 2014: parallel convolutions of several sizes, each after a 1x1 convolution that reduces
 * its cost. C. Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, arXiv:1409.4842, table 1.
 *
 * This is torchvision's net with its names and its changes: batch norm after every convolution, no local response
 * normalization, and 3x3 where the paper has 5x5. Its `transform_input` is not part of this net: `preprocess`
 * normalizes images, as in all other models.
 *
 * In training two auxiliary classifiers read the middle of the net, and 0.3 of each one's loss is added.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';

interface ConvolutionOptions {
  readonly channels: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
}

/** torchvision's `BasicConv2d`. */
function convolution(net: Net, path: string, x: Tensor, options: ConvolutionOptions): Tensor {
  const layer = net.scope(path);
  const y = layer.conv2d('conv', x, { ...options, bias: false });
  return layer.relu(layer.batchNorm('bn', y, { epsilon: 1e-3 }));
}

/** A row of table 1: the channels of #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj. */
type Widths = readonly [
  one: number,
  threeReduce: number,
  three: number,
  fiveReduce: number,
  five: number,
  pool: number,
];

const MODULES = {
  '3a': [64, 96, 128, 16, 32, 32],
  '3b': [128, 128, 192, 32, 96, 64],
  '4a': [192, 96, 208, 16, 48, 64],
  '4b': [160, 112, 224, 24, 64, 64],
  '4c': [128, 128, 256, 24, 64, 64],
  '4d': [112, 144, 288, 32, 64, 64],
  '4e': [256, 160, 320, 32, 128, 128],
  '5a': [256, 160, 320, 32, 128, 128],
  '5b': [384, 192, 384, 48, 128, 128],
} as const satisfies Readonly<Record<string, Widths>>;

/** The inception module of figure 2(b). */
function inception(net: Net, x: Tensor, module: keyof typeof MODULES): Tensor {
  const [one, threeReduce, three, fiveReduce, five, pool] = MODULES[module];
  const scope = net.scope(`inception${module}`);
  const small = (path: string, y: Tensor, channels: number): Tensor =>
    convolution(scope, path, y, { channels, kernel: 1 });
  const wide = (path: string, y: Tensor, channels: number): Tensor =>
    convolution(scope, path, y, { channels, kernel: 3, padding: 1 });
  return net.concat([
    small('branch1', x, one),
    wide('branch2.1', small('branch2.0', x, threeReduce), three),
    wide('branch3.1', small('branch3.0', x, fiveReduce), five),
    small('branch4.1', scope.maxPool(x, { kernel: 3, stride: 1, padding: 1 }), pool),
  ]);
}

/** Section 5: a small classifier that brings gradients to the middle of the net. */
function auxiliary(net: Net, x: Tensor): Tensor {
  const pooled = net.adaptiveAveragePool(x, { size: 4 });
  const y = net.flatten(convolution(net, 'conv', pooled, { channels: 128, kernel: 1 }));
  const hidden = net.relu(net.linear('fc1', y, { features: 1024 }));
  return net.linear('fc2', net.dropout(hidden, { p: 0.7 }), { features: 1000 });
}

const halved = (net: Net, x: Tensor, kernel: 2 | 3): Tensor =>
  net.maxPool(x, { kernel, stride: 2, ceilMode: true });

function stem(net: Net, image: Tensor): Tensor {
  let x = convolution(net, 'conv1', image, { channels: 64, kernel: 7, stride: 2, padding: 3 });
  x = convolution(net, 'conv2', halved(net, x, 3), { channels: 64, kernel: 1 });
  x = convolution(net, 'conv3', x, { channels: 192, kernel: 3, padding: 1 });
  return halved(net, x, 3);
}

export default defineModel({
  name: 'googlenet',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build(net, { image }): Readonly<Record<string, Tensor>> {
    const through = (x: Tensor, ...modules: (keyof typeof MODULES)[]): Tensor =>
      modules.reduce((y, module) => inception(net, y, module), x);
    const a = through(halved(net, through(stem(net, image), '3a', '3b'), 3), '4a');
    const d = through(a, '4b', '4c', '4d');
    const last = through(halved(net, through(d, '4e'), 2), '5a', '5b');
    const x = net.dropout(net.flatten(net.globalAveragePool(last)), { p: 0.2 });
    const logits = net.linear('fc', x, { features: 1000 });
    if (!net.training) return { logits };
    return { logits, aux1: auxiliary(net.scope('aux1'), a), aux2: auxiliary(net.scope('aux2'), d) };
  },
  targets: { label: { dtype: 'i32', shape: [1] } },
  loss(net, { logits, aux1, aux2 }, { label }) {
    const first = net.crossEntropy(aux1!, label);
    const second = net.crossEntropy(aux2!, label);
    return net.add(net.crossEntropy(logits!, label), net.mul(net.add(first, second), 0.3));
  },
});
