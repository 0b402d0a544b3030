/** ResNet-50: ResNet-34 with each block a bottleneck. He et al. 2016, table 1; the net is in resnet.ts. */
import { defineModel } from 'cnnc';
import { imagenetPreprocess } from './datasets.ts';
import { bottleneck, resnet } from './resnet.ts';

export default defineModel({
  name: 'resnet50',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  build: (net, { image }) => ({ logits: resnet(net, image, bottleneck, [3, 4, 6, 3]) }),
});
