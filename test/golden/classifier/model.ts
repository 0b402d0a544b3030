import { defineModel } from '../../../compiler/index.ts';

/** Two rows through a linear layer and a softmax. */
export default defineModel({
  name: 'classifier',
  inputs: { measurements: [2, 4] },
  labels: ['setosa', 'versicolor', 'virginica'],
  build: (net, { measurements }) => ({
    probabilities: net.softmax(net.linear('fc', measurements, { features: 3 })),
  }),
});
