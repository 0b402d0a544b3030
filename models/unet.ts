/**
 * U-Net, which won the ISBI cell tracking challenge of 2015 with thirty annotated images. It goes down to the context
 * and up to the pixels, and each level on the way up also reads the features of the way down. O. Ronneberger, P.
 * Fischer and T. Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation", MICCAI 2015,
 * arXiv:1505.04597, figure 1.
 *
 * As in the figure there is no padding: an image of 572x572 gives the mask of its inner 388x388. Any other size fits
 * that pools evenly (188 gives 4). Names are those of github.com/milesial/Pytorch-UNet without its norms.
 */
import { defineModel, type Model, type Net, type Tensor } from 'cnnc';

/** Two 3x3 convolutions, each with a ReLU. 1 is the first ReLU. */
function double(net: Net, x: Tensor, channels: number): Tensor {
  const layers = net.scope('double_conv');
  const y = net.relu(layers.conv2d('0', x, { channels, kernel: 3 }));
  return net.relu(layers.conv2d('2', y, { channels, kernel: 3 }));
}

/** The centre of x, with the size of `like`. */
function crop(net: Net, x: Tensor, like: Tensor): Tensor {
  const top = Math.floor((x.height - like.height) / 2);
  const left = Math.floor((x.width - like.width) / 2);
  const ends = [x.shape[0]!, x.channels, top + like.height, left + like.width];
  return net.slice(x, { starts: [0, 0, top, left], ends });
}

/** Doubles the size, halves the channels, and adds the features `seen` on the way down. */
function up(net: Net, x: Tensor, seen: Tensor): Tensor {
  const channels = x.channels / 2;
  const larger = net.convTranspose2d('up', x, { channels, kernel: 2, stride: 2 });
  return double(net.scope('conv'), net.concat([crop(net, seen, larger), larger]), channels);
}

export interface UnetOptions {
  /** Height and width of the images. */
  readonly size: number;
  /** Channels of the images. */
  readonly channels: number;
  readonly classes: number;
  /** Channels of the first level. Each next level doubles them. */
  readonly width: number;
  /** How often the image is halved. */
  readonly depth: number;
}

/** Extent of the output. Each double convolution removes four pixels of its level. */
function outputSize(size: number, depth: number): number {
  const inside = size - 4;
  return depth === 0 ? inside : 2 * outputSize(inside / 2, depth - 1) - 4;
}

export function unet(name: string, { size, channels, classes, width, depth }: UnetOptions): Model {
  const extent = outputSize(size, depth);
  return defineModel({
    name,
    inputs: { image: [1, channels, size, size] },
    build(net, { image }) {
      const seen: Tensor[] = [];
      let x = double(net.scope('inc'), image, width);
      for (let level = 1; level <= depth; level++) {
        seen.push(x);
        // The pooling is the first layer of `maxpool_conv`.
        x = double(net.scope(`down${level}.maxpool_conv.1`), net.maxPool(x, { kernel: 2 }), 2 * x.channels);
      }
      x = net.dropout(x);
      for (const [level, features] of seen.reverse().entries()) {
        x = up(net.scope(`up${level + 1}`), x, features);
      }
      return { logits: net.conv2d('outc.conv', x, { channels: classes, kernel: 1 }) };
    },
    targets: { mask: { dtype: 'i32', shape: [1, extent, extent] } },
    loss: (net, { logits }, { mask }) => net.crossEntropy(logits, mask),
  });
}

export default unet('unet', { size: 572, channels: 1, classes: 2, width: 64, depth: 4 });
