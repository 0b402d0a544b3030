/**
 * Chooses a kernel for a node: the target's schedule for its operation (for a fusion, its root's), or the
 * plain loop nest, named `loops` in every listing.
 */
import { nodeOf, type Node, type OpName, type TensorType } from '../ir/types.ts';
import { buildKernel, type KernelBuilder } from '../kernel/builder.ts';
import { interchangeLoops } from '../kernel/interchange.ts';
import type { Grid, Kernel, KernelBuffer } from '../kernel/types.ts';
import { bodyInputs } from '../ops/fusion.ts';
import { definitionOf } from '../ops/index.ts';
import { fusionRoot, nodeBuffers, openSite, type NodeLayouts } from '../ops/reference.ts';
import type { Site } from '../ops/types.ts';
import { flattenPointwise } from './flatten.ts';
import type { ScheduleRequest, ScheduleRule, Target, Transform, Workspace } from './target.ts';

const LOOPS = 'loops';

export interface ScheduledNode {
  readonly name: string;
  readonly layouts: NodeLayouts;
  /** By the node's operands. */
  readonly transforms: ReadonlyMap<number, Transform>;
  readonly workspaces: readonly Workspace[];
  readonly grid?: Grid | undefined;
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
  if (!schedule) return plainLoops(root, layouts);
  const inputs = [...layouts.inputs];
  operands.forEach((operand, i) => (inputs[operand] = schedule.inputLayouts[i]!));
  return {
    name: schedule.name,
    layouts: { ...layouts, inputs, output: schedule.outputLayout },
    transforms: new Map(
      operands.flatMap((operand, i) => {
        const transform = schedule.transforms?.[i];
        return transform ? [[operand, transform] as const] : [];
      }),
    ),
    workspaces: schedule.workspaces ?? [],
    grid: schedule.grid,
    build: schedule.build,
  };
}

const plainLoops = (root: Node, layouts: NodeLayouts): ScheduledNode => ({
  name: LOOPS,
  layouts,
  transforms: new Map(),
  workspaces: [],
  build: definitionOf<OpName>(root.op).define,
});

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
    tail: types.flatMap((type, i) => (operands.includes(i) ? [] : [{ type, layout: layouts.inputs[i]! }])),
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
  const buffers = withWorkspaces(
    nodeBuffers(shaped.node, shaped.types, shaped.layouts),
    scheduled.workspaces,
  );
  const kernel = buildKernel({ name, comment, buffers, grid: scheduled.grid }, (k) => {
    scheduled.build(openSite(shaped.node, shaped.types, shaped.layouts, k).site, k);
  });
  // The plain loops know shapes, not layouts.
  return scheduled.name === LOOPS ? interchangeLoops(kernel) : kernel;
}

/** Between the operands and the result. */
function withWorkspaces(
  buffers: readonly KernelBuffer[],
  workspaces: readonly Workspace[],
): readonly KernelBuffer[] {
  const own = workspaces.map((one): KernelBuffer => ({ ...one, element: 'f32', access: 'workspace' }));
  return [...buffers.slice(0, -1), ...own, buffers.at(-1)!];
}
