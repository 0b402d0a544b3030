/**
 * Values that are a part of another value's memory, so that nothing is copied: operands of a concatenation are
 * computed directly in their part of it, and slices and reshapes read their operand's memory.
 */
import { isLeaf } from '../ir/leaves.ts';
import { nodeOf, type Graph, type Node, type ValueId } from '../ir/types.ts';
import { rowMajor, sameLayout, strideOf, type Layout } from '../kernel/layout.ts';
import type { Home } from './home.ts';
import { concat } from '../ops/concat.ts';
import { isOp } from '../ops/isOp.ts';
import { factsOf, isReshape, isView } from '../ops/nodeFacts.ts';
import { addBuffer, type Located, type Lowering } from './state.ts';

/**
 * Returns the home of each value, at most one. Later concatenations choose first: where features accumulate
 * (DenseNet), the last concatenation holds them all, and the earlier ones are parts of it.
 */
export function concatHomes(graph: Graph, fixed: ReadonlySet<ValueId>): ReadonlyMap<ValueId, Home> {
  const outside = new Set([...graph.outputs, ...graph.updates].map(({ value }) => value));
  const homes = new Map<ValueId, Home>();
  for (const node of [...graph.nodes].reverse()) {
    if (!isOp(node, concat) || fixed.has(node.id)) continue;
    const starts = operandStarts(graph, node);
    const whole = partOf(graph, node, starts, homes);
    if (whole && !outside.has(node.id)) homes.set(node.id, whole);
    if (whole) continue;
    node.inputs.forEach((input, i) => {
      const isOnce = node.inputs.indexOf(input) === node.inputs.lastIndexOf(input);
      if (
        isOnce &&
        !homes.has(input) &&
        !outside.has(input) &&
        !fixed.has(input) &&
        isComputed(nodeOf(graph, input))
      ) {
        homes.set(input, { concat: node.id, start: starts[i]! });
      }
    });
  }
  return homes;
}

const isComputed = (node: Node): boolean => !isLeaf(node) && !isView(node);

function operandStarts(graph: Graph, { inputs, attrs: { axis } }: Node<'concat'>): number[] {
  let end = 0;
  return inputs.map((input) => {
    const start = end;
    end += nodeOf(graph, input).type.shape[axis]!;
    return start;
  });
}

/** The part of another concatenation that already holds all operands in this order. */
function partOf(
  graph: Graph,
  node: Node<'concat'>,
  starts: readonly number[],
  homes: ReadonlyMap<ValueId, Home>,
): Home | undefined {
  const first = homes.get(node.inputs[0]!);
  const holder = first && nodeOf(graph, first.concat);
  if (!first || !isOp(holder, concat) || holder.attrs.axis !== node.attrs.axis) return undefined;
  const fits = node.inputs.every((input, i) => {
    const home = homes.get(input);
    return home?.concat === first.concat && home.start === first.start + starts[i]!;
  });
  return fits ? first : undefined;
}

/** Whether all of a concatenation's memory is a part of another one. */
export const isPart = (lowering: Lowering, node: Node): boolean => {
  const home = lowering.homes.get(node.id);
  return (
    isOp(node, concat) &&
    home !== undefined &&
    node.inputs.every((input) => lowering.homes.get(input)?.concat === home.concat)
  );
};

/** The buffer of a concatenation, created when the first of its operands needs it. */
export function concatBuffer(lowering: Lowering, concat: ValueId): Located {
  const known = lowering.located.get(concat);
  if (known) return known;
  const node = nodeOf(lowering.graph, concat);
  const made = homeOf(lowering, node) ?? ownBuffer(lowering, node);
  lowering.located.set(concat, made);
  return made;
}

function ownBuffer(lowering: Lowering, node: Node): Located {
  const layout = lowering.wanted[node.id]!;
  const output = lowering.graph.outputs.find(({ value }) => value === node.id)?.name;
  const name = output ?? lowering.nameOf(node);
  return { buffer: addBuffer(lowering, output ? 'output' : 'temporary', name, node, layout, output), layout };
}

/** The value's part of the concatenation that holds it. */
export function homeOf(lowering: Lowering, node: Node): Located | undefined {
  const home = lowering.homes.get(node.id);
  if (!home) return undefined;
  const holder = concatBuffer(lowering, home.concat);
  const { axis } = (nodeOf(lowering.graph, home.concat) as Node<'concat'>).attrs;
  const starts = node.type.shape.map((_, i) => (i === axis ? home.start : 0));
  return partBuffer(lowering, node, holder, starts);
}

/** A buffer with the node's shape for the part of `holder` that begins at `starts`. */
export function partBuffer(
  lowering: Lowering,
  node: Node,
  holder: Located,
  starts: readonly number[],
  steps: readonly number[] = starts.map(() => 1),
): Located {
  const layout = partLayout(holder.layout, node.type.shape, steps);
  const offset = starts.reduce((sum, start, axis) => sum + start * strideOf(holder.layout, axis), 0);
  const buffer = addBuffer(lowering, 'temporary', lowering.nameOf(node), node, layout);
  lowering.buffers[buffer] = { ...lowering.buffers[buffer]!, within: { buffer: holder.buffer, offset } };
  return { buffer, layout };
}

function partLayout(layout: Layout, shape: readonly number[], steps: readonly number[]): Layout {
  const factors = layout.factors.map((factor) => ({
    ...factor,
    extent: shape[factor.axis]!,
    stride: factor.stride * steps[factor.axis]!,
  }));
  const size = factors.reduce((sum, { extent, stride }) => sum + (extent - 1) * stride, 1);
  return { name: `${layout.name}_part`, shape, factors, size };
}

/** Returns the operand's memory for slices and for reshapes of row-major numbers, which move nothing. */
export function viewOf(lowering: Lowering, node: Node): Located | undefined {
  const from = lowering.located.get(node.inputs[0]!);
  if (!from) return undefined;
  if (isReshape(node)) {
    const isRowMajor = sameLayout(from.layout, rowMajor(nodeOf(lowering.graph, node.inputs[0]!).type.shape));
    return isRowMajor ? { buffer: from.buffer, layout: rowMajor(node.type.shape) } : undefined;
  }
  const isArena =
    ['temporary', 'input'].includes(lowering.buffers[from.buffer]!.role) &&
    lowering.phaseOf(node) !== 'prepare';
  const isPlain = from.layout.factors.length === from.layout.shape.length;
  const { view } = factsOf(node);
  if (typeof view !== 'function' || !isArena || !isPlain) return undefined;
  const { starts, steps } = view(node.attrs);
  return partBuffer(lowering, node, from, starts, steps);
}
