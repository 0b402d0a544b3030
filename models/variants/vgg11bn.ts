/** VGG-11 (configuration A) with batch norm: torchvision's vgg11_bn; see shared/vgg.ts. */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { vgg } from '../shared/vgg.ts';

export default defineModel({
  name: 'vgg11bn',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build: (net, { image }) => ({ logits: vgg(net, image, 'A', { batchNorm: true }) }),
});
