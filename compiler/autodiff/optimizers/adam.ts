/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), as in torch.optim:
 *
 *     d = gradient + weightDecay * p                       Adam
 *     p = p - learningRate * weightDecay * p               AdamW, first; d = gradient
 *     m = beta1 * m + (1 - beta1) * d
 *     s = beta2 * s + (1 - beta2) * d^2
 *     p = p - learningRate * (m / c1) / (sqrt(s / c2) + epsilon),   c1 = 1 - beta1^t, c2 = 1 - beta2^t
 */
import type { ValueId } from '../../ir/types.ts';
import { decayed } from './decay.ts';
import { movingAverage } from './movingAverage.ts';
import type { Hyperparameter, Optimizer, StepSite } from './types.ts';
import { add } from '../../ops/add.ts';
import { div } from '../../ops/div.ts';
import { mul } from '../../ops/mul.ts';
import { sqrt } from '../../ops/sqrt.ts';
import { sub } from '../../ops/sub.ts';

const hyperparameters: readonly Hyperparameter[] = [
  'learningRate',
  'beta1',
  'beta2',
  'epsilon',
  'weightDecay',
  'biasCorrection1',
  'biasCorrection2',
];

/** learningRate * (m / c1) / (sqrt(s / c2) + epsilon) */
function adaptiveStep(site: StepSite, d: ValueId): ValueId {
  const { g } = site;
  const m = movingAverage(site, 'average', 'beta1', d);
  const s = movingAverage(site, 'squareAverage', 'beta2', g.node(mul.name, [d, d]));
  const mean = g.node(div.name, [m, site.hyper('biasCorrection1')]);
  const root = g.node(sqrt.name, [g.node(div.name, [s, site.hyper('biasCorrection2')])]);
  const ratio = g.node(div.name, [mean, g.node(add.name, [root, site.hyper('epsilon')])]);
  return g.node(mul.name, [ratio, site.hyper('learningRate')]);
}

export const adam: Optimizer = {
  name: 'adam',
  hyperparameters,
  step: (site) => site.g.node(sub.name, [site.parameter, adaptiveStep(site, decayed(site))]),
};

export const adamw: Optimizer = {
  name: 'adamw',
  hyperparameters,
  step(site) {
    const { g, parameter } = site;
    const shrink = g.node(mul.name, [
      g.node(mul.name, [parameter, site.hyper('learningRate')]),
      site.hyper('weightDecay'),
    ]);
    const start = site.decays ? g.node(sub.name, [parameter, shrink]) : parameter;
    return g.node(sub.name, [start, adaptiveStep(site, site.gradient)]);
  },
};
