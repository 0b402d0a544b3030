/**
 * VGG, second in ILSVRC 2014: only 3x3 convolutions, deeper than anything before it, and most of its
 * parameters in the first linear layer. K. Simonyan and A. Zisserman, "Very Deep Convolutional Networks for
 * Large-Scale Image Recognition", ICLR 2015, arXiv:1409.1556, table 1.
 *
 * With torchvision's names, which number the layers: `features.0` is the first convolution, `features.1` its
 * ReLU. The variants with batch norm are torchvision's; the paper is older than batch norm. The linear layers
 * need 7x7 images behind the last pooling, hence 224x224 in front.
 */
import type { Net, Tensor } from 'cnnc';

/** Table 1: channels of the convolutions by stage; each stage ends in max pooling. */
export const configurations = {
  A: [[64], [128], [256, 256], [512, 512], [512, 512]],
  B: [
    [64, 64],
    [128, 128],
    [256, 256],
    [512, 512],
    [512, 512],
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
} as const;

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
    for (const channels of stage) {
      x = features.conv2d(`${index++}`, x, { channels, kernel: 3, padding: 1 });
      if (batchNorm) x = features.batchNorm(`${index++}`, x);
      x = features.relu(x);
      index++;
    }
    x = features.maxPool(x, { kernel: 2 });
    index++;
  }
  return classify(net.scope('classifier'), net.flatten(x));
}

function classify(net: Net, x: Tensor): Tensor {
  // 1 and 4 are the ReLUs, 2 and 5 the dropouts.
  let y = net.dropout(net.relu(net.linear('0', x, { features: 4096 })));
  y = net.dropout(net.relu(net.linear('3', y, { features: 4096 })));
  return net.linear('6', y, { features: 1000 });
}
