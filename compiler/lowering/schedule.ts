/**
 * Chooses a kernel for a node: the target's schedule for its operator (for a fusion, its root's), or the plain loop
 * nest, which listings call `loops`.
 */
import { fusionRoot, isFusion, rootOperands } from '../ir/fusion.ts';
import { nodeOf, type Node, type OpName, type TensorType } from '../ir/types.ts';
import { buildKernel, type KernelBuilder } from '../kernel/builder.ts';
import type { Kernel, KernelBuffer } from '../kernel/types.ts';
import { definitionOf } from '../ops/index.ts';
import { nodeBuffers, openSite, type NodeLayouts } from '../ops/reference.ts';
import type { Site } from '../ops/types.ts';
import type { KernelCall } from '../program/types.ts';
import { describeKernel, stridesOf } from './describe.ts';
import { flattenPointwise } from './flatten.ts';
import type {
  Schedule,
  ScheduleRequest,
  ScheduleRule,
  ScheduleVariant,
  Target,
  Transform,
  Workspace,
} from './target.ts';

/** The schedule name of kernels that are built from the operator's own loops. */
export const LOOPS = 'loops';

export interface ScheduledNode {
  readonly name: string;
  readonly layouts: NodeLayouts;
  /** Transforms by the node's operands. */
  readonly transforms: ReadonlyMap<number, Transform>;
  /** Workspaces of the kernel and its variants. */
  readonly workspaces: readonly Workspace[];
  build(site: Site<OpName>, k: KernelBuilder): void;
  readonly variants: readonly (readonly [choice: string, variant: ScheduleVariant<OpName>])[];
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
    workspaces: allWorkspaces(schedule),
    build: schedule.build,
    variants: Object.entries(schedule.variants ?? {}),
  };
}

/** All workspaces. Of several with the same name it returns the longest, because only one variant runs. */
function allWorkspaces({ workspaces = [], variants = {} }: Schedule<OpName>): readonly Workspace[] {
  const all = [...workspaces, ...Object.values(variants).flatMap((one) => one.workspaces ?? [])];
  const longest = new Map<string, Workspace>();
  for (const one of all) if (one.length > (longest.get(one.name)?.length ?? 0)) longest.set(one.name, one);
  return [...longest.values()];
}

const plainLoops = (root: Node, layouts: NodeLayouts): ScheduledNode => ({
  name: LOOPS,
  layouts,
  transforms: new Map(),
  workspaces: [],
  variants: [],
  build: definitionOf<OpName>(root.op).define,
});

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
    output: isFusion(node) ? nodeOf(node.attrs.body, root.id).type : node.type,
    inputLayouts: operands.map((operand) => layouts.inputs[operand]!),
    outputLayout: layouts.output,
    tail: types.flatMap((type, i) => (operands.includes(i) ? [] : [{ type, layout: layouts.inputs[i]! }])),
  };
}

/** Builds a node's kernel with a name and a line that describes it. */
export function buildNodeKernel(
  node: Node,
  types: readonly TensorType[],
  scheduled: Omit<ScheduledNode, 'variants'>,
  name: string,
  label: string,
): Kernel {
  const plain = { node, types, layouts: scheduled.layouts };
  const shaped = (scheduled.name === LOOPS && flattenPointwise(node, types, scheduled.layouts)) || plain;
  const buffers = withWorkspaces(
    nodeBuffers(shaped.node, shaped.types, shaped.layouts),
    scheduled.workspaces,
  );
  const comment = describeKernel(plain, `${label}: ${scheduled.name}`);
  const strides = stridesOf([...shaped.layouts.inputs, shaped.layouts.output]);
  const kernel = buildKernel({ name, comment, buffers }, (k) => {
    scheduled.build(openSite(shaped.node, shaped.types, shaped.layouts, k).site, k);
  });
  return { ...kernel, strides };
}

/** Builds the same node's kernels for its schedule's variants. */
export const buildVariants = (
  node: Node,
  types: readonly TensorType[],
  scheduled: ScheduledNode,
  name: string,
  label: string,
): Pick<KernelCall, 'variants'> =>
  scheduled.variants.length === 0
    ? {}
    : {
        variants: Object.fromEntries(
          scheduled.variants.map(([choice, variant]) => {
            const own = { ...scheduled, name: variant.name, build: variant.build };
            const kernel = buildNodeKernel(node, types, own, `${name}_${choice}`, label);
            return [choice, { kernel, schedule: variant.name }];
          }),
        ),
      };

/** Inserts the workspaces between the operands and the result. */
function withWorkspaces(
  buffers: readonly KernelBuffer[],
  workspaces: readonly Workspace[],
): readonly KernelBuffer[] {
  const own = workspaces.map((one): KernelBuffer => ({ ...one, element: 'f32', access: 'workspace' }));
  return [...buffers.slice(0, -1), ...own, buffers.at(-1)!];
}
