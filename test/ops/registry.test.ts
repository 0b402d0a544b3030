/**
 * Every operation, by its own samples: the shape rule, the reference loops (valid, within bounds, every
 * element written), the cost, and the gradient rule against central differences. An operation is tested by
 * being in the registry.
 */
import { describe, expect, it } from 'vitest';
import type { OpName, ValueId } from '../../compiler/ir/types.ts';
import { sizeOf } from '../../compiler/ir/types.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import type { Kernel } from '../../compiler/kernel/types.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';
import type { OpDefinition, Sample } from '../../compiler/ops/types.ts';
import {
  applyRule,
  centralDifferences,
  ruleGradients,
  singleNodeGraph,
  toF64,
  type Numbers,
  type RuleResult,
} from '../support/gradients.ts';
import { describeDifferences, maxRelativeError } from '../support/numbers.ts';
import { sampleArrays } from '../support/samples.ts';

/**
 * The step of the differences in f64: its square (1e-10, times the third derivative) bounds the truncation,
 * and cancellation costs 1e-16 / 1e-5. The tolerance allows for both and for constants that a rule
 * rounds to f32 (6e-8), and is far below what any wrong term would cause.
 */
const STEP = 1e-5;
const GRADIENT_TOLERANCE = 1e-6;

for (const op of opNames) {
  const definition = definitionOf(op);
  if (definition.structural) continue;
  describe(op, () => {
    it('has samples, each under its own name and small', () => {
      const names = definition.samples.map((sample) => sample.name);
      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
      for (const sample of definition.samples) {
        expect(sizeOf(singleNodeGraph(op, sample.inputs, sample.attrs).node.type.shape)).toBeLessThanOrEqual(
          2000,
        );
      }
    });
    for (const sample of definition.samples) {
      it(`${sample.name}: the loops`, () => checkLoops(op, definition, sample));
      if (hasGradient(op, definition, sample)) {
        it(`${sample.name}: the gradient`, () => checkGradient(op, sample));
        it(`${sample.name}: the rule builds only what is needed`, () => checkThrift(op, sample));
      }
    }
  });
}

function checkLoops(op: OpName, definition: OpDefinition<OpName>, sample: Sample<OpName>): void {
  const { node } = singleNodeGraph(op, sample.inputs, sample.attrs);
  const kernel = verifyKernel(referenceKernel(node, sample.inputs));
  const inputs = sampleArrays(op, sample).map(toF64);
  const out = runInterpreter(kernel, inputs, node.type.dtype);
  const compiled = out.slice().fill(Number.NaN) as Numbers;
  compileKernel(kernel)(...inputs, compiled);
  // Both run the same operations in the same order in f64.
  expect(compiled).toEqual(out);

  const cost = definition.cost(sample.inputs, sample.attrs, node.type);
  for (const value of [cost.multiplyAdds, cost.bytes])
    expect(Number.isFinite(value) && value >= 0).toBe(true);
}

/** The result; every element of it must have been stored. */
function runInterpreter(kernel: Kernel, inputs: readonly Numbers[], dtype: 'f32' | 'i32' | 'u32'): Numbers {
  const length = kernel.buffers.at(-1)!.length;
  if (dtype === 'f32') {
    const out = new Float64Array(length).fill(Number.NaN);
    interpretKernel(kernel, [...inputs, out]);
    expect([...out].findIndex(Number.isNaN)).toBe(-1);
    return out;
  }
  // Integers have no NaN: what is left of two different fillings was not written.
  const kind = dtype === 'i32' ? Int32Array : Uint32Array;
  const [out, again] = [new kind(length).fill(0x5a5a5a5a), new kind(length).fill(0x25252525)];
  interpretKernel(kernel, [...inputs, out]);
  interpretKernel(kernel, [...inputs, again]);
  expect(again).toEqual(out);
  return out;
}

function hasGradient(op: OpName, definition: OpDefinition<OpName>, sample: Sample<OpName>): boolean {
  if (definition.gradient === 'notDifferentiable') return false;
  try {
    return singleNodeGraph(op, sample.inputs, sample.attrs).node.type.dtype === 'f32';
  } catch {
    // A sample that its shape rule rejects is reported by its tests; collecting the others must go on.
    return true;
  }
}

function checkGradient(op: OpName, sample: Sample<OpName>): void {
  const data = sampleArrays(op, sample).map(toF64);
  const gradients = ruleGradients(op, sample.inputs, sample.attrs, data);
  sample.inputs.forEach((input, operand) => {
    const found = gradients[operand];
    if (input.dtype !== 'f32') return expect(found).toBeUndefined();
    const expected = centralDifferences(op, sample.inputs, sample.attrs, data, operand, STEP);
    // A rule that gives none says that it is 0 everywhere.
    const analytic = found ?? new Float64Array(expected.length);
    const message = `operand ${operand}: ${describeDifferences(analytic, expected, GRADIENT_TOLERANCE)}`;
    expect(maxRelativeError(analytic, expected), message).toBeLessThan(GRADIENT_TOLERANCE);
  });
}

/** When one operand's gradient is needed the rule gives that one only, and every node it built serves it. */
function checkThrift(op: OpName, sample: Sample<OpName>): void {
  const floats = sample.inputs.flatMap((input, i) => (input.dtype === 'f32' ? [i] : []));
  for (const operand of floats) {
    const result = applyRule(op, sample.inputs, sample.attrs, (i) => i === operand);
    const others = result.gradients.filter((value, i) => i !== operand && value !== undefined);
    expect(others, `only the gradient of operand ${operand} is needed`).toEqual([]);
    expect(unusedNodes(result, operand), `nodes built in vain for operand ${operand}`).toEqual([]);
  }
}

function unusedNodes({ graph, gradients, firstBuilt }: RuleResult, operand: number): string[] {
  const used = new Set<ValueId>();
  const visit = (value: ValueId | undefined): void => {
    if (value === undefined || used.has(value)) return;
    used.add(value);
    graph.nodes[value]!.inputs.forEach(visit);
  };
  visit(gradients[operand]);
  return graph.nodes.filter((node) => node.id >= firstBuilt && !used.has(node.id)).map((node) => node.op);
}
