/**
 * A graph as the bytes of an ONNX model. Inputs, outputs and parameters keep their names. Nodes are named after their
 * layers, and intermediate values after their nodes. Values that depend only on parameters are written as nodes, or
 * as numbers with `bakes`. One `Diagnostic` lists everything that ONNX cannot express.
 */
import { fail, formatPlace, plural } from '../../diagnostics/diagnostic.ts';
import { isConstant, isInput, isLeaf, isParameter } from '../../ir/leaves.ts';
import { parameterValues } from '../../ir/parameterValues.ts';
import { nodeOf, sizeOf, type Graph, type Node, type OpName, type ValueId } from '../../ir/types.ts';
import { compileKernel, type KernelArray } from '../../kernel/javascript.ts';
import { definitionOf } from '../../ops/index.ts';
import { operandName } from '../../ops/infer.ts';
import { referenceKernel } from '../../ops/reference.ts';
import type { OnnxData, OnnxForm, OnnxSite } from '../../ops/shared/onnx.ts';
import { modelBytes, type InitializerMessage, type ValueMessage } from './messages.ts';
import { createSheet, type Sheet } from './sheet.ts';

/** ONNX 1.15 of 2023: the first operator set with Gelu. onnxruntime 1.17 and newer run it. */
export const OPSET = 20;
const IR_VERSION = 9;
/** Protobuf's limit. */
const MAX_BYTES = 2 ** 31 - 1;

export interface GraphExport {
  /** Values by name, row-major. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Whether values that depend only on parameters are computed now. */
  readonly bakes: boolean;
}

export function exportGraph(graph: Graph, options: GraphExport): Uint8Array {
  const reached = reachedValues(graph, options.bakes ? parameterValues(graph) : new Set());
  refuseUnexportable(graph, reached);
  const sheet = createSheet(reservedNames(graph, reached));
  const leaves: InitializerMessage[] = [];
  const unsaid: string[] = [];
  const names: string[] = [];
  for (const node of graph.nodes) {
    const how = reached.get(node.id);
    if (how === undefined) continue;
    if (how === 'computed') names[node.id] = exportNode(graph, node, names, sheet, unsaid);
    else if (isInput(node)) names[node.id] = node.attrs.name;
    else {
      const leaf = initializerOf(graph, node, options, sheet);
      leaves.push(leaf);
      names[node.id] = leaf.name;
    }
  }
  if (unsaid.length > 0)
    fail('CNNC3030', 'onnx', { path: graph.name }, 'ONNX cannot express what these nodes do', unsaid);
  nameOutputs(graph, names, sheet);
  const initializers = [...leaves, ...sheet.initializers];
  checkSize(graph, initializers);
  return modelBytes({
    ...{ irVersion: IR_VERSION, opset: OPSET, name: graph.name, initializers, nodes: sheet.nodes },
    inputs: graph.nodes.filter(isInput).map((node) => valueOf(node.attrs.name, node)),
    outputs: graph.outputs.map(({ name, value }) => valueOf(name, nodeOf(graph, value))),
  });
}

const valueOf = (name: string, { type }: Node): ValueMessage => ({
  name,
  element: type.dtype,
  shape: type.shape,
});

/** A value is computed by ONNX nodes, or it is a leaf: an input, or known numbers. */
type How = 'computed' | 'leaf';

/** The values that the outputs need. A leaf needs no others. */
function reachedValues(graph: Graph, known: ReadonlySet<ValueId>): ReadonlyMap<ValueId, How> {
  const reached = new Map<ValueId, How>();
  const wanted = new Set(graph.outputs.map(({ value }) => value));
  for (const node of graph.nodes.toReversed()) {
    if (!wanted.has(node.id)) continue;
    const how = known.has(node.id) || isLeaf(node) ? 'leaf' : 'computed';
    reached.set(node.id, how);
    if (how === 'computed') for (const input of node.inputs) wanted.add(input);
  }
  return reached;
}

