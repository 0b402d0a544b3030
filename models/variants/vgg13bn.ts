/** VGG-13 (configuration B) with batch norm: torchvision's vgg13_bn; see shared/vgg.ts. */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { vgg } from '../shared/vgg.ts';

export default defineModel({
  name: 'vgg13bn',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build: (net, { image }) => ({ logits: vgg(net, image, 'B', { batchNorm: true }) }),
});
