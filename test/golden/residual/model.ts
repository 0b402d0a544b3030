import { defineModel, type Net, type Tensor } from '../../../compiler/index.ts';

/** A residual block: batch norms fold, the sum and the activation join the second convolution. */
function block(net: Net, x: Tensor): Tensor {
  const conv = { channels: 4, kernel: 3, padding: 1, bias: false };
  const y = net.relu(net.batchNorm('bn1', net.conv2d('conv1', x, conv)));
  return net.relu(net.add(net.batchNorm('bn2', net.conv2d('conv2', y, conv)), x));
}

export default defineModel({
  name: 'residual',
  inputs: { image: [1, 4, 6, 6] },
  build(net, { image }) {
    const x = block(net.scope('layer1.0'), image);
    // The second block is the first one's kernels.
    return { features: block(net.scope('layer1.1'), x) };
  },
});
