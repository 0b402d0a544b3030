import type { ValueId } from '../../ir/types.ts';
import { constantAttrs } from '../../ops/leaves.ts';
import type { Hyperparameter, StepSite } from './types.ts';

/** state = share * state + (1 - share) * value; returns the new state. */
export function movingAverage(site: StepSite, name: string, share: Hyperparameter, value: ValueId): ValueId {
  const { g } = site;
  const kept = g.node('mul', [site.state(name), site.hyper(share)]);
  const one = g.node('constant', [], constantAttrs([], [1]));
  const added = g.node('mul', [value, g.node('sub', [one, site.hyper(share)])]);
  const average = g.node('add', [kept, added]);
  site.setState(name, average);
  return average;
}
