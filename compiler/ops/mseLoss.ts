/** mseLoss: the mean of (prediction - target)^2 (torch.nn.MSELoss). */
import { mul, sub } from '../kernel/expression.ts';
import { lossSamples, meanLoss } from './shared/loss.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    mseLoss: Record<never, never>;
  }
}

export const mseLoss: OpDefinition<'mseLoss'> = meanLoss({
  name: 'mseLoss',
  operands: ['prediction', 'target'],
  value(prediction, target, _attrs, k) {
    const difference = k.let('difference', sub(prediction, target));
    return mul(difference, difference);
  },
  gradient({ inputs: [prediction, target], g, needs, share }) {
    if (!needs(0) && !needs(1)) return [];
    const ofPrediction = g.node('mul', [g.node('sub', [prediction!, target!]), share(2)]);
    return [needs(0) ? ofPrediction : undefined, needs(1) ? g.node('neg', [ofPrediction]) : undefined];
  },
  samples: lossSamples({}),
});
