/**
 * smoothL1Loss: the mean of d^2 / (2 * beta) where |d| < beta, else |d| - beta / 2, with
 * d = prediction - target (torch.nn.SmoothL1Loss; Girshick 2015 with beta = 1).
 */
import { abs, lt, mul, select, sub } from '../kernel/expression.ts';
import { differenceLoss, lossSamples } from './shared/loss.ts';
import { short } from './shared/formula.ts';

export interface SmoothL1LossAttrs {
  readonly beta: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    smoothL1Loss: SmoothL1LossAttrs;
  }
}

export const smoothL1Loss = differenceLoss('smoothL1Loss', {
  check({ beta }, reject) {
    if (!(beta > 0)) reject('CNNC1104', `beta is ${beta}, expected a number above 0 (at 0 it is the l1Loss)`);
  },
  text: ({ beta }) =>
    `(d < ${beta} ? d^2 / ${short(2 * beta)} : d - ${short(beta / 2)}), d = abs(prediction - target)`,
  value(difference, { beta }, k) {
    const named = k.let('difference', difference);
    const distance = k.let('distance', abs(named));
    return select(lt(distance, beta), mul(mul(named, named), 0.5 / beta), sub(distance, beta / 2));
  },
  gradient({ attrs: { beta }, g, share }, difference) {
    const limited = g.node('clip', [difference], { low: -beta, high: beta });
    return g.node('mul', [limited, share(1 / beta)]);
  },
  samples: [
    ...lossSamples<'smoothL1Loss'>({ beta: 1 }),
    { ...lossSamples<'smoothL1Loss'>({ beta: 0.3 })[0]!, name: 'beta 0.3' },
  ],
});
