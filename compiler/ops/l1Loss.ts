/** l1Loss: the mean of |prediction - target| (torch.nn.L1Loss). */
import { abs, sub } from '../kernel/expression.ts';
import { lossSamples, meanLoss } from './shared/loss.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    l1Loss: Record<never, never>;
  }
}

export const l1Loss: OpDefinition<'l1Loss'> = meanLoss({
  name: 'l1Loss',
  operands: ['prediction', 'target'],
  value: (prediction, target) => abs(sub(prediction, target)),
  gradient({ inputs: [prediction, target], g, needs, share }) {
    if (!needs(0) && !needs(1)) return [];
    const direction = g.node('sign', [g.node('sub', [prediction!, target!])]);
    const ofPrediction = g.node('mul', [direction, share()]);
    return [needs(0) ? ofPrediction : undefined, needs(1) ? g.node('neg', [ofPrediction]) : undefined];
  },
  samples: lossSamples({}, { kind: 'uniform', low: 1.1, high: 2 }),
});
