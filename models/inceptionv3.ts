/**
 * Inception v3: GoogLeNet with its larger convolutions factorized, 5x5 into two 3x3, and 7x7 into 1x7 and 7x1. C.
 * Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens and Z. Wojna, "Rethinking the Inception Architecture for Computer Vision",
 * CVPR 2016, arXiv:1512.00567, table 1.
 *
 * This is torchvision's net with its names (`Mixed_5b` to `Mixed_7c`, after TensorFlow's). Its `transform_input` is not
 * part of this net: `preprocess` normalizes images, as in all other models. In training an auxiliary classifier reads
 * the 17x17 grid, and 0.4 of its loss is added.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';

interface ConvolutionOptions {
  readonly channels: number;
  readonly kernel: number | readonly [height: number, width: number];
  readonly stride?: number;
  readonly padding?: number | readonly [height: number, width: number];
}

/** torchvision's `BasicConv2d`. */
function convolution(net: Net, path: string, x: Tensor, options: ConvolutionOptions): Tensor {
  const layer = net.scope(path);
  const y = layer.conv2d('conv', x, { ...options, bias: false });
  return layer.relu(layer.batchNorm('bn', y, { epsilon: 1e-3 }));
}

const point = (net: Net, path: string, x: Tensor, channels: number): Tensor =>
  convolution(net, path, x, { channels, kernel: 1 });
const square = (net: Net, path: string, x: Tensor, channels: number, kernel: 3 | 5 = 3): Tensor =>
  convolution(net, path, x, { channels, kernel, padding: (kernel - 1) / 2 });
/** A 1xn convolution. */
const row = (net: Net, path: string, x: Tensor, channels: number, n: 3 | 7): Tensor =>
  convolution(net, path, x, { channels, kernel: [1, n], padding: [0, (n - 1) / 2] });
/** An nx1 convolution. */
const column = (net: Net, path: string, x: Tensor, channels: number, n: 3 | 7): Tensor =>
  convolution(net, path, x, { channels, kernel: [n, 1], padding: [(n - 1) / 2, 0] });
/** A 3x3 convolution that halves the image, without padding. */
const halving = (net: Net, path: string, x: Tensor, channels: number): Tensor =>
  convolution(net, path, x, { channels, kernel: 3, stride: 2 });

const pooled = (net: Net, x: Tensor, channels: number): Tensor =>
  point(net, 'branch_pool', net.averagePool(x, { kernel: 3, stride: 1, padding: 1 }), channels);

/** Figure 5, for the 35x35 grid. */
function moduleA(net: Net, x: Tensor, poolChannels: number): Tensor {
  const five = square(net, 'branch5x5_2', point(net, 'branch5x5_1', x, 48), 64, 5);
  let double = point(net, 'branch3x3dbl_1', x, 64);
  double = square(net, 'branch3x3dbl_2', double, 96);
  double = square(net, 'branch3x3dbl_3', double, 96);
  return net.concat([point(net, 'branch1x1', x, 64), five, double, pooled(net, x, poolChannels)]);
}

/** The reduction from 35x35 to 17x17 (section 5). */
function moduleB(net: Net, x: Tensor): Tensor {
  let double = point(net, 'branch3x3dbl_1', x, 64);
  double = square(net, 'branch3x3dbl_2', double, 96);
  double = halving(net, 'branch3x3dbl_3', double, 96);
  return net.concat([halving(net, 'branch3x3', x, 384), double, net.maxPool(x, { kernel: 3, stride: 2 })]);
}

/** Figure 6 with n = 7, for the 17x17 grid. `inner` is the number of channels between the 1xn and the nx1. */
function moduleC(net: Net, x: Tensor, inner: number): Tensor {
  let seven = row(net, 'branch7x7_2', point(net, 'branch7x7_1', x, inner), inner, 7);
  seven = column(net, 'branch7x7_3', seven, 192, 7);
  let double = column(net, 'branch7x7dbl_2', point(net, 'branch7x7dbl_1', x, inner), inner, 7);
  double = row(net, 'branch7x7dbl_3', double, inner, 7);
  double = column(net, 'branch7x7dbl_4', double, inner, 7);
  double = row(net, 'branch7x7dbl_5', double, 192, 7);
  return net.concat([point(net, 'branch1x1', x, 192), seven, double, pooled(net, x, 192)]);
}

