/**
 * LeNet-5, which read the digits on bank cheques in the 1990s. Y. LeCun, L. Bottou, Y. Bengio and P. Haffner,
 * "Gradient-Based Learning Applied to Document Recognition", Proceedings of the IEEE 86(11), 1998.
 *
 * This is the usual modern version: ReLU instead of the scaled tanh, max pooling instead of the trained subsampling, a
 * linear last layer instead of the Gaussian one, and C3 reads all of S2. Layers have the paper's names. Paths are those
 * of github.com/khushbujpatel/lenet_mnist, whose weights fit.
 */
import { defineModel } from 'cnnc';
import { digits } from './shared/datasets.ts';

export default defineModel({
  name: 'lenet5',
  inputs: { image: [1, 1, 32, 32] },
  // White digits on black, as in MNIST.
  preprocess: { width: 32, height: 32, resize: 'stretch', channels: 'gray', mean: [0.1307], std: [0.3081] },
  labels: digits,
  build(net, { image }) {
    const convnet = net.scope('convnet');
    let x = net.relu(convnet.conv2d('c1', image, { channels: 6, kernel: 5 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(convnet.conv2d('c3', x, { channels: 16, kernel: 5 }));
    x = net.maxPool(x, { kernel: 2 });
    // A 5x5 kernel on a 5x5 image, so this is a fully connected layer.
    x = net.relu(convnet.conv2d('c5', x, { channels: 120, kernel: 5 }));
    const fc = net.scope('fc');
    x = net.relu(fc.linear('f6', net.flatten(x), { features: 84 }));
    return { logits: fc.linear('f7', x, { features: 10 }) };
  },
  weights: './weights/lenet5.safetensors',
});
