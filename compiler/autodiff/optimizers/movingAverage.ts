import type { ValueId } from '../../ir/types.ts';
import { scalar } from '../../ops/leaves.ts';
import type { Hyperparameter, StepSite } from './types.ts';
import { add } from '../../ops/add.ts';
import { mul } from '../../ops/mul.ts';
import { sub } from '../../ops/sub.ts';

/** state = share * state + (1 - share) * value. Returns the new state. */
export function movingAverage(site: StepSite, name: string, share: Hyperparameter, value: ValueId): ValueId {
  const { g } = site;
  const kept = g.node(mul.name, [site.state(name), site.hyper(share)]);
  const one = scalar(g, 1);
  const added = g.node(mul.name, [value, g.node(sub.name, [one, site.hyper(share)])]);
  const average = g.node(add.name, [kept, added]);
  site.setState(name, average);
  return average;
}
