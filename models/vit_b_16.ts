/**
 * ViT-B/16, with torchvision's names. Dosovitskiy et al. 2021, table 1; the parts are in shared/vit.ts. torchvision's
 * dropouts have probability 0.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';
import { attend, classToken, embed, EPSILON, mlp, residual } from './shared/vit.ts';

const [FEATURES, HEADS, LAYERS] = [768, 12, 12];

/** PyTorch's `MultiheadAttention`, whose three projections are one matrix. */
function attention(net: Net, rows: Tensor, images: number): Tensor {
  const weight = net.parameter('in_proj_weight', {
    shape: [3 * FEATURES, FEATURES],
    deviation: Math.sqrt(1 / FEATURES),
  });
  const bias = net.parameter('in_proj_bias', { shape: [3 * FEATURES] });
  const qkv = net.add(net.matmul(rows, weight, { transposeB: true }), bias);
  return net.linear('out_proj', attend(net, qkv, images, HEADS), { features: FEATURES });
}

function encoderLayer(net: Net, x: Tensor): Tensor {
  const images = x.shape[0]!;
  const y = residual(net, 'ln_1', x, (rows) => attention(net.scope('self_attention'), rows, images));
  // 1 is the gelu, 2 and 4 are dropouts.
  return residual(net, 'ln_2', y, (rows) => mlp(net, 'mlp.0', 'mlp.3', rows));
}

export default defineModel({
  name: 'vit_b_16',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build(net, { image }) {
    const patches = net.conv2d('conv_proj', image, { channels: FEATURES, kernel: 16, stride: 16 });
    let x = embed(net, patches, { token: 'class_token', positions: 'encoder.pos_embedding' });
    for (let i = 0; i < LAYERS; i++) {
      x = encoderLayer(net.scope(`encoder.layers.encoder_layer_${i}`), x);
    }
    x = net.layerNorm('encoder.ln', x, { shape: FEATURES, epsilon: EPSILON });
    return { logits: net.linear('heads.head', classToken(net, x), { features: 1000 }) };
  },
});
