/** mseLoss: the mean of (prediction - target)^2 (torch.nn.MSELoss). */
import { mul } from '../kernel/expression.ts';
import { differenceLoss, lossSamples } from './shared/loss.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    mseLoss: NoAttrs;
  }
}

export const mseLoss = differenceLoss('mseLoss', {
  text: () => '(prediction - target)^2',
  value(difference, _attrs, k) {
    const named = k.let('difference', difference);
    return mul(named, named);
  },
  gradient: ({ g, share }, difference) => g.node('mul', [difference, share(2)]),
  samples: lossSamples({}),
});
