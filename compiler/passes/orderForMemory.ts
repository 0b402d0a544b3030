/**
 * Postcondition: the same nodes, in an order with fewer bytes alive at the same time where the graph branches; the
 * same graph object if no better order was found. Operands that need no computation on a call (parameters, constants,
 * and values that depend on them) are directly before their first reader.
 */
import { createGraphBuilder, renamedEnds } from '../ir/builder.ts';
import { isInput } from '../ir/leaves.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { infer } from '../ops/infer.ts';
import { orderModel, peakOfOrder, run, startProgress, type OrderModel } from './shared/orderModel.ts';
import { orderRegion } from './shared/orderSearch.ts';
import type { Pass } from './types.ts';

export interface OrderOptions {
  /**
   * The turn of each node, if parts of the graph run one after the other (the phases of a training step). Undefined:
   * the node runs as soon as it can in any order, and its memory is not counted (updates).
   */
  readonly turns?: (graph: Graph) => (node: Node) => number | undefined;
  /** Which outputs are kept until the end of a run; default: all. */
  readonly isKept?: (output: string) => boolean;
}

/** The pass for graphs whose nodes run in the graph's order. */
export const orderForMemory: Pass = orderForMemoryIn({});

export function orderForMemoryIn(options: OrderOptions): Pass {
  return { name: 'orderForMemory', run: (graph) => reorder(graph, options) };
}

function reorder(graph: Graph, { turns = () => () => 0, isKept }: OrderOptions): Graph {
  const turnOf = turns(graph);
  const model = orderModel(graph, { isKept, isCounted: (node) => turnOf(node) !== undefined });
  const byTurn = groupBy(model.steps.keys(), (step) => turnOf(graph.nodes[model.steps[step]!.node]!)!);
  const old = byTurn.flat();
  const regions = byTurn.flatMap((steps) => cutIntoRegions(model, steps));
  const progress = startProgress(model);
  const order: number[] = [];
  for (const region of regions) {
    const best = orderRegion(model, progress, region);
    for (const step of best) run(model, progress, model.steps[step]!);
    order.push(...best);
  }
  return peakOfOrder(model, order) < peakOfOrder(model, old) ? rebuild(graph, model, order) : graph;
}

/** Groups the steps, in ascending order of the key. */
function groupBy(steps: Iterable<number>, key: (step: number) => number): number[][] {
  const groups = new Map<number, number[]>();
  for (const step of steps) {
    const group = groups.get(key(step));
    if (group) group.push(step);
    else groups.set(key(step), [step]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/**
 * Cuts after every step that depends on all earlier steps and that all later steps depend on, because its position is
 * the same in every order. So each region can be ordered alone.
 */
function cutIntoRegions({ steps }: OrderModel, turn: readonly number[]): number[][] {
  const place = new Map(turn.map((step, at) => [step, at]));
  const firstReader = turn.map(() => Infinity);
  const lastNeed = turn.map((step, at) => {
    const needs = steps[step]!.needs.flatMap((need) => place.get(need) ?? []);
    for (const need of needs) firstReader[need] = Math.min(firstReader[need]!, at);
    return Math.max(-1, ...needs);
  });
  // The smallest `lastNeed` of the steps after each position.
  const leastNeed = turn.map(() => Infinity);
  for (let at = turn.length - 2; at >= 0; at--)
    leastNeed[at] = Math.min(leastNeed[at + 1]!, lastNeed[at + 1]!);
  const regions: number[][] = [[]];
  let latestReader = -1;
  turn.forEach((step, at) => {
    regions.at(-1)!.push(step);
    if (latestReader <= at && leastNeed[at]! >= at) regions.push([]);
    latestReader = Math.max(latestReader, firstReader[at]!);
  });
  return regions.filter((region) => region.length > 0);
}

function rebuild(graph: Graph, { steps }: OrderModel, order: readonly number[]): Graph {
  const builder = createGraphBuilder(graph.name, infer);
  const renamed: (ValueId | undefined)[] = [];
  const copy = (id: ValueId): ValueId => {
    const { [id]: node } = graph.nodes;
    return (renamed[id] ??= builder.copy(node!, node!.inputs.map(copy)));
  };
  const inputs = graph.nodes.filter(isInput).map(({ id }) => id);
  const computed = new Set(steps.map(({ node }) => node));
  const others = graph.nodes.map(({ id }) => id).filter((id) => !computed.has(id));
  for (const id of [...inputs, ...order.map((step) => steps[step]!.node), ...others]) copy(id);
  return builder.finish(...renamedEnds(graph, (value) => renamed[value]!));
}
