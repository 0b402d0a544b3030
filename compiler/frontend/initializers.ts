/** Initializers of parameters, used when no weights are given. */
import type { Initializer } from '../ir/leaves.ts';

export const zeros: Initializer = { kind: 'constant', value: 0 };
export const ones: Initializer = { kind: 'constant', value: 1 };

/**
 * He et al. 2015, "Delving Deep into Rectifiers", equation 10: a normal distribution with deviation sqrt(2 /
 * fan-in). It keeps the variance of activations through convolution and ReLU. The fan-in is the number of
 * terms in the sum that makes one output. torchvision's ResNet uses the fan-out (equation 14), which keeps
 * the variance of gradients. The paper shows that either suffices.
 */
export const heNormal = (fanIn: number): Initializer => ({
  kind: 'normal',
  deviation: Math.sqrt(2 / fanIn),
});
