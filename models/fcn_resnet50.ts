/**
 * Segmentation with a fully convolutional network. It has no linear layer, so every place keeps its own classes.
 * Dilated convolutions in the last two stages widen the context without a loss of resolution. J. Long, E.
 * Shelhamer and T. Darrell, "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015,
 * arXiv:1411.4038; F. Yu and V. Koltun, "Multi-Scale Context Aggregation by Dilated Convolutions", ICLR 2016,
 * arXiv:1511.07122.
 *
 * This is torchvision's fcn_resnet50 with its names, for the 20 classes of Pascal VOC and the background. In
 * training an auxiliary head reads the third stage, and half of its loss is added. Images may have any size.
 */
import { defineModel, type Model, type Net, type Tensor } from 'cnnc';

interface Stage {
  readonly depth: number;
  /** Channels inside the bottlenecks. */
  readonly channels: number;
  readonly stride: number;
  /** Dilation of the first block and of the others. */
  readonly dilation: readonly [first: number, others: number];
}

/** ResNet-50's stages. The fourth and fifth halving of the image are replaced by dilation. */
const STAGES: readonly Stage[] = [
  { depth: 3, channels: 64, stride: 1, dilation: [1, 1] },
  { depth: 4, channels: 128, stride: 2, dilation: [1, 1] },
  { depth: 6, channels: 256, stride: 1, dilation: [1, 2] },
  { depth: 3, channels: 512, stride: 1, dilation: [2, 4] },
];

const labels = [
  'background',
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'dining table',
  'dog',
  'horse',
  'motorbike',
  'person',
  'potted plant',
  'sheep',
  'sofa',
  'train',
  'tv monitor',
] as const;

/** The bottleneck of shared/resnet.ts with dilation. */
function bottleneck(net: Net, x: Tensor, channels: number, stride: number, dilation: number): Tensor {
  let y = net.conv2d('conv1', x, { channels, kernel: 1, bias: false });
  y = net.relu(net.batchNorm('bn1', y));
  y = net.conv2d('conv2', y, { channels, kernel: 3, stride, dilation, padding: dilation, bias: false });
  y = net.relu(net.batchNorm('bn2', y));
  y = net.conv2d('conv3', y, { channels: 4 * channels, kernel: 1, bias: false });
  y = net.batchNorm('bn3', y);
  if (x.channels === y.channels) return net.relu(net.add(y, x));
  const projected = net.conv2d('downsample.0', x, { channels: y.channels, kernel: 1, stride, bias: false });
  return net.relu(net.add(y, net.batchNorm('downsample.1', projected)));
}

/** Features of the third and fourth stage, at an eighth of the image's size. */
function backbone(net: Net, image: Tensor): readonly [third: Tensor, fourth: Tensor] {
  let x = net.conv2d('conv1', image, { channels: 64, kernel: 7, stride: 2, padding: 3, bias: false });
  x = net.maxPool(net.relu(net.batchNorm('bn1', x)), { kernel: 3, stride: 2, padding: 1 });
  const features: Tensor[] = [];
  for (const [stage, { depth, channels, stride, dilation }] of STAGES.entries()) {
    for (let i = 0; i < depth; i++) {
      const block = net.scope(`layer${stage + 1}.${i}`);
      x = bottleneck(block, x, channels, i === 0 ? stride : 1, dilation[i === 0 ? 0 : 1]);
    }
    features.push(x);
  }
  return [features[2]!, features[3]!];
}

/** Classes at every place, enlarged to the image's size. 2 is the ReLU, 3 the dropout. */
function head(net: Net, x: Tensor, image: Tensor): Tensor {
  let y = net.conv2d('0', x, { channels: x.channels / 4, kernel: 3, padding: 1, bias: false });
  y = net.dropout(net.relu(net.batchNorm('1', y)), { p: 0.1 });
  y = net.conv2d('4', y, { channels: labels.length, kernel: 1 });
  return net.resize(y, { size: [image.height, image.width], mode: 'bilinear' });
}

/** Builds the model. `size` is the height and width of images and of the masks in training. */
export function fcnResnet50(name: string, size: number): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, size, size] },
    preprocess: {
      width: size,
      height: size,
      channels: 'rgb',
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
    build(net, { image }): Readonly<Record<string, Tensor>> {
      const [third, fourth] = backbone(net.scope('backbone'), image);
      const logits = head(net.scope('classifier'), fourth, image);
      return net.training ? { logits, aux: head(net.scope('aux_classifier'), third, image) } : { logits };
    },
    targets: { mask: { dtype: 'i32', shape: [1, size, size] } },
    loss(net, { logits, aux }, { mask }) {
      const main = net.crossEntropy(logits!, mask, { ignoreIndex: 255 });
      return net.add(main, net.mul(net.crossEntropy(aux!, mask, { ignoreIndex: 255 }), 0.5));
    },
  });
}

export default fcnResnet50('fcn_resnet50', 520);
