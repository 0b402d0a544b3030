/**
 * What stands above an emitted kernel: what it is for and by which schedule, the formula that it computes, and for each
 * buffer its type and where its elements lie. Also the strides of these buffers, as products of extents.
 */
import {
  formatType,
  type Attrs,
  type Node,
  type OpName,
  type TensorType,
  type ValueId,
} from '../ir/types.ts';
import { buildKernel } from '../kernel/builder.ts';
import type { Layout } from '../kernel/layout.ts';
import { expressionPrinter, readingSpelling } from '../kernel/printer.ts';
import type { Expr, Kernel } from '../kernel/types.ts';
import { bodyInputs, bodyNodes } from '../ops/fusion.ts';
import { definitionOf } from '../ops/index.ts';
import { operandName } from '../ops/infer.ts';
import { fusionRoot, type NodeLayouts } from '../ops/reference.ts';

export interface Described {
  readonly node: Node;
  readonly types: readonly TensorType[];
  readonly layouts: NodeLayouts;
}

/** Lines for the kernel's comment; `title` is the first one. */
export const describeKernel = (described: Described, title: string): string[] => [
  title,
  ...formulaOf(described).map((line) => `    ${line}`),
  ...bufferLines(described),
];

/** A root that is no element's own affair is `value`; what is fused to it makes `out` of it. */
function formulaOf({ node, types }: Described): string[] {
  const names = operandNames(node, types.length);
  if (node.op !== 'fusion') {
    const { pointwise } = definitionOf<OpName>(node.op);
    const element = pointwise && elementOf(node, names.map(variable));
    return [`out = ${element ?? rootFormula(node, names, types)}`];
  }
  const { body } = node.attrs;
  const [root, ...tail] = bodyNodes(body);
  const values = new Map<ValueId, Expr>(
    bodyInputs(body).map((input) => [input.id, variable(input.attrs.name)]),
  );
  const isPointwise = definitionOf<OpName>(root!.op).pointwise !== undefined;
  const first = isPointwise
    ? []
    : [`value = ${rootFormula(root!, rootNames(root!, values), rootTypes(node))}`];
  if (!isPointwise) values.set(root!.id, variable('value'));
  const expression = fold(isPointwise ? [root!, ...tail] : tail, values);
  return [
    ...first,
    `out = ${expression ?? [...(isPointwise ? [root!] : []), ...tail].map(({ op }) => op).join(', then ')}`,
  ];
}

const variable = (name: string): Expr => ({ kind: 'var', type: 'f32', name });

const rootTypes = (node: Node): TensorType[] => {
  const root = fusionRoot(node);
  return node.op === 'fusion' ? root.inputs.map((input) => node.attrs.body.nodes[input]!.type) : [];
};

const rootNames = (root: Node, values: ReadonlyMap<ValueId, Expr>): string[] =>
  root.inputs.map((input: ValueId) => (values.get(input) as { readonly name: string }).name);

function operandNames(node: Node, count: number): string[] {
  if (node.op === 'fusion') return bodyInputs(node.attrs.body).map(({ attrs }) => attrs.name);
  return Array.from({ length: count }, (_, i) => operandName(definitionOf(node.op).operands, i));
}

/** The operator's own formula, or its name with its operands and attributes. */
function rootFormula(node: Node, names: readonly string[], types: readonly TensorType[]): string {
  const { formula } = definitionOf<OpName>(node.op);
  if (formula) return formula(node.attrs as Attrs[OpName], types, node.type);
  const attrs = Object.entries(node.attrs).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return `${node.op}(${names.join(', ')})${attrs.length ? `, ${attrs.join(', ')}` : ''}`;
}

/** Longer formulas explain less than the operators' names. */
const LONGEST = 140;

/** One element from the operands' elements; undefined where it takes several steps, or would be too long. */
function elementOf(node: Node, operands: readonly Expr[]): string | undefined {
  const values = new Map<ValueId, Expr>(node.inputs.map((input: ValueId, i) => [input, operands[i]!]));
  return fold([node], values);
}

function fold(nodes: readonly Node[], values: Map<ValueId, Expr>): string | undefined {
  let last: Expr | undefined;
  const { body } = buildKernel({ name: 'formula', buffers: [] }, (k) => {
    for (const node of nodes) {
      const operands = node.inputs.map((input: ValueId) => values.get(input)!);
      last = definitionOf<OpName>(node.op).pointwise!(operands, node.attrs as Attrs[OpName], k);
      values.set(node.id, last);
    }
  });
  if (!last || body.length > 0) return undefined;
  const { text } = expressionPrinter(readingSpelling)(last);
  return text.length > LONGEST ? undefined : text;
}

function bufferLines({ node, types, layouts }: Described): string[] {
  const names = operandNames(node, types.length);
  const inputs = types.map((type, i) => {
    const scalar = layouts.scalars?.[i];
    if (scalar !== undefined) return `${names[i]} = ${scalar}`;
    return `${names[i]}: ${formatType(type)}${placeText(names[i]!, layouts.inputs[i]!)}`;
  });
  return [...inputs, `out: ${formatType(node.type)}${placeText('out', layouts.output)}`];
}

/** ` in memory [n 1][h 28][w 28][c 6]`; nothing where there is one axis at most. */
function placeText(name: string, layout: Layout): string {
  const long = layout.factors.filter(({ extent }) => extent > 1);
  if (layout.shape.length < 2 || long.length < 2) return '';
  if (layout.name === 'rowMajor') return ', row-major';
  const letters = axisLetters(name, layout.shape.length);
  const parts = layout.factors.map(({ axis, divisor, extent }) => {
    const isSplit = layout.factors.filter((other) => other.axis === axis).length > 1;
    const letter = letters[axis] ?? `axis${axis}`;
    if (!isSplit) return `[${letter} ${extent}]`;
    return divisor === 1 ? `[${letter} % ${extent}]` : `[${letter} / ${divisor}: ${extent}]`;
  });
  return `, in memory ${parts.join('')}`;
}

/** Weights have output and input channels, everything else images and channels. */
function axisLetters(name: string, rank: number): readonly string[] {
  if (name === 'weight') return ['o', 'i', 'h', 'w'];
  return rank === 2 ? ['n', 'c'] : ['n', 'c', 'h', 'w'];
}

/** By their values: `{ 168: '28 * 6' }`. A number that is two different products is left out. */
export function stridesOf(layouts: readonly Layout[]): NonNullable<Kernel['strides']> {
  const found = new Map<number, string | undefined>();
  for (const { factors } of layouts) {
    factors.forEach(({ stride }, i) => {
      const inner = factors.slice(i + 1).filter(({ extent }) => extent > 1);
      const product = inner.reduce((all, { extent }) => all * extent, 1);
      if (inner.length < 2 || product !== stride) return;
      const text = inner.map(({ extent }) => extent).join(' * ');
      const known = found.get(stride);
      found.set(stride, found.has(stride) && known !== text ? undefined : text);
    });
  }
  return Object.fromEntries(
    [...found].flatMap(([stride, text]) => (text === undefined ? [] : [[stride, text]])),
  );
}
