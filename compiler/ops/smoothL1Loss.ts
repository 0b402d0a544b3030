/**
 * smoothL1Loss: the mean of d^2 / (2 * beta) where |d| < beta, else |d| - beta / 2, with
 * d = prediction - target (torch.nn.SmoothL1Loss; Girshick 2015 with beta = 1).
 */
import { abs, lt, mul, select, sub } from '../kernel/expression.ts';
import { lossSamples, meanLoss } from './shared/loss.ts';
import type { OpDefinition } from './types.ts';

export interface SmoothL1LossAttrs {
  readonly beta: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    smoothL1Loss: SmoothL1LossAttrs;
  }
}

export const smoothL1Loss: OpDefinition<'smoothL1Loss'> = meanLoss({
  name: 'smoothL1Loss',
  operands: ['prediction', 'target'],
  check({ beta }, reject) {
    if (!(beta > 0)) reject(`beta is ${beta}, expected a number above 0 (at 0 it is the l1Loss)`);
  },
  value(prediction, target, { beta }, k) {
    const difference = k.let('difference', sub(prediction, target));
    const distance = k.let('distance', abs(difference));
    return select(lt(distance, beta), mul(mul(difference, difference), 0.5 / beta), sub(distance, beta / 2));
  },
  gradient({ attrs: { beta }, inputs: [prediction, target], g, needs, share }) {
    if (!needs(0) && !needs(1)) return [];
    const difference = g.node('sub', [prediction!, target!]);
    const ofPrediction = g.node('mul', [
      g.node('clip', [difference], { low: -beta, high: beta }),
      share(1 / beta),
    ]);
    return [needs(0) ? ofPrediction : undefined, needs(1) ? g.node('neg', [ofPrediction]) : undefined];
  },
  samples: [
    ...lossSamples<'smoothL1Loss'>({ beta: 1 }),
    { ...lossSamples<'smoothL1Loss'>({ beta: 0.3 })[0]!, name: 'beta 0.3' },
  ],
});
