/**
 * Estimates the memory of an order of nodes without a target: which storages exist, which nodes use them, and how
 * many bytes are alive while they run. It follows lowering and the memory plan: reshapes and slices share their
 * operand's memory, operands of a concatenation are in its result, a pointwise result takes over an operand that is
 * not needed any more, and parameters with everything that depends only on them are elsewhere.
 */
import { parameterValues } from '../../ir/parameterValues.ts';
import { usesOf } from '../../ir/builder.ts';
import { isConstant, isInput, isLeaf, isParameter } from '../../ir/leaves.ts';
import { nodeOf, sizeOf, type Graph, type Node, type ValueId } from '../../ir/types.ts';
import { concat } from '../../ops/concat.ts';
import { isOp } from '../../ops/isOp.ts';
import { isPointwise, isView, overwritableOperands } from '../../ops/nodeFacts.ts';

/** An index into the model's storages. */
type StorageId = number;

/** A node that runs on every call. */
export interface Step {
  readonly node: ValueId;
  /** The steps that must run before, each once. */
  readonly needs: readonly number[];
  /** The storages that are alive while it runs, each once. */
  readonly touches: readonly StorageId[];
  /** Those of `touches` that the result may take over if they are not needed after this step. */
  readonly overwrites: readonly StorageId[];
  readonly result: StorageId | undefined;
  /** Bytes that it may need only while it runs: filters that training changes are packed again for every reader. */
  readonly workspace: number;
}

export interface Storage {
  readonly bytes: number;
  /** True for outputs, which stay until the end. */
  readonly isKept: boolean;
  /** True for inputs, which exist before the first step. */
  readonly isInput: boolean;
  /** The steps that use the storage, in the graph's order. */
  readonly touchedBy: readonly number[];
}

export interface OrderModel {
  /** All steps, in the graph's order. */
  readonly steps: readonly Step[];
  readonly storages: readonly Storage[];
}

export interface ModelOptions {
  /** Which outputs are kept until the end; default: all. */
  readonly isKept?: (output: string) => boolean;
  /** Which nodes are counted; default: all. Other nodes are no steps and do not keep their operands alive. */
  readonly isCounted?: (node: Node) => boolean;
}

export function orderModel(
  graph: Graph,
  { isKept = () => true, isCounted = () => true }: ModelOptions = {},
): OrderModel {
  const fixed = parameterValues(graph);
  const homes = storageHomes(graph, fixed);
  const updated = new Set(graph.updates.map(({ value }) => value));
  const kept = new Set(graph.outputs.flatMap(({ name, value }) => (isKept(name) ? homes[value]! : [])));
  const storages = graph.nodes.map((node) => ({
    // Most updates are written over the old values.
    bytes: isElsewhere(node, fixed) || updated.has(node.id) ? 0 : 4 * sizeOf(node.type.shape),
    isKept: kept.has(node.id),
    isInput: isInput(node),
    touchedBy: [] as number[],
  }));
  const steps: Step[] = [];
  const stepOf = new Map<ValueId, number>();
  for (const node of graph.nodes) {
    if (isLeaf(node) || fixed.has(node.id) || !isCounted(node)) continue;
    const operands = [...new Set<ValueId>(node.inputs)];
    const touches = [...new Set([...operands.map((input) => homes[input]!), homes[node.id]!])];
    const alive = touches.filter((storage) => storages[storage]!.bytes > 0);
    for (const storage of alive) storages[storage]!.touchedBy.push(steps.length);
    stepOf.set(node.id, steps.length);
    steps.push({
      node: node.id,
      needs: operands.flatMap((input) => stepOf.get(input) ?? []),
      touches: alive,
      overwrites: overwritableOperands(node).map((i) => homes[node.inputs[i]!]!),
      result: alive.includes(homes[node.id]!) ? homes[node.id]! : undefined,
      workspace: filterBytes(graph, node, fixed),
    });
  }
  return { steps, storages };
}

