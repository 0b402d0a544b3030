/**
 * Network in Network: behind every convolution two 1x1 ones, a small MLP at each pixel, and global average
 * pooling where AlexNet had its linear layers. Both became the habit of all nets after it.
 * M. Lin, Q. Chen and S. Yan, "Network In Network", ICLR 2014, arXiv:1312.4400, sections 3 and 4.2.
 *
 * The net for CIFAR-10, with the names and pools of github.com/jiecaoyu/pytorch-nin-cifar10, which number the layers.
 */
import { defineModel, type Net, type Tensor } from 'cnnc';
import { cifar10Labels } from './shared/datasets.ts';

/** The paper's mlpconv: a convolution and two 1x1, each with its ReLU. `index` is that of the first. */
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
