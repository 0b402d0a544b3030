/**
 * Orders a region that is too large for a search: of the steps that can run, a rule picks the next one by the memory
 * that it would allocate and free. No rule is best for all graphs, so the caller compares them.
 */
import { createHeap } from './heap.ts';
import { lookAt, run, type OrderModel, type Progress } from './orderModel.ts';

/**
 * The effect of running a step now, in bytes: `growth` is the change of what is alive after it, `rise` while it runs.
 */
interface Effect {
  /** The number of steps that had run when this one could first run. */
  readonly since: number;
  readonly growth: number;
  readonly rise: number;
}

/** Ranks a step. A smaller rank runs sooner; equal ranks run in the graph's order. */
type Rule = (effect: Effect, step: number) => readonly [number, number];

const RULES: readonly Rule[] = [
  // The graph's order, but a step that frees memory runs as soon as it can.
  ({ growth }, step) => [growth <= 0 ? 0 : 1, step],
  // The same, and of the other steps the one that grows least.
  ({ growth }, step) => [Math.max(growth, 0), step],
  // The same, and branches run to their ends: the step that could run most recently goes first.
  ({ growth, since }) => [growth <= 0 ? 0 : 1, -since],
  ({ growth, rise }) => [growth, rise],
  ({ growth, rise }) => [rise, growth],
];

export const greedyOrders = (
  model: OrderModel,
  before: Progress,
  region: readonly number[],
): (readonly number[])[] => RULES.map((rule) => orderBy(rule, model, before, region));

interface Entry {
  readonly step: number;
  readonly rank: readonly [number, number];
}

const isBefore = ({ rank: a, step: x }: Entry, { rank: b, step: y }: Entry): boolean =>
  (a[0] - b[0] || a[1] - b[1] || x - y) < 0;

function orderBy(rule: Rule, model: OrderModel, before: Progress, region: readonly number[]): number[] {
  const progress = { ...before, left: before.left.slice() };
  const ready = createHeap(isBefore);
  const ranks = new Map<number, Entry>();
  const possible = new Map<number, number>();
  const order: number[] = [];
  const offer = (step: number): void => {
    if (!possible.has(step)) possible.set(step, order.length);
    const { during, after } = lookAt(model, progress, model.steps[step]!);
    const rank = rule(
      { growth: after - progress.alive, rise: during - progress.alive, since: possible.get(step)! },
      step,
    );
    const entry = { step, rank };
    ranks.set(step, entry);
    ready.push(entry);
  };
  const { waiting, users } = dependencies(model, region);
  for (const [step, missing] of waiting) if (missing === 0) offer(step);
  for (let next = ready.pop(); next; next = ready.pop()) {
    const { step } = next;
    // A newer entry of the step has replaced this one.
    if (ranks.get(step) !== next) continue;
    ranks.delete(step);
    order.push(step);
    const changed = new Set(changedBy(model, progress, step).filter((other) => ranks.has(other)));
    run(model, progress, model.steps[step]!);
    for (const other of changed) offer(other);
    for (const user of users.get(step) ?? []) {
      waiting.set(user, waiting.get(user)! - 1);
      if (waiting.get(user) === 0) offer(user);
    }
  }
  return order;
}

/** The number of steps of the region that each step waits for, and the steps that wait for it. */
function dependencies(model: OrderModel, region: readonly number[]) {
  const waiting = new Map<number, number>(region.map((step) => [step, 0]));
  const users = new Map<number, number[]>();
  for (const step of region) {
    const needs = model.steps[step]!.needs.filter((need) => waiting.has(need));
    waiting.set(step, needs.length);
    for (const need of needs) {
      const known = users.get(need);
      if (known) known.push(step);
      else users.set(need, [step]);
    }
  }
  return { waiting, users };
}

/** The steps whose effect changes when this step has run: a storage begins, or has only one step left. */
const changedBy = ({ steps, storages }: OrderModel, { left }: Progress, step: number): number[] =>
  steps[step]!.touches.flatMap((id) => {
    const { touchedBy } = storages[id]!;
    return left[id] === 2 || left[id] === touchedBy.length ? touchedBy : [];
  });