/** Refuses the export if operators have no ONNX form. Lists them all, with their number and places. */
function refuseUnexportable(graph: Graph, reached: ReadonlyMap<ValueId, How>): void {
  const places = new Map<string, string[]>();
  for (const node of graph.nodes) {
    if (reached.get(node.id) !== 'computed' || definitionOf<OpName>(node.op).onnx) continue;
    places.set(node.op, [...(places.get(node.op) ?? []), formatPlace(node.origin).trim() || `%${node.id}`]);
  }
  if (places.size === 0) return;
  const lines = [...places].map(
    ([op, at]) =>
      `${op}, ${plural(at.length, 'time')}: ${at.slice(0, 5).join(', ')}${at.length > 5 ? ', …' : ''}`,
  );
  fail(
    'CNNC3030',
    'onnx',
    { path: graph.name },
    `${plural(places.size, 'operation')} of the model cannot be exported`,
    lines,
  );
}

/** Names that no node and no constant may take. */
function reservedNames(graph: Graph, reached: ReadonlyMap<ValueId, How>): string[] {
  const parameters = graph.nodes.filter(isParameter).filter(({ id }) => reached.get(id) === 'leaf');
  return [
    ...graph.outputs.map(({ name }) => name),
    ...[...graph.nodes.filter(isInput), ...parameters].map(({ attrs }) => attrs.name),
  ];
}

function exportNode(
  graph: Graph,
  node: Node,
  names: readonly string[],
  sheet: Sheet,
  unsaid: string[],
): string {
  const form = definitionOf<OpName>(node.op).onnx as OnnxForm<OpName>;
  const site: OnnxSite<OpName> = {
    attrs: node.attrs,
    inputs: node.inputs.map((input: ValueId) => names[input]!),
    types: node.inputs.map((input: ValueId) => nodeOf(graph, input).type),
    output: node.type,
    e: sheet.emitter(node.origin.path || node.op),
  };
  const result = form(site);
  if (typeof result === 'string') return result;
  unsaid.push(`${node.op}${formatPlace(node.origin)}: ${result.reason}`);
  return '';
}

/** The numbers of a parameter, of a constant, or of a value computed from them. */
function initializerOf(graph: Graph, node: Node, options: GraphExport, sheet: Sheet): InitializerMessage {
  const data = numbersOf(graph, node, options.parameters) as OnnxData;
  const name = isParameter(node) ? node.attrs.name : sheet.claim(leafName(graph, node));
  return { name, element: node.type.dtype, shape: node.type.shape, data };
}

/** Names a leaf without a name after the operand that it is: `conv1.weight`. */
function leafName(graph: Graph, leaf: Node): string {
  const reader = graph.nodes.find(({ inputs }) => inputs.includes(leaf.id));
  const { path } = reader?.origin ?? leaf.origin;
  const operand = reader
    ? operandName(definitionOf(reader.op).operands, reader.inputs.indexOf(leaf.id))
    : leaf.op;
  return path === '' ? operand : `${path}.${operand}`;
}

/** Recursive, which is safe: values that depend only on parameters are a few operators deep. */
function numbersOf(graph: Graph, node: Node, parameters: GraphExport['parameters']): KernelArray {
  if (isConstant(node)) return node.attrs.data;
  if (isParameter(node)) {
    const data = parameters.get(node.attrs.name);
    if (!data) throw new Error(`no numbers for the parameter ${node.attrs.name}`);
    return data;
  }
  const operands = node.inputs.map((input: ValueId) => nodeOf(graph, input));
  const kernel = referenceKernel(
    node,
    operands.map(({ type }: Node) => type),
  );
  const arrays = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };
  const result = new arrays[node.type.dtype](sizeOf(node.type.shape));
  compileKernel(kernel)(...operands.map((operand: Node) => numbersOf(graph, operand, parameters)), result);
  return result;
}

/** Gives an output's name to the last node of its value. A value that already has a name is copied. */
function nameOutputs(graph: Graph, names: readonly string[], sheet: Sheet): void {
  const taken = new Set<ValueId>();
  for (const { name, value } of graph.outputs) {
    const isOwn = !taken.has(value) && sheet.rename(names[value]!, name);
    taken.add(value);
    if (isOwn) continue;
    const first = graph.outputs.find((output) => output.value === value)!;
    sheet.copy(sheet.has(first.name) ? first.name : names[value]!, name);
  }
}

function checkSize(graph: Graph, initializers: readonly InitializerMessage[]): void {
  const bytes = initializers.reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes > MAX_BYTES - 2 ** 24)
    fail(
      'CNNC3031',
      'onnx',
      { path: graph.name },
      `the weights have ${bytes} bytes, but an ONNX file holds at most 2 GiB`,
    );
}
