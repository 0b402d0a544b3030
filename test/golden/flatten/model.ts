import { defineModel } from '../../../compiler/index.ts';

/** Flattens channels-last images in PyTorch's order of features. */
export default defineModel({
  name: 'flatten',
  inputs: { image: [1, 1, 4, 4] },
  build(net, { image }) {
    const x = net.relu(net.conv2d('conv', image, { channels: 2, kernel: 3 }));
    return { logits: net.linear('fc', net.flatten(x), { features: 3 }) };
  },
});
