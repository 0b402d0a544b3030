/**
 * The formulas in the comments of emitted kernels: every operator has one, for every sample, that fits on a line and names
 * nothing but operands, axes and known functions.
 */
import { describe, expect, it } from 'vitest';
import type { Node, OpName } from '../../compiler/ir/types.ts';
import { rowMajor } from '../../compiler/kernel/layout.ts';
import { describeKernel } from '../../compiler/lowering/describe.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import { operandName } from '../../compiler/ops/infer.ts';
import type { Sample } from '../../compiler/ops/types.ts';
import { singleNodeGraph } from '../support/gradients.ts';

const LONGEST = 150;

/** Axes, elements of windows, further indices of sums, and names that a formula explains itself. */
const LETTERS = /^(n|c|d|h|w|o|i|i\d+|kh|kw|p|q|y|l|m|s|t|d|w|row|column|count)$/;

const FUNCTIONS =
  /^(abs|ceil|clamp|cos|edge|erf|exp|floor|i32|u32|log|logSoftmax|max|mean|min|pow|reflect|roundEven|sign|sin|softmax|sqrt|sum|tanh|variance|pi)$/;

/** The words between the terms. */
const WORDS = new Set(
  (
    'a after all and another are at below between bin bins by channels columns copy count deviation each ' +
    'element elements else end ends equal equals excluded first from group have how in index indices ' +
    'inside integral into is its largest last linear many mean mirrored nearest negative normal number of on one ' +
    'only order other outside over padded padding plane probability product rows several shape stream sum ' +
    'targets that the there this those to uniform unless where whole whose window windows with without ' +
    'zeros'
  ).split(' '),
);

const formulaLine = (op: OpName, sample: Sample<OpName>): string => {
  const { node } = singleNodeGraph(op, sample.inputs, sample.attrs) as { readonly node: Node };
  const layouts = {
    inputs: sample.inputs.map(({ shape }) => rowMajor(shape)),
    output: rowMajor(node.type.shape),
  };
  return describeKernel({ node, types: sample.inputs, layouts }, 'title')[1]!.trim();
};

/** Names and words, without numbers and their letters (`1e-7`). */
const namesIn = (line: string): string[] =>
  line
    .replace(/Threefry-2x32|row-major|'s\b/g, ' ')
    .replace(/(?<!\w)\d[\w.-]*/g, ' ')
    .match(/[A-Za-z]\w*/g) ?? [];

const isKnown = (name: string, operands: readonly string[]): boolean =>
  operands.includes(name) || LETTERS.test(name) || FUNCTIONS.test(name) || WORDS.has(name);

for (const op of opNames) {
  const definition = definitionOf(op);
  if (definition.structural) continue;
  describe(op, () => {
    it('says what an element of the result is', () => {
      for (const sample of definition.samples) {
        const line = formulaLine(op, sample);
        expect(line).toMatch(/^out = /);
        // The name with its operands is what describes operators without a formula.
        expect(definition.formula ?? definition.pointwise).toBeDefined();
        expect(line.length, line).toBeLessThanOrEqual(LONGEST);
      }
    });

    it('names nothing unknown', () => {
      for (const sample of definition.samples) {
        const operands = sample.inputs.map((_, i) => operandName(definition.operands, i));
        const line = formulaLine(op, sample);
        const unknown = namesIn(line.slice('out = '.length)).filter((name) => !isKnown(name, operands));
        expect(unknown, line).toEqual([]);
      }
    });
  });
}
