/** ResNet-18: two basic blocks per stage, 1.8 billion multiply-adds. He et al. 2016, table 1. */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';
import { basicBlock, resnet } from './shared/resnet.ts';

export default defineModel({
  name: 'resnet18',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build: (net, { image }) => ({ logits: resnet(net, image, basicBlock, [2, 2, 2, 2]) }),
});
