/**
 * Orders of a region that is too large to be searched: what can run is listed by a rule that looks at what it
 * would allocate and free. No rule is the best for all graphs; the caller compares.
 */
import { createHeap } from './heap.ts';
import { lookAt, run, type OrderModel, type Progress } from './orderModel.ts';

/** What a step would do now. In bytes: more alive after it, and more alive while it runs. */
interface Effect {
  /** How many steps had run when it could for the first time. */
  readonly since: number;
  readonly growth: number;
  readonly rise: number;
}

/** What is smaller runs sooner; among equals the graph's order. */
type Rule = (effect: Effect, step: number) => readonly [number, number];

const RULES: readonly Rule[] = [
  // The graph's order, but what frees memory runs as soon as it can.
  ({ growth }, step) => [growth <= 0 ? 0 : 1, step],
  // The same, and of the others what grows least.
  ({ growth }, step) => [Math.max(growth, 0), step],
  // The same, and branches to their ends: what has only just become possible goes first.
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
    // An entry that another one of its step has replaced.
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

/** How many steps of the region each one waits for, and who waits for it. */
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

/** Whose effect is another one once this step has run: storages begin, or are left to one last step. */
const changedBy = ({ steps, storages }: OrderModel, { left }: Progress, step: number): number[] =>
  steps[step]!.touches.flatMap((id) => {
    const { touchedBy } = storages[id]!;
    return left[id] === 2 || left[id] === touchedBy.length ? touchedBy : [];
  });
