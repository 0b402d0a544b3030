/**
 * The narrow ResNets for CIFAR-10: 6n + 2 layers in three stages of 16, 32 and 64 channels. K. He, X. Zhang, S.
 * Ren and J. Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv:1512.03385, section 4.2.
 *
 * Where the shape changes, the shortcut is the paper's option A (subsample, then pad with zero channels; no
 * parameters) or B (a 1x1 projection). Option C projects around every block; the plain net has no shortcuts.
 * Names and norms are those of published weights: github.com/akamaster/pytorch_resnet_cifar10 (A), whose last
 * layer is `linear`, and github.com/chenyaofo/pytorch-cifar-models (B, used for the others too), whose last layer
 * is `fc`.
 */
import { defineModel, type Model, type Net, type Preprocess, type Tensor } from 'cnnc';
import { cifar10Labels } from './datasets.ts';

/** See sections 3.3 and 4.1 of the paper. */
type ShortcutOption = 'A' | 'B' | 'C' | 'plain';

/** Option A was trained with ImageNet's statistics. */
const statistics: Readonly<Record<'A' | 'others', Pick<Preprocess, 'mean' | 'std'>>> = {
  A: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  others: { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] },
};

/**
 * Builds the model with a class for each label. `depth` is 6n + 2: 20, 32, 44, 56 or 110 in the paper.
 * The path of `weights` starts at this folder.
 */
export function cifarResnet(
  name: string,
  depth: number,
  option: ShortcutOption,
  labels: readonly string[] = cifar10Labels,
  weights?: string,
): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, 32, 32] },
    preprocess: { width: 32, height: 32, channels: 'rgb', ...statistics[option === 'A' ? 'A' : 'others'] },
    labels,
    build(net, { image }) {
      let x = net.conv2d('conv1', image, { channels: 16, kernel: 3, padding: 1, bias: false });
      x = net.relu(net.batchNorm('bn1', x));
      for (const [stage, channels] of [16, 32, 64].entries()) {
        for (let i = 0; i < (depth - 2) / 6; i++) {
          const stride = i === 0 && stage > 0 ? 2 : 1;
          x = block(net.scope(`layer${stage + 1}.${i}`), x, channels, stride, option);
        }
      }
      x = net.flatten(net.globalAveragePool(x));
      return { logits: net.linear(option === 'A' ? 'linear' : 'fc', x, { features: labels.length }) };
    },
    weights,
  });
}

function block(net: Net, x: Tensor, channels: number, stride: number, option: ShortcutOption): Tensor {
  let y = net.conv2d('conv1', x, { channels, kernel: 3, stride, padding: 1, bias: false });
  y = net.relu(net.batchNorm('bn1', y));
  y = net.conv2d('conv2', y, { channels, kernel: 3, padding: 1, bias: false });
  y = net.batchNorm('bn2', y);
  const shortcut = shortcuts[option];
  return net.relu(shortcut ? net.add(y, shortcut(net, x, channels, stride)) : y);
}

/** Takes every second pixel, and adds zero channels on both sides. */
function zeroPadded(net: Net, x: Tensor, channels: number): Tensor {
  const sampled = net.slice(x, { steps: [1, 1, 2, 2] });
  const zeros = [0, (channels - x.channels) / 2, 0, 0];
  return net.pad(sampled, { before: zeros, after: zeros });
}

function projected(net: Net, x: Tensor, channels: number, stride: number): Tensor {
  const y = net.conv2d('downsample.0', x, { channels, kernel: 1, stride, bias: false });
  return net.batchNorm('downsample.1', y);
}

type Shortcut = (net: Net, x: Tensor, channels: number, stride: number) => Tensor;

const shortcuts: Readonly<Record<ShortcutOption, Shortcut | undefined>> = {
  A: (net, x, channels, stride) => (stride === 1 ? x : zeroPadded(net, x, channels)),
  B: (net, x, channels, stride) => (stride === 1 ? x : projected(net, x, channels, stride)),
  C: projected,
  plain: undefined,
};
