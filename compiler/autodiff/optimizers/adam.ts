/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) as torch.optim has them:
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
  const s = movingAverage(site, 'squareAverage', 'beta2', g.node('mul', [d, d]));
  const mean = g.node('div', [m, site.hyper('biasCorrection1')]);
  const root = g.node('sqrt', [g.node('div', [s, site.hyper('biasCorrection2')])]);
  const ratio = g.node('div', [mean, g.node('add', [root, site.hyper('epsilon')])]);
  return g.node('mul', [ratio, site.hyper('learningRate')]);
}

export const adam: Optimizer = {
  name: 'adam',
  hyperparameters,
  step: (site) => site.g.node('sub', [site.parameter, adaptiveStep(site, decayed(site))]),
};

export const adamw: Optimizer = {
  name: 'adamw',
  hyperparameters,
  step(site) {
    const { g, parameter } = site;
    const shrink = g.node('mul', [
      g.node('mul', [parameter, site.hyper('learningRate')]),
      site.hyper('weightDecay'),
    ]);
    const start = site.decays ? g.node('sub', [parameter, shrink]) : parameter;
    return g.node('sub', [start, adaptiveStep(site, site.gradient)]);
  },
};
