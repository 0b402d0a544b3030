import { defineModel } from '../../../compiler/index.ts';

/** A padded convolution and its activation: borders, interior, one channel left over. */
export default defineModel({
  name: 'conv-relu',
  inputs: { image: [1, 2, 5, 5] },
  build: (net, { image }) => ({
    features: net.relu(net.conv2d('conv', image, { channels: 5, kernel: 3, padding: 1 })),
  }),
});
