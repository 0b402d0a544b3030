/**
 * ResNet, which won ILSVRC 2015 and made deep nets trainable: each block learns what to add to its input. K. He,
 * X. Zhang, S. Ren and J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv:1512.03385, table
 * 1.
 *
 * Names are torchvision's, and so is one change ("v1.5"): a bottleneck halves the image in its 3x3 convolution,
 * not in its first 1x1.
 */
import type { Net, Tensor } from 'cnnc';

/** A block. A `stride` of 2 halves the image. `channels` is the number of channels inside the block. */
type Block = (net: Net, x: Tensor, channels: number, stride: number) => Tensor;

/** Two 3x3 convolutions. Figure 5, left. */
export function basicBlock(net: Net, x: Tensor, channels: number, stride: number): Tensor {
  let y = net.conv2d('conv1', x, { channels, kernel: 3, stride, padding: 1, bias: false });
  y = net.relu(net.batchNorm('bn1', y));
  y = net.conv2d('conv2', y, { channels, kernel: 3, padding: 1, bias: false });
  y = net.batchNorm('bn2', y);
  return net.relu(net.add(y, shortcut(net, x, channels, stride)));
}

/** 1x1 to `channels`, 3x3, 1x1 to four times as many. Figure 5, right. */
export function bottleneck(net: Net, x: Tensor, channels: number, stride: number): Tensor {
  let y = net.conv2d('conv1', x, { channels, kernel: 1, bias: false });
  y = net.relu(net.batchNorm('bn1', y));
  y = net.conv2d('conv2', y, { channels, kernel: 3, stride, padding: 1, bias: false });
  y = net.relu(net.batchNorm('bn2', y));
  y = net.conv2d('conv3', y, { channels: 4 * channels, kernel: 1, bias: false });
  y = net.batchNorm('bn3', y);
  return net.relu(net.add(y, shortcut(net, x, 4 * channels, stride)));
}

/** The identity, or a projection if the shape changes (the paper's option B). */
export function shortcut(net: Net, x: Tensor, channels: number, stride: number): Tensor {
  if (stride === 1 && x.channels === channels) return x;
  const projected = net.conv2d('downsample.0', x, { channels, kernel: 1, stride, bias: false });
  return net.batchNorm('downsample.1', projected);
}

/** The whole net. `depths` are the numbers of blocks of the four stages. */
export function resnet(net: Net, image: Tensor, block: Block, depths: readonly number[]): Tensor {
  let x = net.conv2d('conv1', image, { channels: 64, kernel: 7, stride: 2, padding: 3, bias: false });
  x = net.relu(net.batchNorm('bn1', x));
  x = net.maxPool(x, { kernel: 3, stride: 2, padding: 1 });
  for (const [stage, depth] of depths.entries()) {
    for (let i = 0; i < depth; i++) {
      const stride = i === 0 && stage > 0 ? 2 : 1;
      x = block(net.scope(`layer${stage + 1}.${i}`), x, 64 * 2 ** stage, stride);
    }
  }
  return net.linear('fc', net.flatten(net.globalAveragePool(x)), { features: 1000 });
}
