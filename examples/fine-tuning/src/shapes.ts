/** LeNet-5 with another last layer: what it has learned from digits tells two shapes apart. */
import { defineModel } from 'cnnc';

export default defineModel({
  name: 'shapes',
  inputs: { image: [1, 1, 32, 32] },
  // White strokes on black, as in MNIST.
  preprocess: { width: 32, height: 32, resize: 'stretch', channels: 'gray', mean: [0.1307], std: [0.3081] },
  labels: ['A', 'B'],
  build(net, { image }) {
    const convnet = net.scope('convnet');
    let x = net.relu(convnet.conv2d('c1', image, { channels: 6, kernel: 5 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(convnet.conv2d('c3', x, { channels: 16, kernel: 5 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(convnet.conv2d('c5', x, { channels: 120, kernel: 5 }));
    const fc = net.scope('fc');
    x = net.relu(fc.linear('f6', net.flatten(x), { features: 84 }));
    return { logits: fc.linear('f7', x, { features: 2 }) };
  },
});
