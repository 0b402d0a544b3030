import type { ValueId } from '../../ir/types.ts';
import type { StepSite } from './types.ts';
import { add } from '../../ops/add.ts';
import { mul } from '../../ops/mul.ts';

/** gradient + weightDecay * p: the gradient of the loss with an L2 penalty of weightDecay / 2 * |p|^2. */
export function decayed({ g, gradient, parameter, decays, hyper }: StepSite): ValueId {
  return decays
    ? g.node(add.name, [gradient, g.node(mul.name, [parameter, hyper('weightDecay')])])
    : gradient;
}
