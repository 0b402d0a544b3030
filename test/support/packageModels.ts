/** Two small models with everything a package has: preprocessing and labels; several inputs and outputs. */
import { defineModel, type Model } from '../../compiler/index.ts';

const CLASSES = ['cat', 'dog', 'bird'] as const;

export const classifier: Model = defineModel({
  name: 'pets',
  inputs: { image: [1, 3, 12, 10] },
  preprocess: { width: 10, height: 12, channels: 'rgb' },
  labels: CLASSES,
  build(net, { image }) {
    const conv = (name: string, x: typeof image, channels: number) =>
      net.relu(
        net.batchNorm(`${name}.bn`, net.conv2d(name, x, { channels, kernel: 3, padding: 1, bias: false })),
      );
    const x = conv('conv1', image, 6);
    const y = net.add(conv('conv2', x, 6), x);
    const pooled = net.globalAveragePool(net.maxPool(y, { kernel: 2 }));
    return { logits: net.linear('fc', net.flatten(pooled), { features: CLASSES.length }) };
  },
});

export const twoInputs: Model = defineModel({
  name: 'two-inputs',
  inputs: { left: [2, 4], right: [2, 4] },
  build(net, { left, right }) {
    const sum = net.add(left, right);
    return { scores: net.softmax(net.linear('fc', sum, { features: 5 })), sum };
  },
});

/** Nothing to learn and nothing to read from a weight file. */
export const parameterless: Model = defineModel({
  name: 'parameterless',
  inputs: { image: [1, 2, 4, 4] },
  build: (net, { image }) => ({ halves: net.maxPool(image, { kernel: 2 }) }),
});

/** Small enough to be trained in a test. */
export const trainable: Model = defineModel({
  name: 'trainable',
  inputs: { image: [4, 3, 6, 6] },
  build(net, { image }) {
    const conv = net.conv2d('conv', image, { channels: 4, kernel: 3, bias: false });
    const x = net.globalAveragePool(net.relu(net.batchNorm('bn', conv)));
    return { logits: net.linear('fc', net.flatten(x), { features: CLASSES.length }) };
  },
});

/** Two maps of a picture, 2x4 places with two anchors and 1x2 with one; a background and two classes. */
export const detector: Model = defineModel({
  name: 'detector',
  inputs: { image: [1, 3, 16, 32] },
  preprocess: { width: 32, height: 16, resize: 'stretch', channels: 'rgb' },
  detection: {
    scores: 'scores',
    boxes: 'boxes',
    levels: [
      { stride: 8, sizes: [12, 20] },
      { stride: 16, sizes: [24] },
    ],
    variances: { centre: 0.2, size: 0.4 },
    score: 0.4,
    overlap: 0.3,
  },
  build(net, { image }) {
    const fine = net.relu(net.conv2d('fine', image, { channels: 6, kernel: 8, stride: 8 }));
    const coarse = net.relu(net.conv2d('coarse', fine, { channels: 6, kernel: 2, stride: 2 }));
    const head = (name: string, size: number) => {
      const [a, b] = [
        net.conv2d(`${name}.fine`, fine, { channels: 2 * size, kernel: 1 }),
        net.conv2d(`${name}.coarse`, coarse, { channels: size, kernel: 1 }),
      ].map((x) => {
        const byPlace = net.transpose(x, { permutation: [0, 2, 3, 1] });
        return net.reshape(byPlace, { shape: [x.shape[0]!, -1, size] });
      });
      return net.concat([a!, b!], { axis: 1 });
    };
    return { scores: net.softmax(head('classes', 3), { axis: 2 }), boxes: head('offsets', 4) };
  },
});
