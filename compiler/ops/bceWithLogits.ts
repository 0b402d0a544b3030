/**
 * bceWithLogits: the mean of max(x, 0) - x * t + log(1 + exp(-|x|)). This is the binary cross-entropy of sigmoid(x)
 * and t, written so that it does not overflow (torch.nn.BCEWithLogitsLoss).
 */
import { abs, add, exp, log, max, mul, neg, sub } from '../kernel/expression.ts';
import { lossSamples, meanLoss } from './shared/loss.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    bceWithLogits: NoAttrs;
  }
}

export const bceWithLogits = meanLoss('bceWithLogits', {
  operands: ['logits', 'target'],
  text: () => 'max(logits, 0) - logits * target + log(1 + exp(-abs(logits)))',
  value(logit, target, _attrs, k) {
    const x = k.let('x', logit);
    return add(sub(max(x, 0), mul(x, target)), log(add(1, exp(neg(abs(x))))));
  },
  gradient: ({ inputs: [x, target], g, needs, share }) => [
    needs(0) ? g.node('mul', [g.node('sub', [g.node('sigmoid', [x!]), target!]), share()]) : undefined,
    needs(1) ? g.node('mul', [x!, share(-1)]) : undefined,
  ],
  samples: lossSamples({}, { kind: 'uniform', low: 0, high: 1 }),
});
