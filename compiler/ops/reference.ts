/**
 * The plain kernel of a node, for any layouts of its operands and result: the operator's own `define` with accesses
 * that fit the layouts. For a fusion, the tail's expressions are computed at the root's stores.
 */
import { bodyInputs, bodyNodes, isFusion } from '../ir/fusion.ts';
import { type Graph, type Node, type OpName, type TensorType, type ValueId } from '../ir/types.ts';
import { buildKernel, type KernelBuilder } from '../kernel/builder.ts';
import { add, constant, lane, splat, toExpr, vector, type Operand } from '../kernel/expression.ts';
import { elementIndex, rowMajor, strideOf, type Layout } from '../kernel/layout.ts';
import type { Expr, Kernel, KernelBuffer } from '../kernel/types.ts';
import { definitionOf } from './index.ts';
import { operandName } from './infer.ts';
import { loadBroadcast } from './shared/pointwise.ts';
import type { OutputAccess, Site, TensorAccess } from './types.ts';

/** Layouts of a kernel's buffers, and their names. The result is always named `out`. */
export interface NodeLayouts {
  readonly inputs: readonly Layout[];
  readonly output: Layout;
  /** Operands that are known single numbers. They are written into the kernel and need no buffer. */
  readonly scalars?: readonly (number | undefined)[];
}

/** The root of a node: the node, or the node that its fusion wraps. */
export interface NodeKernelSite<K extends OpName = OpName> {
  readonly op: K;
  readonly site: Site<K>;
  /** Which of the node's operands are the root's operands, in the root's order. */
  readonly rootOperands: readonly number[];
}

function rowMajorLayouts(inputs: readonly TensorType[], output: TensorType): NodeLayouts {
  return { inputs: inputs.map((type) => rowMajor(type.shape)), output: rowMajor(output.shape) };
}

/** The buffers of a node's kernel: its operands in order, then `out`. */
export function nodeBuffers(node: Node, inputs: readonly TensorType[], layouts: NodeLayouts): KernelBuffer[] {
  const names = operandNames(node, inputs.length);
  const buffers = inputs.flatMap((type, i): KernelBuffer[] => {
    if (layouts.scalars?.[i] !== undefined) return [];
    return [{ name: names[i]!, element: type.dtype, length: layouts.inputs[i]!.size, access: 'read' }];
  });
  return [
    ...buffers,
    { name: 'out', element: node.type.dtype, length: layouts.output.size, access: 'write' },
  ];
}

/** Names of a node's operands in its kernel. A fusion has its root's names, then `residual` and the like. */
function operandNames(node: Node, count: number): string[] {
  const names = isFusion(node)
    ? bodyInputs(node.attrs.body).map((input) => input.attrs.name)
    : Array.from({ length: count }, (_, i) => operandName(definitionOf(node.op).operands, i));
  return names.map((name) => (name === 'out' ? 'out_' : name));
}

/** Builds the node's kernel from its plain loop nest. */
export function referenceKernel(
  node: Node,
  inputs: readonly TensorType[],
  layouts: NodeLayouts = rowMajorLayouts(inputs, node.type),
  name: string = node.op,
  comment: readonly string[] = [],
): Kernel {
  const buffers = nodeBuffers(node, inputs, layouts);
  return buildKernel({ name, comment, buffers }, (k) => {
    const { op, site } = openSite(node, inputs, layouts, k);
    definitionOf(op).define(site, k);
  });
}

/** The accesses of a node's root to the kernel's buffers. `output.store` applies the tail of a fusion. */
export function openSite(
  node: Node,
  inputs: readonly TensorType[],
  layouts: NodeLayouts,
  k: KernelBuilder,
): NodeKernelSite {
  const names = operandNames(node, inputs.length);
  const reads = inputs.map((type, i) => access(type, layouts.inputs[i]!, names[i]!, layouts.scalars?.[i], k));
  const output: OutputAccess = {
    type: node.type,
    store: (index, value) => k.store('out', elementIndex(layouts.output, index), value),
    storeChannels: (index, value, count) => storeChannels(k, layouts.output, index, value, count),
  };
  if (!isFusion(node)) {
    return {
      op: node.op,
      site: { attrs: node.attrs, inputs: reads, output },
      rootOperands: inputs.map((_, i) => i),
    };
  }
  return openFusion(node.attrs.body, reads, output, k);
}

