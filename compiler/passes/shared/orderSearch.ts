/**
 * Orders for a region: the steps between two points at which nothing else can run. Small regions are searched: for
 * all sets of steps that can have run, level by level, it keeps the order with the lowest peak. This is exact unless
 * a level has more sets than are kept. Large regions are ordered greedily by several rules.
 */
import { greedyOrders } from './orderGreedily.ts';
import { lookAt, run, type OrderModel, type Progress } from './orderModel.ts';

/** The largest region that is searched, in steps. */
const LARGEST_SEARCHED = 64;
/** The number of sets that are kept at each level. */
const WIDTH = 200;

/** Returns the order with the lowest peak that was found, or `region` if none is lower. */
export function orderRegion(
  model: OrderModel,
  before: Progress,
  region: readonly number[],
): readonly number[] {
  if (region.length < 3) return region;
  const isSmall = region.length <= LARGEST_SEARCHED;
  const candidates = isSmall ? [search(model, before, region)] : greedyOrders(model, before, region);
  let [best, lowest] = [region, peakFrom(model, before, region)];
  for (const candidate of candidates) {
    const peak = peakFrom(model, before, candidate);
    if (peak < lowest) [best, lowest] = [candidate, peak];
  }
  return best;
}

function peakFrom(model: OrderModel, before: Progress, order: readonly number[]): number {
  const progress = { ...before, left: before.left.slice(), peak: 0 };
  for (const step of order) run(model, progress, model.steps[step]!);
  return progress.peak;
}

interface State {
  /** The steps of the region that have run, as a string. */
  readonly key: string;
  readonly progress: Progress;
  readonly order: readonly number[];
}

function search(model: OrderModel, before: Progress, region: readonly number[]): readonly number[] {
  let level: State[] = [{ key: '0'.repeat(region.length), progress: { ...before, peak: 0 }, order: [] }];
  for (let done = 0; done < region.length; done++) {
    const next = new Map<string, Draft>();
    for (const state of level) expand(model, region, state, next);
    const kept = [...next.values()].sort(compareDrafts).slice(0, WIDTH);
    level = kept.map((draft) => realize(model, draft));
  }
  return level[0]!.order;
}

/** A possible state whose progress has not been copied yet, because most states are not kept. */
interface Draft {
  readonly from: State;
  readonly step: number;
  readonly key: string;
  readonly peak: number;
  readonly alive: number;
}

/** Equal drafts stay in the graph's order: its sets come first, and the sort is stable. */
const compareDrafts = (a: Draft, b: Draft): number => a.peak - b.peak || a.alive - b.alive;

function expand(model: OrderModel, region: readonly number[], from: State, next: Map<string, Draft>): void {
  const has = (step: number): boolean => {
    const at = region.indexOf(step);
    return at < 0 || from.key[at] === '1';
  };
  region.forEach((step, at) => {
    if (from.key[at] === '1' || !model.steps[step]!.needs.every(has)) return;
    const key = `${from.key.slice(0, at)}1${from.key.slice(at + 1)}`;
    const { during, after } = lookAt(model, from.progress, model.steps[step]!);
    const peak = Math.max(from.progress.peak, during);
    const known = next.get(key);
    if (!known || peak < known.peak) next.set(key, { from, step, key, peak, alive: after });
  });
}

function realize(model: OrderModel, { from, step, key }: Draft): State {
  const progress = { ...from.progress, left: from.progress.left.slice() };
  run(model, progress, model.steps[step]!);
  return { key, progress, order: [...from.order, step] };
}
