/**
 * RMSProp (Tieleman and Hinton 2012) as torch.optim.RMSprop has it, not centred:
 *
 *     d = gradient + weightDecay * p
 *     s = alpha * s + (1 - alpha) * d^2
 *     v = momentum * v + d / (sqrt(s) + epsilon)
 *     p = p - learningRate * v
 */
import { decayed } from './decay.ts';
import { movingAverage } from './movingAverage.ts';
import type { Optimizer } from './types.ts';

export const rmsprop: Optimizer = {
  name: 'rmsprop',
  hyperparameters: ['learningRate', 'alpha', 'momentum', 'epsilon', 'weightDecay'],
  step(site) {
    const { g, parameter } = site;
    const d = decayed(site);
    const s = movingAverage(site, 'squareAverage', 'alpha', g.node('mul', [d, d]));
    const scaled = g.node('div', [d, g.node('add', [g.node('sqrt', [s]), site.hyper('epsilon')])]);
    const v = g.node('add', [g.node('mul', [site.state('velocity'), site.hyper('momentum')]), scaled]);
    site.setState('velocity', v);
    return g.node('sub', [parameter, g.node('mul', [v, site.hyper('learningRate')])]);
  },
};
