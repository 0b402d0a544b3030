/**
 * RMSProp (Tieleman and Hinton 2012), as torch.optim.RMSprop with centered=False:
 *
 *     d = gradient + weightDecay * p
 *     s = alpha * s + (1 - alpha) * d^2
 *     v = momentum * v + d / (sqrt(s) + epsilon)
 *     p = p - learningRate * v
 */
import { decayed } from './decay.ts';
import { movingAverage } from './movingAverage.ts';
import type { Optimizer } from './types.ts';
import { add } from '../../ops/add.ts';
import { div } from '../../ops/div.ts';
import { mul } from '../../ops/mul.ts';
import { sqrt } from '../../ops/sqrt.ts';
import { sub } from '../../ops/sub.ts';

export const rmsprop: Optimizer = {
  name: 'rmsprop',
  hyperparameters: ['learningRate', 'alpha', 'momentum', 'epsilon', 'weightDecay'],
  step(site) {
    const { g, parameter } = site;
    const d = decayed(site);
    const s = movingAverage(site, 'squareAverage', 'alpha', g.node(mul.name, [d, d]));
    const scaled = g.node(div.name, [d, g.node(add.name, [g.node(sqrt.name, [s]), site.hyper('epsilon')])]);
    const v = g.node(add.name, [g.node(mul.name, [site.state('velocity'), site.hyper('momentum')]), scaled]);
    site.setState('velocity', v);
    return g.node(sub.name, [parameter, g.node(mul.name, [v, site.hyper('learningRate')])]);
  },
};
