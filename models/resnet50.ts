/** ResNet-50: ResNet-34 with bottleneck blocks. He et al. 2016, table 1; see shared/resnet.ts. */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';
import { bottleneck, resnet } from './shared/resnet.ts';

export default defineModel({
  name: 'resnet50',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build: (net, { image }) => ({ logits: resnet(net, image, bottleneck, [3, 4, 6, 3]) }),
});