function filterBytes(graph: Graph, node: Node, fixed: ReadonlySet<ValueId>): number {
  if (isPointwise(node)) return 0;
  const operands = node.inputs.map((input: ValueId) => nodeOf(graph, input));
  const isPacked = (operand: Node): boolean =>
    isParameter(operand) && operand.type.shape.length === 4 && !fixed.has(operand.id);
  return operands.reduce((sum, one) => (isPacked(one) ? sum + 4 * sizeOf(one.type.shape) : sum), 0);
}

const isElsewhere = (node: Node, fixed: ReadonlySet<ValueId>): boolean =>
  fixed.has(node.id) || isParameter(node) || isConstant(node);

/** The value whose storage contains each value. As in lowering, later concatenations choose first. */
function storageHomes(graph: Graph, fixed: ReadonlySet<ValueId>): ValueId[] {
  const { kept } = usesOf(graph);
  const home = graph.nodes.map(({ id }) => id);
  for (const node of [...graph.nodes].reverse()) {
    if (!isOp(node, concat) || fixed.has(node.id)) continue;
    const { id, inputs } = node;
    const [first] = inputs;
    const holder = home[first!]!;
    const isPart = holder !== first && !kept.has(id) && inputs.every((input) => home[input] === holder);
    if (isPart) home[id] = holder;
    for (const input of inputs) {
      const isFree = home[input] === input && !kept.has(input) && !fixed.has(input);
      if (!isPart && isFree && isComputed(nodeOf(graph, input))) home[input] = id;
    }
  }
  for (const node of graph.nodes) {
    const [x] = node.inputs;
    if (isView(node) && !kept.has(node.id) && !fixed.has(x!)) home[node.id] = x!;
  }
  return home.map((_, id) => lastHome(home, id));
}

function lastHome(home: ValueId[], id: ValueId): ValueId {
  let at = id;
  while (home[at] !== at) at = home[at]!;
  // Shortens the path for the next lookup.
  home[id] = at;
  return at;
}

const isComputed = (node: Node): boolean => !isLeaf(node) && !isView(node);

/** The state after a part of an order. */
export interface Progress {
  /** The number of steps that still use each storage. */
  readonly left: Int32Array;
  alive: number;
  peak: number;
}

export function startProgress({ storages }: OrderModel): Progress {
  const alive = storages.reduce((sum, { isInput, bytes }) => (isInput ? sum + bytes : sum), 0);
  return { left: Int32Array.from(storages, ({ touchedBy }) => touchedBy.length), alive, peak: alive };
}

/** Returns the bytes that would be alive while a step runs and after it. */
export function lookAt(
  { storages }: OrderModel,
  { left, alive }: Progress,
  step: Step,
): { during: number; after: number } {
  const { result } = step;
  const isNew = result !== undefined && !storages[result]!.isInput && isUntouched(storages, left, result);
  const allocated = isNew ? storages[result]!.bytes : 0;
  let freed = 0;
  let taken = 0;
  for (const id of step.touches) {
    const { isKept, bytes } = storages[id]!;
    if (isKept || left[id] !== 1) continue;
    freed += bytes;
    if (isNew && id !== result && bytes === allocated && step.overwrites.includes(id)) taken = bytes;
  }
  return { during: alive + allocated - taken + step.workspace, after: alive + allocated - freed };
}

const isUntouched = (storages: readonly Storage[], left: Int32Array, id: StorageId): boolean =>
  left[id] === storages[id]!.touchedBy.length;

export function run(model: OrderModel, progress: Progress, step: Step): void {
  const { during, after } = lookAt(model, progress, step);
  for (const id of step.touches) progress.left[id]!--;
  progress.peak = Math.max(progress.peak, during);
  progress.alive = after;
}

/** Returns the most bytes that are alive at one step. */
export function peakOfOrder(model: OrderModel, order: readonly number[]): number {
  const progress = startProgress(model);
  for (const step of order) run(model, progress, model.steps[step]!);
  return progress.peak;
}
