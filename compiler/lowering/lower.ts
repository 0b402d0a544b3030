/**
 * Graph -> Program. Every node gets the target's kernel if one fits, otherwise the plain loops. Operands in another
 * layout than a kernel needs are repacked by an additional kernel. Values that depend only on parameters are computed
 * in `prepare`. Reshapes that move nothing cost nothing.
 */
import { isConstant, isInput, isParameter } from '../ir/leaves.ts';
import { parameterValues } from '../ir/parameterValues.ts';
import {
  nodeOf,
  formatType,
  sameShape,
  type Graph,
  type Node,
  type NamedValue,
  type ValueId,
} from '../ir/types.ts';
import { rowMajor, sameLayout, type Layout } from '../kernel/layout.ts';
import { nodeCost } from '../ops/cost.ts';
import { concat } from '../ops/concat.ts';
import { isOp } from '../ops/isOp.ts';
import { overwritableOperands } from '../ops/nodeFacts.ts';
import { PHASES, type BufferRole, type PhaseName, type Program } from '../program/types.ts';
import { createKernelPasses, type KernelPassOptions } from './kernelPasses.ts';
import { chooseLayouts } from './layouts.ts';
import { callLabel, kernelName, valueNames } from './naming.ts';
import { buildNodeKernel, buildVariants, scheduleNode } from './schedule.ts';
import { addBuffer, addCall, addCopy, repack, transformed, type Located, type Lowering } from './state.ts';
import type { Target } from './target.ts';
import { ensureUpdate, updatedInPlace } from './updates.ts';
import { concatBuffer, concatHomes, homeOf, isPart, partBuffer, viewOf } from './views.ts';

export interface LowerOptions extends KernelPassOptions {
  /** The phase of a node. Default: all nodes run in `forward`. */
  readonly phaseOf?: (node: Node) => PhaseName;
}

export function lower(
  graph: Graph,
  target: Target,
  { phaseOf = () => 'forward', ...options }: LowerOptions = {},
): Program {
  const fixed = parameterValues(graph);
  const lowering: Lowering = {
    graph,
    target,
    buffers: [],
    calls: new Map(PHASES.map((name) => [name, []])),
    located: new Map(),
    names: new Set(),
    prepared: new Set(),
    updated: new Set(graph.updates.map(({ target }) => parameterName(graph, target))),
    repacked: new Map(),
    wanted: chooseLayouts(graph, target, fixed),
    homes: concatHomes(graph, fixed),
    nameOf: valueNames(graph),
    kernelPasses: createKernelPasses(target.kernelPasses, options),
    phaseOf: (node) => (fixed.has(node.id) ? 'prepare' : phaseOf(node)),
  };
  const outputs = new Map(graph.outputs.map((output) => [output.value, output]));
  for (const node of graph.nodes) lowerNode(lowering, node, lowering.wanted[node.id]!, outputs.get(node.id));
  for (const output of graph.outputs) ensureOutput(lowering, output);
  for (const update of graph.updates) ensureUpdate(lowering, update);
  const phases = PHASES.map((name) => ({ name, calls: lowering.calls.get(name)! })).filter(
    ({ calls }) => calls.length > 0,
  );
  return { name: graph.name, buffers: lowering.buffers, phases };
}

function parameterName(graph: Graph, value: ValueId): string {
  const node = nodeOf(graph, value);
  return isParameter(node) ? node.attrs.name : '';
}

function lowerNode(lowering: Lowering, node: Node, layout: Layout, output: NamedValue | undefined): void {
  const { located } = lowering;
  if (isInput(node) || isParameter(node)) {
    const { name } = node.attrs;
    located.set(node.id, { buffer: addBuffer(lowering, node.op, name, node, layout, name), layout });
    return;
  }
  if (isConstant(node)) {
    const buffer = addBuffer(lowering, node.op, `${node.origin.path}.constant`, node, layout);
    lowering.buffers[buffer] = { ...lowering.buffers[buffer]!, data: node.attrs.data };
    located.set(node.id, { buffer, layout });
    return;
  }
  if (isOp(node, concat) && lowering.phaseOf(node) !== 'prepare') return lowerConcat(lowering, node);
  const view = output ? undefined : viewOf(lowering, node);
  if (view) located.set(node.id, view);
  else callKernel(lowering, node, layout, output);
}

/** Copies those operands of a concatenation that were not computed in place; often there are none. */
function lowerConcat(lowering: Lowering, node: Node<'concat'>): void {
  const whole = concatBuffer(lowering, node.id);
  if (isPart(lowering, node)) return;
  let start = 0;
  for (const input of node.inputs) {
    const operand = nodeOf(lowering.graph, input);
    const home = lowering.homes.get(input);
    if (home?.concat !== node.id || home.start !== start) copyPart(lowering, node, operand, whole, start);
    start += operand.type.shape[node.attrs.axis]!;
  }
}

