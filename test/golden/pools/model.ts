import { defineModel } from '../../../compiler/index.ts';

/** The kinds of pooling, the first one padded; two outputs. */
export default defineModel({
  name: 'pools',
  inputs: { image: [1, 3, 8, 8] },
  build(net, { image }) {
    const x = net.maxPool(image, { kernel: 3, stride: 2, padding: 1 });
    return { halves: net.averagePool(x, { kernel: 2 }), means: net.globalAveragePool(x) };
  },
});
