/**
 * Chooses a kernel for a node: the target's schedule for its operation (for a fusion, its root's), or the
 * plain loop nest, named `loops` in every listing.
 */
import { nodeOf, type Node, type OpName, type TensorType } from '../ir/types.ts';
import { buildKernel, type KernelBuilder } from '../kernel/builder.ts';
import { interchangeLoops } from '../kernel/interchange.ts';
import type { Kernel } from '../kernel/types.ts';
import { bodyInputs } from '../ops/fusion.ts';
import { definitionOf } from '../ops/index.ts';
import { fusionRoot, nodeBuffers, openSite, type NodeLayouts } from '../ops/reference.ts';
import type { Site } from '../ops/types.ts';
import { flattenPointwise } from './flatten.ts';
import type { ScheduleRequest, ScheduleRule, Target } from './target.ts';

const LOOPS = 'loops';

export interface ScheduledNode {
  readonly name: string;
  readonly layouts: NodeLayouts;
  build(site: Site<OpName>, k: KernelBuilder): void;
}

export function scheduleNode(
  target: Target,
  node: Node,
  types: readonly TensorType[],
  layouts: NodeLayouts,
): ScheduledNode {
  const root = fusionRoot(node);
  const rule = target.schedules[root.op] as ScheduleRule<OpName> | undefined;
  const operands = rootOperands(node);
  const schedule = rule?.(request(node, root, operands, types, layouts));
  if (!schedule) return { name: LOOPS, layouts, build: definitionOf<OpName>(root.op).define };
  const inputs = [...layouts.inputs];
  operands.forEach((operand, i) => (inputs[operand] = schedule.inputLayouts[i]!));
  return {
    name: schedule.name,
    layouts: { ...layouts, inputs, output: schedule.outputLayout },
    build: schedule.build,
  };
}

/** Which of the node's operands are its root's. */
function rootOperands(node: Node): readonly number[] {
  if (node.op !== 'fusion') return node.inputs.map((_: number, i: number) => i);
  const outside = bodyInputs(node.attrs.body).map(({ id }) => id);
  return fusionRoot(node).inputs.map((input) => outside.indexOf(input));
}

function request(
  node: Node,
  root: Node,
  operands: readonly number[],
  types: readonly TensorType[],
  layouts: NodeLayouts,
): ScheduleRequest<OpName> {
  return {
    node,
    attrs: root.attrs,
    inputs: operands.map((operand) => types[operand]!),
    output: node.op === 'fusion' ? nodeOf(node.attrs.body, root.id).type : node.type,
    inputLayouts: operands.map((operand) => layouts.inputs[operand]!),
    outputLayout: layouts.output,
  };
}

export function buildNodeKernel(
  node: Node,
  types: readonly TensorType[],
  scheduled: ScheduledNode,
  name: string,
  comment: readonly string[],
): Kernel {
  const plain = { node, types, layouts: scheduled.layouts };
  const shaped = (scheduled.name === LOOPS && flattenPointwise(node, types, scheduled.layouts)) || plain;
  const buffers = nodeBuffers(shaped.node, shaped.types, shaped.layouts);
  const kernel = buildKernel({ name, comment, buffers }, (k) => {
    scheduled.build(openSite(shaped.node, shaped.types, shaped.layouts, k).site, k);
  });
  // The plain loops know shapes, not layouts.
  return scheduled.name === LOOPS ? interchangeLoops(kernel) : kernel;
}
