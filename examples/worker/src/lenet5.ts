/** LeNet-5, whose trained weights come with cnnc. */
import { defineModel } from 'cnnc';

export default defineModel({
  name: 'lenet5',
  inputs: { image: [1, 1, 32, 32] },
  // White digits on black, as in MNIST.
  preprocess: { width: 32, height: 32, resize: 'stretch', channels: 'gray', mean: [0.1307], std: [0.3081] },
  labels: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  build(net, { image }) {
    const convnet = net.scope('convnet');
    let x = net.relu(convnet.conv2d('c1', image, { channels: 6, kernel: 5 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(convnet.conv2d('c3', x, { channels: 16, kernel: 5 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(convnet.conv2d('c5', x, { channels: 120, kernel: 5 }));
    const fc = net.scope('fc');
    x = net.relu(fc.linear('f6', net.flatten(x), { features: 84 }));
    return { logits: fc.linear('f7', x, { features: 10 }) };
  },
});
