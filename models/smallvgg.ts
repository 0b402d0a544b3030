/**
 * A small VGG for CIFAR-10, as in many courses: three stages of two 3x3 convolutions, where channels double and the
 * image is halved, then two linear layers. After K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks for
 * Large-Scale Image Recognition", ICLR 2015, arXiv:1409.1556.
 *
 * Names number the layers as in shared/vgg.ts.
 */
import { defineModel, type Model } from 'cnnc';
import { cifar10Labels } from './shared/datasets.ts';

export interface SmallVggOptions {
  /** Channels by stage. */
  readonly widths: readonly number[];
  /** Height and width of the images. Every stage halves them. */
  readonly size: number;
  /** Features of the hidden linear layer. */
  readonly hidden: number;
}

export function smallVgg(name: string, { widths, size, hidden }: SmallVggOptions): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, size, size] },
    preprocess: {
      width: size,
      height: size,
      channels: 'rgb',
      mean: [0.4914, 0.4822, 0.4465],
      std: [0.2023, 0.1994, 0.201],
    },
    labels: cifar10Labels,
    build(net, { image }) {
      let x = image;
      for (const [stage, channels] of widths.entries()) {
        // Convolution, ReLU, convolution, ReLU, pooling.
        const [first, second] = [`features.${5 * stage}`, `features.${5 * stage + 2}`];
        x = net.relu(net.conv2d(first, x, { channels, kernel: 3, padding: 1 }));
        x = net.relu(net.conv2d(second, x, { channels, kernel: 3, padding: 1 }));
        x = net.maxPool(x, { kernel: 2 });
      }
      x = net.relu(net.linear('classifier.0', net.flatten(x), { features: hidden }));
      return { logits: net.linear('classifier.3', net.dropout(x), { features: cifar10Labels.length }) };
    },
  });
}

export default smallVgg('smallvgg', { widths: [32, 64, 128], size: 32, hidden: 128 });
