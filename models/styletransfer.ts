/**
 * Fast style transfer: one pass of a net that has learned a single painting, instead of an optimization for every
 * image. J. Johnson, A. Alahi and L. Fei-Fei, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution",
 * ECCV 2016, arXiv:1603.08155. Instance norm is from D. Ulyanov, A. Vedaldi and V. Lempitsky, "Instance Normalization:
 * The Missing Ingredient for Fast Stylization", 2016, arXiv:1607.08022.
 *
 * Net and names are those of github.com/pytorch/examples (fast_neural_style), with mirrored borders, and with
 * upsampling before a convolution where the paper has transposed convolutions. Pixels are 0 to 255 on both sides.
 *
 * The loss is the mean squared distance to a given image, so the net learns what another stylizer has painted. The
 * paper's loss compares features of VGG-16.
 */
import { defineModel, type Model, type Net, type Tensor } from 'cnnc';

/** A convolution with mirrored borders. They keep the size, up to the stride. */
function convolution(net: Net, path: string, x: Tensor, channels: number, kernel: 3 | 9, stride = 1): Tensor {
  const border = (kernel - 1) / 2;
  const sides = [0, 0, border, border];
  const mirrored = net.pad(x, { before: sides, after: sides, mode: 'reflect' });
  return net.conv2d(`${path}.conv2d`, mirrored, { channels, kernel, stride });
}

const norm = (net: Net, path: string, x: Tensor): Tensor => net.instanceNorm(path, x, { affine: true });

function residual(net: Net, x: Tensor): Tensor {
  const y = net.relu(norm(net, 'in1', convolution(net, 'conv1', x, x.channels, 3)));
  return net.add(norm(net, 'in2', convolution(net, 'conv2', y, x.channels, 3)), x);
}

const larger = (net: Net, x: Tensor): Tensor => net.resize(x, { scale: 2, mode: 'nearest' });

/** Builds the model. `size` is the height and width of images and of the targets in training. */
export function styleTransfer(name: string, size: number): Model {
  return defineModel({
    name,
    inputs: { image: [1, 3, size, size] },
    preprocess: {
      width: size,
      height: size,
      channels: 'rgb',
      mean: [0, 0, 0],
      std: [1 / 255, 1 / 255, 1 / 255],
    },
    build(net, { image }) {
      let x = net.relu(norm(net, 'in1', convolution(net, 'conv1', image, 32, 9)));
      x = net.relu(norm(net, 'in2', convolution(net, 'conv2', x, 64, 3, 2)));
      x = net.relu(norm(net, 'in3', convolution(net, 'conv3', x, 128, 3, 2)));
      for (let i = 1; i <= 5; i++) x = residual(net.scope(`res${i}`), x);
      x = net.relu(norm(net, 'in4', convolution(net, 'deconv1', larger(net, x), 64, 3)));
      x = net.relu(norm(net, 'in5', convolution(net, 'deconv2', larger(net, x), 32, 3)));
      return { picture: convolution(net, 'deconv3', x, 3, 9) };
    },
    targets: { painted: { dtype: 'f32', shape: [1, 3, size, size] } },
    loss: (net, { picture }, { painted }) => net.mseLoss(picture, painted),
  });
}

export default styleTransfer('styletransfer', 256);
