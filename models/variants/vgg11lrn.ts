/** VGG-11 with local response normalization, which did not help: configuration A-LRN; see shared/vgg.ts. */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { vgg } from '../shared/vgg.ts';

export default defineModel({
  name: 'vgg11lrn',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build: (net, { image }) => ({ logits: vgg(net, image, 'A-LRN', { batchNorm: false }) }),
});
