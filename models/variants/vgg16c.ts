/** VGG-16 with 1x1 convolutions: configuration C. Simonyan and Zisserman 2015, table 1; see shared/vgg.ts. */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { vgg } from '../shared/vgg.ts';

export default defineModel({
  name: 'vgg16c',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build: (net, { image }) => ({ logits: vgg(net, image, 'C', { batchNorm: false }) }),
});
