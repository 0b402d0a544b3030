/**
 * Network in Network: after every convolution two 1x1 convolutions, which are a small MLP for each pixel, and global
 * average pooling instead of AlexNet's linear layers. M. Lin, Q. Chen and S. Yan, "Network In Network", ICLR 2014,
 * arXiv:1312.4400, sections 3 and 4.2.
 *
 * This is the net for CIFAR-10. Names and pools are those of github.com/jiecaoyu/pytorch-nin-cifar10.
 */
import { defineModel, type Net, type Tensor } from 'cnnc';
import { cifar10Labels } from './shared/datasets.ts';

/** The paper's mlpconv: a convolution and two 1x1, each with a ReLU. `index` is that of the first. */
function mlpConv(net: Net, x: Tensor, index: number, kernel: number, widths: readonly number[]): Tensor {
  const [channels, second, third] = widths as readonly [number, number, number];
  let y = net.conv2d(`${index}`, x, { channels, kernel, padding: (kernel - 1) / 2 });
  y = net.conv2d(`${index + 2}`, net.relu(y), { channels: second, kernel: 1 });
  return net.relu(net.conv2d(`${index + 4}`, net.relu(y), { channels: third, kernel: 1 }));
}

export default defineModel({
  name: 'nin',
  inputs: { image: [1, 3, 32, 32] },
  preprocess: { width: 32, height: 32, channels: 'rgb', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  labels: cifar10Labels,
  build(net, { image }) {
    const layers = net.scope('classifier');
    const halved = { kernel: 3, stride: 2, padding: 1 };
    let x = mlpConv(layers, image, 0, 5, [192, 160, 96]);
    x = mlpConv(layers, net.dropout(net.maxPool(x, halved)), 8, 5, [192, 192, 192]);
    x = mlpConv(layers, net.dropout(net.averagePool(x, halved)), 16, 3, [192, 192, cifar10Labels.length]);
    return { logits: net.flatten(net.globalAveragePool(x)) };
  },
});
