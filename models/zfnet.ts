/**
 * ZFNet, which won ILSVRC 2013: AlexNet with a finer first layer (7x7, stride 2), improved after its authors had
 * visualized its features. M. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014,
 * arXiv:1311.2901, figure 3. The visualizer is variants/zfnetdeconv.ts, which uses the weights of this net.
 */
import { defineModel, imagenetLabels } from 'cnnc';
import { imagenetPreprocess } from './shared/datasets.ts';
import { zfnetFeatures } from './shared/zfnetFeatures.ts';

export default defineModel({
  name: 'zfnet',
  inputs: { image: [1, 3, 224, 224] },
  preprocess: imagenetPreprocess,
  labels: imagenetLabels,
  build(net, { image }) {
    const { features } = zfnetFeatures(net, image);
    let x = net.flatten(net.maxPool(features, { kernel: 3, stride: 2 }));
    x = net.dropout(net.relu(net.linear('fc6', x, { features: 4096 })));
    x = net.dropout(net.relu(net.linear('fc7', x, { features: 4096 })));
    return { logits: net.linear('fc8', x, { features: 1000 }) };
  },
});
