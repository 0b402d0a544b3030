/**
 * SqueezeNet: AlexNet's accuracy with a fiftieth of its parameters. It has 1x1 convolutions before and next to the 3x3
 * convolutions, and no linear layer. F. Iandola, S. Han, M. Moskewicz, K. Ashraf, W. Dally and K. Keutzer, "SqueezeNet:
 * AlexNet-level accuracy with 50x fewer parameters and < 0.5 MB model size", 2016, arXiv:1602.07360, table 1. Version
 * 1.1 is by the same authors (github.com/forresti/SqueezeNet). It needs 2.4 times less computation for the same
 * accuracy, by a smaller first convolution and earlier pooling.
 *
 * Names are torchvision's, which number the layers: `features.3` is the first fire module.
 */
import { defineModel, imagenetLabels, type Model, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './datasets.ts';

/** A fire module, as the width of its squeeze layer (both expansions have four times as many channels), or a pool. */
type Layer = number | 'pool';

export interface Version {
  readonly name: string;
  /** Channels of the first convolution. */
  readonly channels: number;
  readonly kernel: number;
  readonly layers: readonly Layer[];
}

/** Figure 1: a 1x1 convolution down, then 1x1 and 3x3 in parallel. */
function fire(net: Net, x: Tensor, width: number): Tensor {
  const squeezed = net.relu(net.conv2d('squeeze', x, { channels: width, kernel: 1 }));
  const channels = 4 * width;
  return net.concat([
    net.relu(net.conv2d('expand1x1', squeezed, { channels, kernel: 1 })),
    net.relu(net.conv2d('expand3x3', squeezed, { channels, kernel: 3, padding: 1 })),
  ]);
}

export function squeezenet({ name, channels, kernel, layers }: Version): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, 224, 224] },
    preprocess: imagenetPreprocess,
    labels: imagenetLabels,
    build(net, { image }) {
      let x = net.relu(net.conv2d('features.0', image, { channels, kernel, stride: 2 }));
      for (const [i, layer] of layers.entries()) {
        // 1 is the ReLU.
        const path = `features.${i + 2}`;
        x =
          layer === 'pool'
            ? net.maxPool(x, { kernel: 3, stride: 2, ceilMode: true })
            : fire(net.scope(path), x, layer);
      }
      // classifier.0 is the dropout.
      x = net.relu(net.conv2d('classifier.1', net.dropout(x), { channels: 1000, kernel: 1 }));
      return { logits: net.flatten(net.globalAveragePool(x)) };
    },
  });
}
