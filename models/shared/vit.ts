/**
 * Vision transformers: the image in patches of 16x16, each treated as a word, and no convolution after the first layer.
 * With enough data they beat the ResNets. A. Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for Image
 * Recognition at Scale", ICLR 2021, arXiv:2010.11929, section 3.1 and table 1. The tiny one is from H. Touvron et al.,
 * "Training data-efficient image transformers & distillation through attention", ICML 2021, arXiv:2012.12877.
 *
 * This file has the parts that the nets of torchvision and timm share. They differ in the names of layers, which
 * `vit_b_16.ts` and `variants/vit_tiny_patch16.ts` set.
 */
import type { Net, Tensor } from 'cnnc';

/** Epsilon of the norms in both libraries. */
export const EPSILON = 1e-6;

/** The class token, then the patches as words, with learned positions: [N, 1 + patches, D]. Equation 1. */
export function embed(
  net: Net,
  patches: Tensor,
  names: { readonly token: string; readonly positions: string },
): Tensor {
  const [images = 1, features = 1] = patches.shape;
  const words = net.transpose(net.reshape(patches, { shape: [images, features, -1] }), {
    permutation: [0, 2, 1],
  });
  const token = net.parameter(names.token, { shape: [1, 1, features] });
  const first = net.expand(token, { shape: [images, 1, features] });
  const sequence = net.concat([first, words], { axis: 1 });
  const positions = net.parameter(names.positions, {
    shape: [1, sequence.shape[1]!, features],
    deviation: 0.02,
  });
  return net.add(sequence, positions);
}

/**
 * Multi-head attention, softmax(q k^T / sqrt(D / heads)) v, appendix A: [N * T, 3 * D], which holds queries, keys and
 * values in this order, to [N * T, D].
 */
export function attend(net: Net, qkv: Tensor, images: number, heads: number): Tensor {
  const [rows = 1, triple = 1] = qkv.shape;
  const [words, depth] = [rows / images, triple / 3 / heads];
  const byHead = net.transpose(net.reshape(qkv, { shape: [images, words, 3, heads, depth] }), {
    permutation: [2, 0, 3, 1, 4],
  });
  const parts = net.split(byHead, { parts: 3, axis: 0 });
  const [q, k, v] = parts.map((part) => net.reshape(part, { shape: [images, heads, words, depth] })) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const scores = net.mul(net.matmul(q, k, { transposeB: true }), 1 / Math.sqrt(depth));
  const attended = net.matmul(net.softmax(scores, { axis: -1 }), v);
  const turned = net.transpose(attended, { permutation: [0, 2, 1, 3] });
  return net.reshape(turned, { shape: [rows, heads * depth] });
}

/** Equations 2 and 3: x plus what a layer computes from the norm of x. `inner` gets [N * T, D]. */
export function residual(net: Net, norm: string, x: Tensor, inner: (rows: Tensor) => Tensor): Tensor {
  const features = x.shape.at(-1)!;
  const y = net.layerNorm(norm, x, { shape: features, epsilon: EPSILON });
  const added = inner(net.reshape(y, { shape: [-1, features] }));
  return net.add(x, net.reshape(added, { shape: x.shape }));
}

/** Two linear layers with a gelu between them. */
export function mlp(net: Net, first: string, second: string, rows: Tensor): Tensor {
  const features = rows.channels;
  const hidden = net.gelu(net.linear(first, rows, { features: 4 * features }));
  return net.linear(second, hidden, { features });
}

/** The class token, which is the first word: [N, D]. Equation 4. */
export function classToken(net: Net, x: Tensor): Tensor {
  const [images = 1, , features = 1] = x.shape;
  return net.reshape(net.slice(x, { ends: [images, 1, features] }), { shape: [images, features] });
}
