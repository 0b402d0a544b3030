/**
 * Vision transformers: the picture in patches of 16x16, each a word, and no convolution behind the first layer. With
 * enough data it beat the ResNets. A. Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for Image
 * Recognition at Scale", ICLR 2021, arXiv:2010.11929, section 3.1 and table 1. The tiny one is from H. Touvron et al.,
 * "Training data-efficient image transformers & distillation through attention", ICML 2021, arXiv:2012.12877.
 *
 * The parts that torchvision's and timm's nets share; they differ in the names of the layers, which
 * `vit_b_16.ts` and `variants/vit_tiny_patch16.ts` give.
 */
import type { Net, Tensor } from 'cnnc';

/** Both libraries have 1e-6 here. */
export const EPSILON = 1e-6;

/** Patches as words behind the class token, with learned positions: [N, 1 + patches, D]. Equation 1. */
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
 * Multi-head attention from the [N * T, 3 * D] that queries, keys and values are, one behind the other:
 * softmax(q k^T / sqrt(D / heads)) v, to [N * T, D]. Appendix A.
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

/** Equations 2 and 3: what a layer adds to the words, computed from their norm; `inner` sees [N * T, D]. */
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

/** The first word, the class token: [N, D]. Equation 4. */
export function classToken(net: Net, x: Tensor): Tensor {
  const [images = 1, , features = 1] = x.shape;
  return net.reshape(net.slice(x, { ends: [images, 1, features] }), { shape: [images, features] });
}
