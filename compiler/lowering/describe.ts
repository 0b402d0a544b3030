/**
 * The comment of an emitted kernel: its purpose and schedule, the formula that it computes, and the type and memory
 * layout of each buffer. Also the strides of these buffers, as products of extents.
 */
import { bodyInputs, bodyNodes, fusionRoot, isFusion } from '../ir/fusion.ts';
import { formatType, type Node, type OpName, type TensorType, type ValueId } from '../ir/types.ts';
import { buildKernel } from '../kernel/builder.ts';
import type { Layout } from '../kernel/layout.ts';
import { expressionPrinter, readingSpelling } from '../kernel/printer.ts';
import type { Expr, Kernel } from '../kernel/types.ts';
import { definitionOf } from '../ops/index.ts';
import { operandName } from '../ops/infer.ts';
import type { NodeLayouts } from '../ops/reference.ts';
import { axisLetters } from '../ops/shared/formula.ts';
import { placeText, weightLetters } from './places.ts';

export interface Described {
  readonly node: Node;
  readonly types: readonly TensorType[];
  readonly layouts: NodeLayouts;
}

/** Lines of the kernel's comment. The first one is `title`. */
export const describeKernel = (described: Described, title: string): string[] => [
  title,
  ...formulaOf(described).map((line) => `    ${line}`),
  ...bufferLines(described),
];

/**
 * `out = ...` in terms of the operands' names. If a fusion's root is not pointwise, its result is `value`, and the
 * tail computes `out` from it.
 */
function formulaOf({ node, types }: Described): string[] {
  const names = operandNames(node, types.length);
  if (!isFusion(node)) return [`out = ${ownFormula(node, types, names)}`];
  const { body } = node.attrs;
  const [root, ...tail] = bodyNodes(body);
  const values = new Map<ValueId, Expr>(
    bodyInputs(body).map((input) => [input.id, variable(input.attrs.name)]),
  );
  if (definitionOf<OpName>(root!.op).pointwise) return tailFormula([root!, ...tail], values);
  values.set(root!.id, variable('value'));
  return [
    `value = ${ownFormula(root!, rootTypes(node), rootNames(root!, values))}`,
    ...tailFormula(tail, values),
  ];
}

const variable = (name: string): Expr => ({ kind: 'var', type: 'f32', name });

const rootTypes = (node: Node): TensorType[] => {
  const root = fusionRoot(node);
  return isFusion(node) ? root.inputs.map((input: ValueId) => node.attrs.body.nodes[input]!.type) : [];
};

const rootNames = (root: Node, values: ReadonlyMap<ValueId, Expr>): string[] =>
  root.inputs.map((input: ValueId) => (values.get(input) as { readonly name: string }).name);

function operandNames(node: Node, count: number): string[] {
  if (isFusion(node)) return bodyInputs(node.attrs.body).map(({ attrs }) => attrs.name);
  return namesOf(node.op, count);
}

const namesOf = (op: OpName, count: number): string[] =>
  Array.from({ length: count }, (_, i) => operandName(definitionOf(op).operands, i));

/** The operator's formula, or for a pointwise operator the formula of one element. */
function ownFormula(node: Node, types: readonly TensorType[], names: readonly string[]): string {
  const { formula, pointwise } = definitionOf<OpName>(node.op);
  if (formula) return formula(node.attrs, types, node.type);
  const element = pointwise && print(valueOf(node, names.map(variable)).value);
  return element ?? `${node.op}(${names.join(', ')})`;
}

/** Longer formulas explain less than the operators' names. */
const LONGEST = 140;

/** The formula of the tail, and a line for each of its operators that takes several steps. */
function tailFormula(nodes: readonly Node[], values: Map<ValueId, Expr>): string[] {
  const steps = new Map<string, string>();
  let last: Expr | undefined;
  for (const node of nodes) {
    last = tailValue(
      node,
      node.inputs.map((input: ValueId) => values.get(input)!),
      steps,
    );
    values.set(node.id, last);
  }
  const text = print(last!);
  if (text.length > LONGEST) return [`out = ${nodes.map(({ op }) => op).join(', then ')}`];
  return [`out = ${text}`, ...[...steps].map(([name, formula]) => `${name} = ${formula}`)];
}

/** An operator that takes several steps appears by its name. `steps` says what it does. */
function tailValue(node: Node, operands: readonly Expr[], steps: Map<string, string>): Expr {
  if (!definitionOf<OpName>(node.op).formula) {
    const { value, isOneStep } = valueOf(node, operands);
    if (isOneStep) return value;
  }
  const names = namesOf(node.op, operands.length);
  const formula = ownFormula(
    node,
    operands.map(() => node.type),
    names,
  );
  const name = nameOfStep(node.op, names, formula, steps);
  steps.set(`${name}(${names.join(', ')})`, formula);
  return variable(`${name}(${operands.map(print).join(', ')})`);
}

/** Operators of the same kind with different attributes get different names. */
function nameOfStep(
  op: OpName,
  names: readonly string[],
  formula: string,
  steps: ReadonlyMap<string, string>,
): string {
  const isFree = (name: string): boolean =>
    (steps.get(`${name}(${names.join(', ')})`) ?? formula) === formula;
  let name: string = op;
  for (let n = 2; !isFree(name); n++) name = `${op}${n}`;
  return name;
}

const print = (value: Expr): string => expressionPrinter(readingSpelling)(value).text;

/** One element in terms of the operands' elements, without the names that a kernel would give to its steps. */
function valueOf(
  node: Node,
  operands: readonly Expr[],
): { readonly value: Expr; readonly isOneStep: boolean } {
  let value: Expr | undefined;
  let isOneStep = true;
  buildKernel({ name: 'formula', buffers: [] }, (k) => {
    const inline = (_name: string, step: Expr): Expr => {
      isOneStep &&= step.kind === 'const' || step.kind === 'var';
      return step;
    };
    value = definitionOf<OpName>(node.op).pointwise!(operands, node.attrs, {
      ...k,
      let: inline,
    });
  });
  return { value: value!, isOneStep };
}

function bufferLines({ node, types, layouts }: Described): string[] {
  const names = operandNames(node, types.length);
  const inputs = types.map((type, i) => {
    const scalar = layouts.scalars?.[i];
    if (scalar !== undefined) return `${names[i]} = ${scalar}`;
    return `${names[i]}: ${formatType(type)}${placeText(layouts.inputs[i]!, operandLetters(names[i]!, type))}`;
  });
  const letters = isWeightShaped(node)
    ? weightLetters(node.type.shape.length)
    : axisLetters(node.type.shape.length);
  return [...inputs, `out: ${formatType(node.type)}${placeText(layouts.output, letters)}`];
}

const isWeightShaped = (node: Node): boolean =>
  definitionOf<OpName>(fusionRoot(node).op).isWeightShaped === true;

/** The letters of weights are output and input channels, those of other tensors images and channels. */
const operandLetters = (name: string, type: TensorType): readonly string[] =>
  name === 'weight' ? weightLetters(type.shape.length) : axisLetters(type.shape.length);

/** Strides by value: `{ 168: '28 * 6' }`. A number that is two different products is left out. */
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
