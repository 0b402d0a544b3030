/**
 * ZFNet's visualizer, the deconvnet: which part of the picture, and what in it, excited the strongest feature of
 * conv5? All others are set to zero, and what is left goes the way back to the pixels: unpooled to where the
 * maxima stood, rectified, and through the transposed filters of the net itself, layer by layer.
 * M. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, arXiv:1311.2901,
 * section 2.1 and figure 1. (The gradient differs in one thing: its ReLUs look at the way forward.)
 *
 * It has no weights of its own; zfnet's file, without `fc6` to `fc8`, fits. Contrast normalization has no
 * way back in the paper either.
 */
import { defineModel, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { zfnetFeatures, type Passed } from '../shared/zfnetFeatures.ts';

/** 1 where the strongest stands, 0 elsewhere: sign(x - max) is -1 for all others. */
function strongestOnly(net: Net, x: Tensor): Tensor {
  const strongest = net.reduceMax(x, { axes: [1, 2, 3], keepDims: true });
  return net.mul(x, net.add(net.sign(net.sub(x, strongest)), 1));
}

/** Unpool, rectify, filter: figure 1, left. */
function back(net: Net, x: Tensor, { layer, input, switches }: Passed): Tensor {
  const rectified = net.relu(switches ? net.maxUnpool(x, switches) : x);
  const { name, kernel, stride, padding } = layer;
  // A stride rounds extents down; what it has left out comes back at the end.
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
