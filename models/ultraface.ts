/**
 * UltraFace slim: finds faces in one pass, as SSD does. Every place of four feature maps has two or three anchor boxes.
 * For each of them the net computes whether it is a face, and how to move and stretch it. The body is a narrow
 * MobileNet. L. Zhang ("Linzaer"), github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB, 2019. The method is
 * that of W. Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016, arXiv:1512.02325.
 *
 * Names are the repository's. The net returns boxes as offsets from the anchors. The package's `detect` turns them into
 * boxes in the image and removes those that show the same face.
 */
import { defineModel, type Net, type Tensor } from 'cnnc';

const CLASSES = 2;

/** The pairs of the body: output channels and stride. */
const PAIRS: readonly (readonly [channels: number, stride: number])[] = [
  [32, 1],
  [32, 2],
  [32, 1],
  [64, 2],
  [64, 1],
  [64, 1],
  [64, 1],
  [128, 2],
  [128, 1],
  [128, 1],
  [256, 2],
  [256, 1],
];

/** Numbers of layers of the body after which the first three feature maps are read. */
const SOURCES = [8, 11, 13];

/** The four maps, with the anchors at every place. */
const LEVELS = [
  { stride: 8, sizes: [10, 16, 24] },
  { stride: 16, sizes: [32, 48] },
  { stride: 32, sizes: [64, 96] },
  { stride: 64, sizes: [128, 192, 256] },
] as const;

/** A MobileNet pair, as in mobilenetv1.ts. */
function depthwiseSeparable(net: Net, x: Tensor, channels: number, stride: number): Tensor {
  const own = { channels: x.channels, groups: x.channels, kernel: 3, stride, padding: 1, bias: false };
  const y = net.relu(net.batchNorm('1', net.conv2d('0', x, own)));
  return net.relu(net.batchNorm('4', net.conv2d('3', y, { channels, kernel: 1, bias: false })));
}

/** A pair without norms and without an activation at the end. 1 is the ReLU. */
function separable(net: Net, x: Tensor, channels: number, stride: number): Tensor {
  const own = { channels: x.channels, groups: x.channels, kernel: 3, stride, padding: 1 };
  const y = net.relu(net.conv2d('0', x, own));
  return net.conv2d('2', y, { channels, kernel: 1 });
}

function featureMaps(net: Net, image: Tensor): Tensor[] {
  const stem = net.scope('base_net.0');
  let x = stem.conv2d('0', image, { channels: 16, kernel: 3, stride: 2, padding: 1, bias: false });
  x = net.relu(stem.batchNorm('1', x));
  const maps: Tensor[] = [];
  for (const [i, [channels, stride]] of PAIRS.entries()) {
    if (SOURCES.includes(i + 1)) maps.push(x);
    x = depthwiseSeparable(net.scope(`base_net.${i + 1}`), x, channels, stride);
  }
  maps.push(x);
  const squeezed = net.relu(net.conv2d('extras.0.0', x, { channels: 64, kernel: 1 }));
  maps.push(net.relu(separable(net.scope('extras.0.2'), squeezed, 256, 2)));
  return maps;
}

/** `size` numbers for each anchor, for one map after the other: [N, anchors, size]. */
function headers(net: Net, maps: readonly Tensor[], size: number): Tensor {
  const parts = maps.map((x, i) => {
    const channels = LEVELS[i]!.sizes.length * size;
    const isLast = i === maps.length - 1;
    const y = isLast
      ? net.conv2d(`${i}`, x, { channels, kernel: 3, padding: 1 })
      : separable(net.scope(`${i}`), x, channels, 1);
    const byPlace = net.transpose(y, { permutation: [0, 2, 3, 1] });
    return net.reshape(byPlace, { shape: [x.shape[0]!, -1, size] });
  });
  return net.concat(parts, { axis: 1 });
}

/** Number of anchors for images of 320x240. */
const COUNT = 4420;

export default defineModel({
  name: 'ultraface',
  inputs: { image: [1, 3, 240, 320] },
  preprocess: {
    width: 320,
    height: 240,
    channels: 'rgb',
    mean: [127 / 255, 127 / 255, 127 / 255],
    std: [128 / 255, 128 / 255, 128 / 255],
  },
  detection: { scores: 'scores', boxes: 'boxes', levels: LEVELS, score: 0.7, overlap: 0.3 },
  build(net, { image }): Readonly<Record<string, Tensor>> {
    const maps = featureMaps(net, image);
    const logits = headers(net.scope('classification_headers'), maps, CLASSES);
    const boxes = headers(net.scope('regression_headers'), maps, 4);
    const scores = net.softmax(logits, { axis: 2 });
    return net.training ? { scores, boxes, logits } : { scores, boxes };
  },
  /** Which anchors are faces (1), and the offsets of these. The data set has to match anchors and faces. */
  targets: {
    label: { dtype: 'i32', shape: [1, COUNT] },
    face: { dtype: 'f32', shape: [1, COUNT, 1] },
    offset: { dtype: 'f32', shape: [1, COUNT, 4] },
  },
  /** SSD's loss, equation 1, without hard negative mining. Anchors with the label -100 do not count. */
  loss(net, { logits, boxes }, { label, face, offset }) {
    const byClass = net.transpose(logits!, { permutation: [0, 2, 1] });
    const moved = net.smoothL1Loss(net.mul(boxes!, face), net.mul(offset, face));
    return net.add(net.crossEntropy(byClass, label), moved);
  },
});