function access(
  type: TensorType,
  layout: Layout,
  buffer: string,
  scalar: number | undefined,
  k: KernelBuilder,
): TensorAccess {
  const place = { buffer, layout };
  if (scalar !== undefined) {
    const value = constant(scalar, type.dtype);
    return { type, place, load: () => value, loadChannels: () => splat(value) };
  }
  const load = (index: readonly Operand[]): Expr => k.load(buffer, elementIndex(layout, index));
  return { type, place, load, loadChannels: (index) => loadChannels(k, buffer, layout, index) };
}

/** Loads four channels: one read if they are neighbours in memory, else four. */
function loadChannels(k: KernelBuilder, buffer: string, layout: Layout, index: readonly Operand[]): Expr {
  const at = elementIndex(layout, index);
  const stride = layout.shape[1] === 1 ? 0 : strideOf(layout, 1);
  if (stride === 0) return splat(k.load(buffer, at));
  if (stride === 1) return k.load(buffer, at, 'f32x4');
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => k.load(buffer, add(at, i * stride)));
  return vector(a!, b!, c!, d!);
}

function storeChannels(
  k: KernelBuilder,
  layout: Layout,
  index: readonly Operand[],
  value: Expr,
  count = 4,
): void {
  const at = elementIndex(layout, index);
  const stride = layout.shape[1] === 1 ? 1 : strideOf(layout, 1);
  if (count === 4 && stride === 1) return k.store('out', at, value);
  const named = k.let('value', value);
  for (let i = 0; i < count; i++) k.store('out', add(at, i * stride), lane(named, i as 0 | 1 | 2 | 3));
}

function openFusion(
  body: Graph,
  reads: readonly TensorAccess[],
  output: OutputAccess,
  k: KernelBuilder,
): NodeKernelSite {
  const outside = new Map<ValueId, number>(bodyInputs(body).map((input, i) => [input.id, i]));
  const [root, ...tail] = bodyNodes(body);
  if (!root) throw new Error('a fusion has an empty body');
  const rootOperands = root.inputs.map((input) => outside.get(input)!);
  const store = (index: readonly Operand[], value: Expr): void => {
    output.store(
      index,
      applyTail(root.id, tail, value, (input) => loadBroadcast(reads[outside.get(input)!]!, index), k),
    );
  };
  // With fewer than four channels the tail is applied to each, because a vector of an operand would reach beyond its
  // end.
  const storeAll = (index: readonly Operand[], value: Expr, count = 4): void => {
    if (count < 4) return storeEach(k, store, index, value, count);
    const loadOutside = (input: ValueId) => loadBroadcast(reads[outside.get(input)!]!, index, 'channels');
    output.storeChannels(index, applyTail(root.id, tail, value, loadOutside, k));
  };
  const attrs = root.attrs;
  const inputs = rootOperands.map((operand) => reads[operand]!);
  return {
    op: root.op,
    site: { attrs, inputs, output: { type: root.type, store, storeChannels: storeAll } },
    rootOperands,
  };
}

function storeEach(
  k: KernelBuilder,
  store: OutputAccess['store'],
  index: readonly Operand[],
  value: Expr,
  count: number,
): void {
  const named = k.let('values', value);
  const [image, channel, ...place] = index;
  for (let i = 0; i < count; i++)
    store([image!, add(toExpr(channel!, 'i32'), i), ...place], lane(named, i as 0 | 1 | 2 | 3));
}

/** The tail's value for one element, computed from the root's value. */
function applyTail(
  root: ValueId,
  tail: readonly Node[],
  value: Expr,
  loadOutside: (input: ValueId) => Expr,
  k: KernelBuilder,
): Expr {
  const uses = (id: ValueId): number =>
    tail.flatMap(({ inputs }) => inputs).filter((input) => input === id).length;
  const values = new Map<ValueId, Expr>([[root, uses(root) > 1 ? k.let('value', value) : value]]);
  let last = value;
  for (const node of tail) {
    const operands = node.inputs.map((input) => values.get(input) ?? loadOutside(input));
    const { pointwise } = definitionOf<OpName>(node.op);
    if (!pointwise) throw new Error(`${node.op} stands in a fusion's tail but is not pointwise`);
    const result = pointwise(operands, node.attrs, k);
    last = uses(node.id) > 1 ? k.let(node.op, result) : result;
    values.set(node.id, last);
  }
  return last;
}