function copyPart(
  lowering: Lowering,
  node: Node<'concat'>,
  operand: Node,
  whole: Located,
  start: number,
): void {
  const source = lowering.located.get(operand.id)!;
  const starts = operand.type.shape.map((_, axis) => (axis === node.attrs.axis ? start : 0));
  const part = partBuffer(lowering, { ...operand, origin: node.origin }, whole, starts);
  const label = `${lowering.buffers[source.buffer]!.name} into ${lowering.buffers[whole.buffer]!.name}`;
  addCopy(lowering, lowering.phaseOf(node), source, part, label, node.origin);
}

function callKernel(lowering: Lowering, node: Node, wanted: Layout, output: NamedValue | undefined): void {
  const home = homeOf(lowering, node);
  const layout = home?.layout ?? wanted;
  const { graph, located, target } = lowering;
  const types = node.inputs.map((input: ValueId) => nodeOf(graph, input).type);
  const sources = node.inputs.map((input: ValueId) => located.get(input)!);
  const phase = lowering.phaseOf(node);
  // The compiler itself may run `prepare`, which must then have no vectors.
  const scheduled = scheduleNode(phase === 'prepare' ? { ...target, schedules: {} } : target, node, types, {
    inputs: sources.map((source) => source.layout),
    output: layout,
    scalars: node.inputs.map((input: ValueId) => scalarOf(nodeOf(graph, input))),
  });
  const isScalar = (i: number): boolean => scheduled.layouts.scalars?.[i] !== undefined;
  const operands = sources.flatMap((source, i) => {
    if (isScalar(i)) return [];
    const transform = scheduled.transforms.get(i);
    if (transform) return [transformed(lowering, source, transform, scheduled.layouts.inputs[i]!, node)];
    return [repack(lowering, source, scheduled.layouts.inputs[i]!, node, phase)];
  });
  const workspaces = scheduled.workspaces.map((one) =>
    addBuffer(lowering, 'temporary', `${lowering.nameOf(node)}_${one.name}`, node, rowMajor([one.length])),
  );
  const direct = sameLayout(scheduled.layouts.output, layout);
  const overwritable = overwritableOperands(node).filter(
    (i) =>
      sameShape(types[i]!.shape, node.type.shape) &&
      sameLayout(scheduled.layouts.inputs[i]!, scheduled.layouts.output),
  );
  const updated = updatedInPlace(lowering, node, overwritable);
  const role: BufferRole = output && direct ? 'output' : 'temporary';
  const name = output && direct ? output.name : lowering.nameOf(node);
  const result =
    updated ??
    (direct ? home?.buffer : undefined) ??
    addBuffer(
      lowering,
      role,
      name,
      node,
      scheduled.layouts.output,
      role === 'output' ? output!.name : undefined,
    );
  located.set(node.id, { buffer: result, layout: scheduled.layouts.output });
  const label = callLabel(node);
  const ownName = kernelName(node, types);
  const kernel = buildNodeKernel(node, types, scheduled, ownName, label);
  addCall(lowering, phase, kernel, [...operands, ...workspaces, result], {
    label,
    schedule: scheduled.name,
    ...buildVariants(node, types, scheduled, ownName, label),
    origin: node.origin,
    result: formatType(node.type),
    // Scalars that are written into the kernel are no arguments.
    mayOverwrite: overwritable.map(
      (i) => i - types.slice(0, i).filter((_, before) => isScalar(before)).length,
    ),
    ...nodeCost(node, types),
  });
  if (!direct) located.set(node.id, moveTo(lowering, node, located.get(node.id)!, home, layout));
}

/** Moves a result that is in another layout than wanted, or not in the value's home. */
function moveTo(
  lowering: Lowering,
  node: Node,
  source: Located,
  home: Located | undefined,
  layout: Layout,
): Located {
  const phase = lowering.phaseOf(node);
  if (!home) return { buffer: repack(lowering, source, layout, node, phase), layout };
  addCopy(lowering, phase, source, home, `${lowering.buffers[home.buffer]!.name} in its place`, node.origin);
  return home;
}

/** The number of a constant with one element, as the shortest decimal that rounds to the same f32. */
function scalarOf(node: Node): number | undefined {
  if (!isConstant(node) || node.attrs.data.length !== 1) return undefined;
  const value = node.attrs.data[0]!;
  for (let digits = 1; node.type.dtype === 'f32' && digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Makes sure that an output has its own buffer, even if it is an input, a parameter, a view, or has two names. */
function ensureOutput(lowering: Lowering, { name, value }: NamedValue): void {
  const { graph, located } = lowering;
  const source = located.get(value)!;
  const from = lowering.buffers[source.buffer]!;
  if (from.role === 'output' && from.publicName === name) return;
  const node = nodeOf(graph, value);
  const canonical = rowMajor(node.type.shape);
  const result = addBuffer(lowering, 'output', name, node, canonical, name);
  const to = { buffer: result, layout: canonical };
  addCopy(lowering, lowering.phaseOf(node), source, to, `output ${name}`, node.origin);
}
