/**
 * Visual wake words: is there a person in the image? MobileNet v1 with a quarter of the width for 96x96 images, which
 * fits into 250 kB; a task of MLPerf Tiny. A. Chowdhery, P. Warden, J. Shlens, A. Howard and R. Rhodes, "Visual Wake
 * Words Dataset", 2019, arXiv:1906.05721; C. Banbury et al., "MLPerf Tiny Benchmark", 2021, arXiv:2106.07597.
 *
 * Names are those of the benchmark's Keras file, which numbers layers by kind: `conv2d_1`, `depthwise_conv2d`,
 * `batch_normalization_1`. Padding is TensorFlow's.
 */
import { defineModel, type Model, type Net, type Tensor } from 'cnnc';

/** The pairs of mobilenetv1.ts. */
const PAIRS: readonly (readonly [channels: number, stride: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** Keras numbers the layers of a kind from the second one on. */
const numbered = (kind: string, index: number): string => (index === 0 ? kind : `${kind}_${index}`);

const activate = (net: Net, x: Tensor, index: number): Tensor =>
  net.relu(net.batchNorm(numbered('batch_normalization', index), x, { epsilon: 1e-3, momentum: 0.01 }));

export interface VwwOptions {
  /** Factor for MobileNet's numbers of channels. */
  readonly width: number;
  /** Height and width of the images. */
  readonly size: number;
}

export function vww(name: string, { width, size }: VwwOptions): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, size, size] },
    preprocess: {
      width: size,
      height: size,
      resize: 'shortSide',
      shortSide: size,
      channels: 'rgb',
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    labels: ['no person', 'person'],
    build(net, { image }) {
      const stem = { channels: 32 * width, kernel: 3, stride: 2, padding: 'same' } as const;
      let x = activate(net, net.conv2d('conv2d', image, stem), 0);
      for (const [i, [channels, stride]] of PAIRS.entries()) {
        const own = { channels: x.channels, groups: x.channels, kernel: 3, stride, padding: 'same' } as const;
        x = activate(net, net.conv2d(numbered('depthwise_conv2d', i), x, own), 2 * i + 1);
        x = net.conv2d(numbered('conv2d', i + 1), x, { channels: channels * width, kernel: 1 });
        x = activate(net, x, 2 * i + 2);
      }
      return { logits: net.linear('dense', net.flatten(net.globalAveragePool(x)), { features: 2 }) };
    },
  });
}

export default vww('vww', { width: 0.25, size: 96 });
