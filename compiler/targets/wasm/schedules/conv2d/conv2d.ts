/** conv2d: the ways to compute a convolution, and the choice between them. */
import { placedConvolution } from '../../../../lowering/shared/convolution.ts';
import { F2, F4, type Winograd } from '../../../../lowering/shared/winograd.ts';
import type { Schedule, ScheduleRequest, ScheduleRule } from '../../../../lowering/target.ts';
import { directCost, winogradCost } from './cost.ts';
import { depthwiseSchedule } from './depthwise.ts';
import { directSchedule } from './direct.ts';
import { joinedGeometry, rowsToJoin } from './joinRows.ts';
import { planWinograd } from './winograd/plan.ts';
import { winogradSchedule } from './winograd/schedule.ts';

/** A way to compute convolutions. Choices are recorded by its name. */
export interface ConvWay {
  readonly name: 'depthwise' | 'direct' | 'winograd2' | 'winograd4';
  /** Undefined if the way does not fit the convolution. */
  readonly schedule: ScheduleRule<'conv2d'>;
  /** The estimated time in milliseconds, if the way fits. */
  cost(request: ScheduleRequest<'conv2d'>): number;
}

const winogradWay = (winograd: Winograd, isTraining = false): ConvWay => ({
  name: `winograd${winograd.outputs}`,
  schedule: (request) => winogradSchedule(request, winograd, isTraining),
  cost(request) {
    const plan = planWinograd(placedConvolution(request), winograd, isTraining);
    return plan ? winogradCost(plan) : Infinity;
  },
});

/** Ways that differ only in the order of sums. */
export const EXACT_WAYS: readonly ConvWay[] = [
  // If this one fits, no other is faster.
  { name: 'depthwise', schedule: depthwiseSchedule, cost: () => 0 },
  {
    name: 'direct',
    schedule: directSchedule,
    cost: (request) => directCost(joinedGeometry(placedConvolution(request), rowsToJoin(request))),
  },
];

export const CONV_WAYS: readonly ConvWay[] = [...EXACT_WAYS, winogradWay(F2), winogradWay(F4)];

/**
 * The ways for training. Winograd's larger tiles are too inexact for it. Batches are large, so images are computed
 * together.
 */
export const TRAINING_WAYS: readonly ConvWay[] = [...EXACT_WAYS, winogradWay(F2, true)];

/** Chooses one of the ways that fit a request; undefined leaves the choice to the costs. */
export type ChooseWay = (
  request: ScheduleRequest<'conv2d'>,
  ways: readonly ConvWay[],
) => ConvWay['name'] | undefined;

/** The chosen one of these ways, otherwise the cheapest. */
export const conv2dRule =
  (ways: readonly ConvWay[], choose?: ChooseWay): ScheduleRule<'conv2d'> =>
  (request): Schedule<'conv2d'> | undefined => {
    const fitting = ways.flatMap((way) => {
      const schedule = way.schedule(request);
      return schedule ? [{ way, schedule, cost: way.cost(request) }] : [];
    });
    if (fitting.length === 0) return undefined;
    const cheapest = fitting.reduce((best, one) => (one.cost < best.cost ? one : best));
    // A way that costs 0 is always taken.
    if (cheapest.cost === 0) return cheapest.schedule;
    const name = choose?.(
      request,
      fitting.map(({ way }) => way),
    );
    return (fitting.find(({ way }) => way.name === name) ?? cheapest).schedule;
  };
