/** ResNet-34: basic blocks, 3.6 billion multiply-adds. He et al. 2016, table 1; see shared/resnet.ts. */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from '../shared/datasets.ts';
import { basicBlock, resnet } from '../shared/resnet.ts';

export default defineModel({
  name: 'resnet34',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build: (net, { image }) => ({ logits: resnet(net, image, basicBlock, [3, 4, 6, 3]) }),
});
