/** l1Loss: the mean of |prediction - target| (torch.nn.L1Loss). */
import { abs } from '../kernel/expression.ts';
import { differenceLoss, lossSamples } from './shared/loss.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    l1Loss: NoAttrs;
  }
}

export const l1Loss = differenceLoss('l1Loss', {
  text: () => 'abs(prediction - target)',
  value: (difference) => abs(difference),
  gradient: ({ g, share }, difference) => g.node('mul', [g.node('sign', [difference]), share()]),
  samples: lossSamples({}, { kind: 'uniform', low: 1.1, high: 2 }),
});
