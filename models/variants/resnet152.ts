/** ResNet-152: the paper's deepest, part of the winner of ILSVRC 2015. He et al. 2016, table 1. */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { bottleneck, resnet } from '../shared/resnet.ts';

export default defineModel({
  name: 'resnet152',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build: (net, { image }) => ({ logits: resnet(net, image, bottleneck, [3, 8, 36, 3]) }),
});
