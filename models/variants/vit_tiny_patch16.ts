/**
 * ViT-Ti/16: about the multiply-adds of a ResNet-18 with half of its weights. Names are those of timm's
 * vit_tiny_patch16_224. Touvron et al. 2021, table 1; the parts are in shared/vit.ts.
 */
import { defineModel, imagenetLabels, type Net, type Tensor } from 'cnnc';
import { attend, classToken, embed, EPSILON, mlp, residual } from '../shared/vit.ts';

const [FEATURES, HEADS, LAYERS] = [192, 3, 12];

function attention(net: Net, rows: Tensor, images: number): Tensor {
  const qkv = net.linear('qkv', rows, { features: 3 * FEATURES });
  return net.linear('proj', attend(net, qkv, images, HEADS), { features: FEATURES });
}

function block(net: Net, x: Tensor): Tensor {
  const images = x.shape[0]!;
  const y = residual(net, 'norm1', x, (rows) => attention(net.scope('attn'), rows, images));
  return residual(net, 'norm2', y, (rows) => mlp(net, 'mlp.fc1', 'mlp.fc2', rows));
}

export default defineModel({
  name: 'vit_tiny_patch16',
  inputs: { image: [1, 3, 224, 224] },
  /** Google's weights, which timm distributes, expect inputs in [-1, 1]. */
  preprocess: {
    width: 224,
    height: 224,
    resize: 'shortSide',
    shortSide: 248,
    channels: 'rgb',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  },
  labels: imagenetLabels,
  build(net, { image }) {
    const patches = net.conv2d('patch_embed.proj', image, { channels: FEATURES, kernel: 16, stride: 16 });
    let x = embed(net, patches, { token: 'cls_token', positions: 'pos_embed' });
    for (let i = 0; i < LAYERS; i++) x = block(net.scope(`blocks.${i}`), x);
    x = net.layerNorm('norm', x, { shape: FEATURES, epsilon: EPSILON });
    return { logits: net.linear('head', classToken(net, x), { features: 1000 }) };
  },
});
