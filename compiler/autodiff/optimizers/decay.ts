import type { ValueId } from '../../ir/types.ts';
import type { StepSite } from './types.ts';

/** gradient + weightDecay * p: the gradient of the loss with an L2 penalty of weightDecay / 2 * |p|^2. */
export function decayed({ g, gradient, parameter, decays, hyper }: StepSite): ValueId {
  return decays ? g.node('add', [gradient, g.node('mul', [parameter, hyper('weightDecay')])]) : gradient;
}
