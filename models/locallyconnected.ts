/**
 * LeNet-5 whose convolutions share no weights: every place has its own filters. The net sees neighbourhoods as LeNet
 * does, but has to learn each feature again at every place. Y. LeCun makes this comparison in "Generalization and
 * Network Design Strategies", 1989 (Net-3 against Net-4 and Net-5). It has the multiply-adds of lenet5.ts, but seven
 * times its weights.
 */
import { defineModel } from 'cnnc';
import { digits } from './shared/datasets.ts';

export default defineModel({
  name: 'locallyconnected',
  inputs: { image: [1, 1, 32, 32] },
  preprocess: { width: 32, height: 32, channels: 'gray', mean: [0.1307], std: [0.3081] },
  labels: digits,
  build(net, { image }) {
    let x = net.relu(net.locallyConnected2d('c1', image, { channels: 6, kernel: 5 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(net.locallyConnected2d('c3', x, { channels: 16, kernel: 5 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(net.locallyConnected2d('c5', x, { channels: 120, kernel: 5 }));
    x = net.relu(net.linear('f6', net.flatten(x), { features: 84 }));
    return { logits: net.linear('f7', x, { features: digits.length }) };
  },
});
