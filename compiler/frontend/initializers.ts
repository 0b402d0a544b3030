/** How parameters start when no weights are given. */
import type { Initializer } from '../ir/leaves.ts';

export const zeros: Initializer = { kind: 'constant', value: 0 };
export const ones: Initializer = { kind: 'constant', value: 1 };

/**
 * He et al. 2015, "Delving Deep into Rectifiers", equation 10: normal with deviation sqrt(2 / fan-in), which
 * keeps the variance of activations through convolution and ReLU. (torchvision's ResNet takes the fan-out,
 * the paper's equation 14, which keeps that of gradients; the paper shows that either suffices.)
 * The fan-in is the length of the sum that makes one output.
 */
export const heNormal = (fanIn: number): Initializer => ({
  kind: 'normal',
  deviation: Math.sqrt(2 / fanIn),
});
