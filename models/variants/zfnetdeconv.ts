/**
 * ZFNet's visualizer, the deconvnet: which part of the image excited the strongest feature of conv5, and how? It sets
 * all other features to zero and goes back to the pixels, layer by layer: it unpools to the positions of the maxima,
 * applies ReLU, and applies the transposed filters of the net. M. Zeiler and R. Fergus, "Visualizing and Understanding
 * Convolutional Networks", ECCV 2014, arXiv:1311.2901, section 2.1 and figure 1. (A gradient differs in one point: its
 * ReLUs use the signs of the forward pass.)
 *
 * It has no additional weights: zfnet's file fits, without `fc6` to `fc8`. As in the paper, contrast normalization is
 * not inverted.
 */
import { defineModel, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { zfnetFeatures, type Passed } from '../shared/zfnetFeatures.ts';

/** 1 at the strongest feature, 0 elsewhere: sign(x - max) is -1 for all others. */
function strongestOnly(net: Net, x: Tensor): Tensor {
  const strongest = net.reduceMax(x, { axes: [1, 2, 3], keepDims: true });
  return net.mul(x, net.add(net.sign(net.sub(x, strongest)), 1));
}

/** Unpool, rectify, filter: figure 1, left. */
function back(net: Net, x: Tensor, { layer, input, switches }: Passed): Tensor {
  const rectified = net.relu(switches ? net.maxUnpool(x, switches) : x);
  const { name, kernel, stride, padding } = layer;
  // A stride rounds extents down. The rows that it left out are added back at the end.
  const spans = (extent: number): number => (extent + 2 * padding - kernel) % stride;
  return net.convTranspose2d(`${name}.back`, rectified, {
    ...{ channels: input.channels, kernel, stride, padding, bias: false },
    outputPadding: [spans(input.height), spans(input.width)],
    weight: net.tied(`${name}.weight`),
  });
}

export default defineModel({
  name: 'zfnetdeconv',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  build(net, { image }) {
    const { features, way } = zfnetFeatures(net, image);
    const start = strongestOnly(net, features);
    const picture = way.reduceRight((x, passed) => back(net, x, passed), start);
    return { picture };
  },
});
