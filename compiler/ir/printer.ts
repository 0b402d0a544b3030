/**
 * A graph as text, with one line for each node, as in `--dump-ir` and `graph.txt` and in tests. Each name has one
 * meaning. A fusion names its operands. The lines below it are the nodes of its body, and the last one is its value.
 *
 *     %4 = maxPool(%3) {kernel: [3, 3], stride: [2, 2]}  f32[1,64,56,56]  maxPool (models/resnet18.ts:31)
 *     %7 = fusion(x: %4, weight: %5, residual: %6)  f32[1,64,56,56]  layer1.0.conv2 (models/resnet18.ts:32)
 *         %7.1 = conv2d(x, weight) {stride: [1, 1]}  f32[1,64,56,56]  layer1.0.conv2 (models/resnet18.ts:32)
 *         %7.2 = add(%7.1, residual)  f32[1,64,56,56]  layer1.0.add (models/resnet18.ts:33)
 */
import { formatPlace } from '../diagnostics/diagnostic.ts';
import { bodyInputs, bodyNodes, isFusion } from './fusion.ts';
import { isConstant, isLeaf } from './leaves.ts';
import { formatType, type Graph, type Node, type Origin, type ValueId } from './types.ts';

export interface PrintOptions {
  /** Adds layer paths and model lines after each node; default true. */
  readonly origins?: boolean;
}

export function printGraph(graph: Graph, { origins = true }: PrintOptions = {}): string {
  const lines = graph.nodes.flatMap((node) => [
    printNode(node, nameOf, origins),
    ...printBody(node, origins).map((line) => `    ${line}`),
  ]);
  const outputs = graph.outputs.map(({ name, value }) => `output ${name} = %${value}`);
  const updates = graph.updates.map(({ target, value }) => `update %${target} <- %${value}`);
  return (
    [`graph ${graph.name}`, ...[...lines, ...outputs, ...updates].map((line) => `  ${line}`)].join('\n') +
    '\n'
  );
}

type Names = (value: ValueId) => string;

const nameOf: Names = (value) => `%${value}`;

function printNode(node: Node, names: Names, origins: boolean): string {
  const from = origins ? printOrigin(node.origin) : '';
  return `${names(node.id)} = ${describe(node, names)}  ${formatType(node.type)}${from ? `  ${from}` : ''}`;
}

function describe(node: Node, names: Names): string {
  if (isConstant(node)) return `${node.op} ${printNumbers(node.attrs.data)}`;
  if (isLeaf(node)) return `${node.op} ${printName(node.attrs.name)}`;
  if (isFusion(node)) return `${node.op}(${printOperands(node, names)})`;
  return `${node.op}(${node.inputs.map(names).join(', ')})${printAttrs(node.attrs)}`;
}

/** `x: %4, weight: %5`: the operand names of a fusion's body, with their values. */
const printOperands = ({ attrs: { body }, inputs }: Node<'fusion'>, names: Names): string =>
  bodyInputs(body)
    .map(({ attrs }, i) => `${printName(attrs.name)}: ${names(inputs[i]!)}`)
    .join(', ');

/** Quotes unusual names, which may come from untrusted files, so that each node stays on one line. */
const printName = (name: string): string => (/^[\w.$:/-]+$/.test(name) ? name : JSON.stringify(name));

function printNumbers(data: ArrayLike<number>): string {
  const shown = Array.from({ length: Math.min(data.length, 4) }, (_, i) =>
    String(Number(data[i]!.toPrecision(6))),
  );
  return `[${shown.join(', ')}${data.length > 4 ? ', …' : ''}]`;
}

function printAttrs(attrs: object): string {
  const entries = Object.entries(attrs).map(([name, value]) => `${name}: ${printValue(value)}`);
  return entries.length === 0 ? '' : ` {${entries.join(', ')}}`;
}

const printValue = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(printValue).join(', ')}]` : JSON.stringify(value);

/** The body of a fusion. Operands appear by their names, and its nodes are numbered from 1. */
function printBody(node: Node, origins: boolean): string[] {
  if (!isFusion(node)) return [];
  const { body } = node.attrs;
  const steps = bodyNodes(body);
  const names = new Map([
    ...bodyInputs(body).map(({ id, attrs }) => [id, printName(attrs.name)] as const),
    ...steps.map(({ id }, i) => [id, `%${node.id}.${i + 1}`] as const),
  ]);
  return steps.map((step) => printNode(step, (value) => names.get(value)!, origins));
}

const printOrigin = (origin: Origin): string =>
  [formatPlace(origin).trim().replace(/^at /, ''), origin.note].filter(Boolean).join(', ');
