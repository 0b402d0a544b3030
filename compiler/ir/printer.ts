/**
 * A graph as text, one node a line: what `--dump-ir` and `graph.txt` hold and what tests compare.
 *
 *     %4 = conv2d(%0, %1, %2) {stride: [2, 2], groups: 1}  f32[1,64,112,112]  conv1 (models/resnet18.ts:31)
 */
import { formatPlace } from '../diagnostics/diagnostic.ts';
import { bodyNodes, isFusion } from './fusion.ts';
import { isConstant, isLeaf } from './leaves.ts';
import { formatType, type Graph, type Node, type Origin } from './types.ts';

export interface PrintOptions {
  /** Whether each line ends with the layer's path and the model's line; default true. */
  readonly origins?: boolean;
}

export function printGraph(graph: Graph, { origins = true }: PrintOptions = {}): string {
  const lines = graph.nodes.flatMap((node) => printNode(node, origins));
  const outputs = graph.outputs.map(({ name, value }) => `output ${name} = %${value}`);
  const updates = graph.updates.map(({ target, value }) => `update %${target} <- %${value}`);
  return (
    [`graph ${graph.name}`, ...[...lines, ...outputs, ...updates].map((line) => `  ${line}`)].join('\n') +
    '\n'
  );
}

function printNode(node: Node, origins: boolean): string[] {
  const from = origins ? printOrigin(node.origin) : '';
  return [
    `%${node.id} = ${describe(node)}  ${formatType(node.type)}${from ? `  ${from}` : ''}`,
    ...printBody(node, origins),
  ];
}

function describe(node: Node): string {
  if (isConstant(node)) return `${node.op} ${printNumbers(node.attrs.data)}`;
  if (isLeaf(node)) return `${node.op} ${printName(node.attrs.name)}`;
  const call = `${node.op}(${printInputs(node)})`;
  return isFusion(node) ? call : `${call}${printAttrs(node.attrs)}`;
}

const printInputs = (node: Node): string => node.inputs.map((input) => `%${input}`).join(', ');

/** Names come from files of others: anything unusual is quoted, so that a listing stays one line a node. */
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

/** A fusion shows its body, indented. */
function printBody(node: Node, origins: boolean): string[] {
  if (!isFusion(node)) return [];
  return bodyNodes(node.attrs.body).map((inner) => `    ${printNode(inner, origins)[0]}`);
}

const printOrigin = (origin: Origin): string =>
  [formatPlace(origin).trim().replace(/^at /, ''), origin.note].filter(Boolean).join(', ');