/** The reduction from 17x17 to 8x8. */
function moduleD(net: Net, x: Tensor): Tensor {
  const three = halving(net, 'branch3x3_2', point(net, 'branch3x3_1', x, 192), 320);
  let seven = row(net, 'branch7x7x3_2', point(net, 'branch7x7x3_1', x, 192), 192, 7);
  seven = column(net, 'branch7x7x3_3', seven, 192, 7);
  seven = halving(net, 'branch7x7x3_4', seven, 192);
  return net.concat([three, seven, net.maxPool(x, { kernel: 3, stride: 2 })]);
}

/** Figure 7, for the 8x8 grid: 1x3 and 3x1 in parallel. */
function moduleE(net: Net, x: Tensor): Tensor {
  const three = point(net, 'branch3x3_1', x, 384);
  const double = square(net, 'branch3x3dbl_2', point(net, 'branch3x3dbl_1', x, 448), 384);
  return net.concat([
    point(net, 'branch1x1', x, 320),
    row(net, 'branch3x3_2a', three, 384, 3),
    column(net, 'branch3x3_2b', three, 384, 3),
    row(net, 'branch3x3dbl_3a', double, 384, 3),
    column(net, 'branch3x3dbl_3b', double, 384, 3),
    pooled(net, x, 192),
  ]);
}

function stem(net: Net, image: Tensor): Tensor {
  let x = halving(net, 'Conv2d_1a_3x3', image, 32);
  x = convolution(net, 'Conv2d_2a_3x3', x, { channels: 32, kernel: 3 });
  x = net.maxPool(square(net, 'Conv2d_2b_3x3', x, 64), { kernel: 3, stride: 2 });
  x = point(net, 'Conv2d_3b_1x1', x, 80);
  x = convolution(net, 'Conv2d_4a_3x3', x, { channels: 192, kernel: 3 });
  return net.maxPool(x, { kernel: 3, stride: 2 });
}

/** Section 4: a classifier for the last 17x17 grid. */
function auxiliary(net: Net, x: Tensor): Tensor {
  const y = point(net, 'conv0', net.averagePool(x, { kernel: 5, stride: 3 }), 128);
  const z = convolution(net, 'conv1', y, { channels: 768, kernel: 5 });
  return net.linear('fc', net.flatten(net.globalAveragePool(z)), { features: 1000 });
}

export default defineModel({
  name: 'inceptionv3',
  inputs: { image: [1, 3, 299, 299] },
  preprocess: { ...imagenetPreprocess, width: 299, height: 299, shortSide: 342 },
  labels: imagenetLabels,
  build(net, { image }): Readonly<Record<string, Tensor>> {
    let x = stem(net, image);
    x = moduleA(net.scope('Mixed_5b'), x, 32);
    x = moduleA(net.scope('Mixed_5c'), x, 64);
    x = moduleA(net.scope('Mixed_5d'), x, 64);
    x = moduleB(net.scope('Mixed_6a'), x);
    x = moduleC(net.scope('Mixed_6b'), x, 128);
    x = moduleC(net.scope('Mixed_6c'), x, 160);
    x = moduleC(net.scope('Mixed_6d'), x, 160);
    const grid = moduleC(net.scope('Mixed_6e'), x, 192);
    x = moduleD(net.scope('Mixed_7a'), grid);
    x = moduleE(net.scope('Mixed_7b'), x);
    x = moduleE(net.scope('Mixed_7c'), x);
    x = net.dropout(net.flatten(net.globalAveragePool(x)));
    const logits = net.linear('fc', x, { features: 1000 });
    return net.training ? { logits, aux: auxiliary(net.scope('AuxLogits'), grid) } : { logits };
  },
  targets: { label: { dtype: 'i32', shape: [1] } },
  loss: (net, { logits, aux }, { label }) =>
    net.add(net.crossEntropy(logits!, label), net.mul(net.crossEntropy(aux!, label), 0.4)),
});
