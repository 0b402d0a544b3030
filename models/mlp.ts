/**
 * A multi-layer perceptron for digits, for comparison with LeNet-5: every neuron sees the whole image, and what it
 * learns at one place does not help at another. 784-300-100-10, as in Y. LeCun, L. Bottou, Y. Bengio and P. Haffner,
 * "Gradient-Based Learning Applied to Document Recognition", Proceedings of the IEEE, 1998, section III-C.6 (there with
 * 28x28 pixels and tanh, 2.95 % error).
 */
import { defineModel, type Model } from 'cnnc';
import { digits } from './shared/datasets.ts';

/** Builds the model. `widths` are the numbers of features of the hidden layers. */
export function mlp(name: string, widths: readonly number[]): Model {
  return defineModel({
    name,
    inputs: { image: [1, 1, 28, 28] },
    preprocess: { width: 28, height: 28, channels: 'gray', mean: [0.1307], std: [0.3081] },
    labels: digits,
    build(net, { image }) {
      let x = net.flatten(image);
      for (const [i, features] of widths.entries()) x = net.relu(net.linear(`fc${i + 1}`, x, { features }));
      return { logits: net.linear(`fc${widths.length + 1}`, x, { features: digits.length }) };
    },
  });
}

export default mlp('mlp', [300, 100]);
