/**
 * Wide ResNets for CIFAR: fewer layers than He's and k times their channels. They train faster and have a lower error.
 * The order within a block is that of "pre-activation" ResNets: norm, ReLU, convolution. S. Zagoruyko and N. Komodakis,
 * "Wide Residual Networks", BMVC 2016, arXiv:1605.07146, table 1.
 *
 * Layer names are those of github.com/xternalz/WideResNet-pytorch. A model's name is the paper's: WRN-depth-widening.
 */
import { defineModel, type Model, type Net, type Tensor } from 'cnnc';
import { cifar10Labels } from './datasets.ts';

/** If the shape changes, the projection reads the activated input too. */
function block(net: Net, x: Tensor, channels: number, stride: number, dropout: number): Tensor {
  const activated = net.relu(net.batchNorm('bn1', x));
  let y = net.conv2d('conv1', activated, { channels, kernel: 3, stride, padding: 1, bias: false });
  y = net.dropout(net.relu(net.batchNorm('bn2', y)), { p: dropout });
  y = net.conv2d('conv2', y, { channels, kernel: 3, padding: 1, bias: false });
  const isSame = x.channels === channels;
  const projection = { channels, kernel: 1, stride, bias: false };
  return net.add(y, isSame ? x : net.conv2d('convShortcut', activated, projection));
}

export interface WideResnetOptions {
  /** 6n + 4: 16, 22, 28 or 40 in the paper. */
  readonly depth: number;
  /** The paper's k. */
  readonly widening: number;
  /** Dropout between a block's convolutions. The paper's 0.3 helps little. Default 0. */
  readonly dropout?: number;
}

export function wideResnet(name: string, { depth, widening, dropout = 0 }: WideResnetOptions): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, 32, 32] },
    preprocess: {
      width: 32,
      height: 32,
      channels: 'rgb',
      mean: [0.4914, 0.4822, 0.4465],
      std: [0.2471, 0.2435, 0.2616],
    },
    labels: cifar10Labels,
    build(net, { image }) {
      let x = net.conv2d('conv1', image, { channels: 16, kernel: 3, padding: 1, bias: false });
      for (const [group, channels] of [16, 32, 64].entries()) {
        for (let i = 0; i < (depth - 4) / 6; i++) {
          const stride = i === 0 && group > 0 ? 2 : 1;
          x = block(net.scope(`block${group + 1}.layer.${i}`), x, widening * channels, stride, dropout);
        }
      }
      x = net.flatten(net.globalAveragePool(net.relu(net.batchNorm('bn1', x))));
      return { logits: net.linear('fc', x, { features: cifar10Labels.length }) };
    },
  });
}
