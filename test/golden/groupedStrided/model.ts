import { defineModel } from '../../../compiler/index.ts';

/** Two groups at stride 2, then one group a channel. */
export default defineModel({
  name: 'grouped-strided',
  inputs: { image: [1, 4, 8, 8] },
  build(net, { image }) {
    const options = { channels: 8, kernel: 3, stride: 2, padding: 1, groups: 2 };
    const x = net.relu(net.conv2d('grouped', image, options));
    return { features: net.conv2d('depthwise', x, { channels: 8, kernel: 3, padding: 1, groups: 8 }) };
  },
});
