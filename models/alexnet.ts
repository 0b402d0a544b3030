/**
 * AlexNet with one tower, as in torchvision. It is the narrower net of A. Krizhevsky, "One weird trick for
 * parallelizing convolutional neural networks", 2014, arXiv:1404.5997. It has neither the normalization nor the two
 * groups of the net that won ILSVRC 2012 (variants/alexnet2012.ts).
 *
 * Layers have torchvision's names, which are numbers: `features.0` is the first convolution, `features.1` its ReLU.
 * Images of other sizes are averaged to 6x6 before the linear layers, which have 96 % of the weights.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';

function features(net: Net, image: Tensor): Tensor {
  let x = net.relu(net.conv2d('0', image, { channels: 64, kernel: 11, stride: 4, padding: 2 }));
  x = net.maxPool(x, { kernel: 3, stride: 2 });
  x = net.relu(net.conv2d('3', x, { channels: 192, kernel: 5, padding: 2 }));
  x = net.maxPool(x, { kernel: 3, stride: 2 });
  x = net.relu(net.conv2d('6', x, { channels: 384, kernel: 3, padding: 1 }));
  x = net.relu(net.conv2d('8', x, { channels: 256, kernel: 3, padding: 1 }));
  x = net.relu(net.conv2d('10', x, { channels: 256, kernel: 3, padding: 1 }));
  return net.maxPool(x, { kernel: 3, stride: 2 });
}

/** 0 and 3 are dropouts, 2 and 5 are ReLUs. */
function classify(net: Net, x: Tensor): Tensor {
  let y = net.relu(net.linear('1', net.dropout(x), { features: 4096 }));
  y = net.relu(net.linear('4', net.dropout(y), { features: 4096 }));
  return net.linear('6', y, { features: 1000 });
}

export default defineModel({
  name: 'alexnet',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build(net, { image }) {
    const x = net.adaptiveAveragePool(features(net.scope('features'), image), { size: 6 });
    return { logits: classify(net.scope('classifier'), net.flatten(x)) };
  },
});
