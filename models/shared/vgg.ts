/**
 * VGG, second in ILSVRC 2014: only 3x3 convolutions, deeper than any net before it. Most of its parameters are in the
 * first linear layer. K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
 * Recognition", ICLR 2015, arXiv:1409.1556, table 1.
 *
 * Names are torchvision's, which number the layers: `features.0` is the first convolution, `features.1` its ReLU. The
 * variants with batch norm are torchvision's; the paper is older than batch norm. The linear layers need 7x7 images
 * after the last pooling, so the model's input is 224x224.
 */
import type { Net, Tensor } from 'cnnc';
import { localResponse } from './localResponse.ts';

/** A 3x3 convolution by its channels, a 1x1 convolution, or local response normalization. */
type Layer = number | { readonly pointwise: number } | 'LRN';

/** The layers of table 1 by stage. Each stage ends with max pooling. */
export const configurations = {
  A: [[64], [128], [256, 256], [512, 512], [512, 512]],
  'A-LRN': [[64, 'LRN'], [128], [256, 256], [512, 512], [512, 512]],
  B: [
    [64, 64],
    [128, 128],
    [256, 256],
    [512, 512],
    [512, 512],
  ],
  C: [
    [64, 64],
    [128, 128],
    [256, 256, { pointwise: 256 }],
    [512, 512, { pointwise: 512 }],
    [512, 512, { pointwise: 512 }],
  ],
  D: [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ],
  E: [
    [64, 64],
    [128, 128],
    [256, 256, 256, 256],
    [512, 512, 512, 512],
    [512, 512, 512, 512],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly Layer[])[]>>;

interface Convolution {
  readonly channels: number;
  readonly kernel: 1 | 3;
  readonly padding?: 1;
}

export interface VggOptions {
  readonly batchNorm: boolean;
}

export function vgg(
  net: Net,
  image: Tensor,
  configuration: keyof typeof configurations,
  { batchNorm }: VggOptions,
): Tensor {
  const features = net.scope('features');
  let x = image;
  let index = 0;
  for (const stage of configurations[configuration]) {
    for (const layer of stage) {
      if (layer === 'LRN') x = features.localResponseNorm(x, localResponse);
      else {
        x = features.conv2d(`${index++}`, x, convolutionOf(layer));
        if (batchNorm) x = features.batchNorm(`${index++}`, x);
        x = features.relu(x);
      }
      index++;
    }
    x = features.maxPool(x, { kernel: 2 });
    index++;
  }
  return classify(net.scope('classifier'), net.flatten(x));
}

const convolutionOf = (layer: Exclude<Layer, 'LRN'>): Convolution =>
  typeof layer === 'number'
    ? { channels: layer, kernel: 3, padding: 1 }
    : { channels: layer.pointwise, kernel: 1 };

function classify(net: Net, x: Tensor): Tensor {
  // 1 and 4 are the ReLUs, 2 and 5 the dropouts.
  let y = net.dropout(net.relu(net.linear('0', x, { features: 4096 })));
  y = net.dropout(net.relu(net.linear('3', y, { features: 4096 })));
  return net.linear('6', y, { features: 1000 });
}
