/**
 * Stochastic gradient descent with momentum and L2 decay, as in torch.optim.SGD:
 *
 *     d = gradient + weightDecay * p
 *     v = momentum * v + d                 (v starts at 0, no dampening)
 *     p = p - learningRate * v             plain
 *     p = p - learningRate * (d + momentum * v)      Nesterov
 *
 * With momentum 0 both are plain gradient descent.
 */
import { decayed } from './decay.ts';
import type { Optimizer, StepSite } from './types.ts';
import { add } from '../../ops/add.ts';
import { mul } from '../../ops/mul.ts';
import { sub } from '../../ops/sub.ts';

function velocity(site: StepSite) {
  const { g } = site;
  const d = decayed(site);
  const v = g.node(add.name, [g.node(mul.name, [site.state('velocity'), site.hyper('momentum')]), d]);
  site.setState('velocity', v);
  return { d, v };
}

export const sgd: Optimizer = {
  name: 'sgd',
  hyperparameters: ['learningRate', 'momentum', 'weightDecay'],
  step(site) {
    const { g, parameter } = site;
    const { v } = velocity(site);
    return g.node(sub.name, [parameter, g.node(mul.name, [v, site.hyper('learningRate')])]);
  },
};

export const nesterov: Optimizer = {
  name: 'nesterov',
  hyperparameters: ['learningRate', 'momentum', 'weightDecay'],
  step(site) {
    const { g, parameter } = site;
    const { d, v } = velocity(site);
    const ahead = g.node(add.name, [d, g.node(mul.name, [v, site.hyper('momentum')])]);
    return g.node(sub.name, [parameter, g.node(mul.name, [ahead, site.hyper('learningRate')])]);
  },
};
