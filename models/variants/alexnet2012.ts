/**
 * AlexNet, which won ILSVRC 2012 by ten percent and made deep nets popular: ReLUs, dropout, and two GPUs that
 * each computed half of the channels, which is why the convolutions have two groups. A. Krizhevsky, I. Sutskever
 * and G. Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NIPS 2012, section 3 and
 * figure 2.
 *
 * The figure has 224x224, but its arithmetic needs 227x227. Names are those of Caffe's models (`conv1` to `fc8`).
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { localResponse } from '../shared/localResponse.ts';

/** Normalization before the overlapping pooling (section 3.4), as in the paper. Caffe's CaffeNet swaps them. */
const normalizedPool = (net: Net, x: Tensor): Tensor =>
  net.maxPool(net.localResponseNorm(x, localResponse), { kernel: 3, stride: 2 });

export default defineModel({
  name: 'alexnet2012',
  inputs: { image: [1, 3, 227, 227] },
  preprocess: { ...imagenetPreprocess, width: 227, height: 227 },
  labels: imagenetLabels,
  build(net, { image }) {
    let x = net.relu(net.conv2d('conv1', image, { channels: 96, kernel: 11, stride: 4 }));
    x = normalizedPool(net, x);
    x = net.relu(net.conv2d('conv2', x, { channels: 256, kernel: 5, padding: 2, groups: 2 }));
    x = normalizedPool(net, x);
    x = net.relu(net.conv2d('conv3', x, { channels: 384, kernel: 3, padding: 1 }));
    x = net.relu(net.conv2d('conv4', x, { channels: 384, kernel: 3, padding: 1, groups: 2 }));
    x = net.relu(net.conv2d('conv5', x, { channels: 256, kernel: 3, padding: 1, groups: 2 }));
    x = net.flatten(net.maxPool(x, { kernel: 3, stride: 2 }));
    x = net.dropout(net.relu(net.linear('fc6', x, { features: 4096 })));
    x = net.dropout(net.relu(net.linear('fc7', x, { features: 4096 })));
    return { logits: net.linear('fc8', x, { features: 1000 }) };
  },
});
