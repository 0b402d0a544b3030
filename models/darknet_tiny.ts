/**
 * Tiny Darknet: AlexNet's accuracy in four megabytes, by the author of YOLO. Between its 3x3 convolutions are 1x1
 * convolutions with few channels, as in SqueezeNet. J. Redmon, pjreddie.com/darknet/tiny-darknet, 2016.
 *
 * Names are those of the published Keras file (ml5.js): `conv2d_1`, `batch_normalization_1`. Its classes have Darknet's
 * order, which differs from the usual order of ImageNet.
 */
import { defineModel } from 'cnnc';
import { darknetLabels } from './shared/darknetLabels.ts';

/** Channels and kernels, with a pooling where the image is halved. */
const LAYERS: readonly (readonly [channels: number, kernel: 1 | 3] | 'pool')[] = [
  [16, 3],
  'pool',
  [32, 3],
  'pool',
  [16, 1],
  [128, 3],
  [16, 1],
  [128, 3],
  'pool',
  [32, 1],
  [256, 3],
  [32, 1],
  [256, 3],
  'pool',
  [64, 1],
  [512, 3],
  [64, 1],
  [512, 3],
  [128, 1],
];

export default defineModel({
  name: 'darknet_tiny',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: {
    width: 224,
    height: 224,
    resize: 'shortSide',
    shortSide: 224,
    channels: 'rgb',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  labels: darknetLabels,
  build(net, { image }) {
    let x = image;
    let index = 1;
    for (const layer of LAYERS) {
      if (layer === 'pool') {
        x = net.maxPool(x, { kernel: 2 });
        continue;
      }
      const [channels, kernel] = layer;
      x = net.conv2d(`conv2d_${index}`, x, { channels, kernel, padding: (kernel - 1) / 2, bias: false });
      x = net.batchNorm(`batch_normalization_${index}`, x, { epsilon: 1e-3 });
      x = net.leakyRelu(x, { slope: 0.1 });
      index++;
    }
    x = net.conv2d(`conv2d_${index}`, x, { channels: 1000, kernel: 1 });
    return { logits: net.flatten(net.globalAveragePool(x)) };
  },
});
