/**
 * ESPCN: super-resolution at low cost. All convolutions run on the small image. The last one gives each pixel r
 * x r channels, and the pixel shuffle arranges them as r x r pixels. W. Shi et al., "Real-Time Single Image and
 * Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network", CVPR 2016,
 * arXiv:1609.05158.
 *
 * This is the net of the PyTorch tutorial on ONNX, with its names. It has one more layer than the paper's, and
 * ReLU instead of tanh. It enlarges the luminance (Y of YCbCr, 0 to 1); colours are interpolated.
 */
import { defineModel, type Model } from 'cnnc';

export interface EspcnOptions {
  /** Factor by which height and width grow. */
  readonly factor: number;
  /** [height, width] of the small image. */
  readonly size: readonly [height: number, width: number];
}

export function espcn(name: string, { factor, size: [height, width] }: EspcnOptions): Model {
  return defineModel({
    name,
    inputs: { image: [1, 1, height, width] },
    preprocess: { width, height, channels: 'gray', mean: [0], std: [1] },
    build(net, { image }) {
      let x = net.relu(net.conv2d('conv1', image, { channels: 64, kernel: 5, padding: 2 }));
      x = net.relu(net.conv2d('conv2', x, { channels: 64, kernel: 3, padding: 1 }));
      x = net.relu(net.conv2d('conv3', x, { channels: 32, kernel: 3, padding: 1 }));
      x = net.conv2d('conv4', x, { channels: factor ** 2, kernel: 3, padding: 1 });
      return { picture: net.pixelShuffle(x, { factor }) };
    },
    targets: { original: { dtype: 'f32', shape: [1, 1, factor * height, factor * width] } },
    loss: (net, { picture }, { original }) => net.mseLoss(picture, original),
  });
}

export default espcn('espcn', { factor: 3, size: [224, 224] });
