/**
 * What operators state about themselves (`ops/facts.ts`), held against their own loops on their own samples: a fact that
 * is not so makes passes wrong.
 */
import { describe, expect, it } from 'vitest';
import { sizeOf, type Attrs, type OpName, type TensorType } from '../../compiler/ir/types.ts';
import type { WeightAxes } from '../../compiler/ops/facts.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import type { OpDefinition, Sample } from '../../compiler/ops/types.ts';
import { evaluateOp, type Tensor } from '../support/evaluateOp.ts';
import { singleNodeGraph } from '../support/gradients.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { sampleArrays } from '../support/samples.ts';

/** A sample with its numbers and what the loops make of them. */
interface Case {
  readonly definition: OpDefinition<OpName>;
  readonly attrs: Attrs[OpName];
  readonly operands: readonly Tensor[];
  readonly output: TensorType;
  readonly result: readonly number[];
}

const EXACT = 1e-12;
const NUMBERS = [0.5, -2, 3, 0.25, 1.5, -0.75, 4, -1];

function caseOf(op: OpName, sample: Sample<OpName>): Case {
  const { attrs, inputs } = sample;
  const arrays = sampleArrays(op, sample);
  const operands = inputs.map(({ shape, dtype }, i) => ({ shape, dtype, data: Array.from(arrays[i]!) }));
  const output = singleNodeGraph(op, inputs, attrs).node.type;
  return { definition: definitionOf(op), attrs, operands, output, result: evaluateOp(op, operands, attrs) };
}

const again = ({ definition, attrs, operands }: Case, changed: readonly (Tensor | undefined)[]): number[] =>
  evaluateOp(
    definition.name,
    operands.map((operand, i) => changed[i] ?? operand),
    attrs,
  );

const mapped = (tensor: Tensor, change: (value: number, index: readonly number[]) => number): Tensor => ({
  ...tensor,
  data: tensor.data.map((value, i) => change(value, indexOf(tensor.shape, i))),
});

/** The index of an element, by its number in row-major order. */
function indexOf(shape: readonly number[], number: number): number[] {
  const index: number[] = [];
  let rest = number;
  for (const extent of shape.toReversed()) {
    index.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return index;
}

const numberOf = (shape: readonly number[], index: readonly number[]): number =>
  index.reduce((number, i, axis) => number * shape[axis]! + i, 0);

const channelNumber = (channel: number): number => NUMBERS[channel % NUMBERS.length]!;

const typesOf = ({ operands }: Case): TensorType[] =>
  operands.map(({ shape, dtype = 'f32' }) => ({ shape, dtype }));

type Check = (site: Case) => void;

/** Checks by fact. A fact that is not stated is not checked. */
const CHECKS: { readonly [name: string]: Check } = {
  isIdentity(site) {
    const { definition, attrs, operands, output, result } = site;
    if (definition.isIdentity?.(typesOf(site), attrs, output)) expect(result).toEqual(operands[0]!.data);
  },
  nonNegative(site) {
    const { nonNegative } = site.definition;
    const isSo = typeof nonNegative === 'function' ? nonNegative(site.attrs) : nonNegative !== undefined;
    const magnitudes = site.operands.map((operand) => mapped(operand, Math.abs));
    const result = nonNegative === 'if operands are' ? again(site, magnitudes) : site.result;
    if (isSo) expect(Math.min(...result)).toBeGreaterThanOrEqual(0);
  },
  keepsNonNegative(site) {
    if (!site.definition.keepsNonNegative) return;
    const [x] = site.operands.map((operand) => mapped(operand, Math.abs));
    expect(again(site, [x])).toEqual(x!.data);
  },
  neutral(site) {
    const { neutral, commutative } = site.definition;
    if (neutral === undefined) return;
    const [a, b] = site.operands;
    const number = { shape: [], data: [neutral] };
    expect(again(site, [a, number])).toEqual(a!.data);
    if (commutative) expect(again(site, [number, b])).toEqual(b!.data);
  },
  commutative(site) {
    const [a, b] = site.operands;
    if (site.definition.commutative) expect(again(site, [b, a])).toEqual(site.result);
  },
  affine(site) {
    const { affine } = site.definition;
    const change = affine === 'factor' ? (x: number) => 3 * x : (x: number) => x + 3;
    if (affine) expectClose(again(site, [mapped(site.operands[0]!, change)]), site.result.map(change));
  },
  view(site) {
    const { view } = site.definition;
    const [x] = site.operands;
    if (view === 'reshaped') expect(site.result).toEqual(x!.data);
    if (typeof view !== 'function') return;
    const { starts, steps } = view(site.attrs);
    const taken = site.result.map((_, i) => {
      const place = indexOf(site.output.shape, i).map((at, axis) => starts[axis]! + at * steps[axis]!);
      return x!.data[numberOf(x!.shape, place)];
    });
    expect(site.result).toEqual(taken);
  },
  commutesPerChannel(site) {
    const movable = site.definition.commutesPerChannel?.(site.attrs);
    if (!movable) return;
    const shift = movable === 'factors' ? 0 : 5;
    const change = (value: number, [, channel]: readonly number[]): number =>
      value * channelNumber(channel!) + shift;
    const result = { ...site.output, data: site.result };
    expectClose(again(site, [mapped(site.operands[0]!, change)]), mapped(result, change).data);
  },
  keepsRows(site) {
    const { definition, attrs, operands, output, result } = site;
    if (!definition.keepsRows?.(typesOf(site), attrs, output)) return;
    const onlyRow = (tensor: Tensor, row: number): Tensor =>
      mapped(tensor, (value, index) => (index[2] === row ? value : 0));
    for (let row = 0; row < output.shape[2]!; row++) {
      const found = { ...output, data: again(site, [onlyRow(operands[0]!, row)]) };
      expect(onlyRow(found, row)).toEqual(onlyRow({ ...output, data: result }, row));
    }
  },
  sight(site) {
    const { definition, attrs, operands, output } = site;
    const { sight } = definition;
    if (typeof sight !== 'function') return;
    const { window, stride } = sight(typesOf(site), attrs, output);
    influence(site).forEach((span, axis) => {
      // Where windows do not begin at whole elements, some see one more.
      const partial = Number.isInteger(stride[axis]) ? 0 : 1;
      expect(span).toBeLessThanOrEqual(window[axis]! + partial);
    });
    if (stride[0] === 1 && window[0] === 1) expect(output.shape[2]).toBe(operands[0]!.shape[2]);
  },
  keepsExamples(site) {
    const { definition, attrs, operands, output, result } = site;
    const { keepsExamples } = definition;
    const isSo =
      typeof keepsExamples === 'function' ? keepsExamples(typesOf(site), attrs, output) : keepsExamples;
    if (!isSo) return;
    const [x] = operands;
    expect(output.shape[0]).toBe(x!.shape[0]);
    for (let image = 0; image < output.shape[0]!; image++) {
      const other = mapped(x!, (value, index) => (index[0] === image ? value + 1 : value));
      again(site, [other]).forEach((value, i) => {
        if (indexOf(output.shape, i)[0] !== image) expect(value).toBe(result[i]);
      });
    }
  },
  kernelName(site) {
    const { kernelName, name } = site.definition;
    if (!kernelName) return;
    const text = kernelName(typesOf(site), site.attrs, site.output);
    expect(text).toMatch(/^\w+$/);
    expect(text.startsWith(`${name}_`) || text.startsWith('depthwise_')).toBe(true);
  },
  withBorder(site) {
    const { definition, attrs, operands, output } = site;
    for (const value of [0, -Infinity, 1]) {
      const amounts = [1, 0, 1, 2] as const;
      const padded = definition.withBorder?.(attrs, { amounts, value, surroundsNonNegative: false });
      if (!padded) continue;
      const [x, ...others] = operands;
      const before = [0, 0, amounts[0], amounts[1]];
      const after = [0, 0, amounts[2], amounts[3]];
      const pad = { before, after, mode: 'constant' as const, value };
      const shape = x!.shape.map((extent, axis) => extent + before[axis]! + after[axis]!);
      const bordered = { ...x!, shape, data: evaluateOp('pad', [x!], pad) };
      expectClose(
        evaluateOp(definition.name, [x!, ...others], padded),
        evaluateOp(definition.name, [bordered, ...others], attrs),
      );
      expect(output.shape).toHaveLength(4);
    }
  },
  channelMap(site) {
    const { definition, attrs, operands, output, result } = site;
    if (!definition.channelMap) return;
    const { axis, weightAxes, seesWholeFilters } = definition.channelMap;
    const [x, weight] = operands;
    const axes = weightAxes(weight!.shape, attrs);
    const channelOf = (index: readonly number[]): number => index.at(axis)!;
    const byChannel = (tensor: Tensor): Tensor =>
      mapped(tensor, (value, index) => value * channelNumber(channelOf(index)));
    const noBias = operands[2] && mapped(operands[2], () => 0);
    const plain = again(site, [x, weight, noBias]);
    const scaled = (side: 'inputs' | 'outputs') => scaledWeight(weight!, axes, side);
    expectClose(again(site, [x, scaled('outputs'), noBias]), byChannel({ ...output, data: plain }).data);
    expectClose(again(site, [x, scaled('inputs')]), again(site, [byChannel(x!)]));
    if (!seesWholeFilters(attrs)) return;
    const shifted = again(site, [mapped(x!, (value, index) => value + channelNumber(channelOf(index)))]);
    const added = new Map<number, number>();
    shifted.forEach((value, i) => {
      const channel = channelOf(indexOf(output.shape, i));
      const difference = value - result[i]!;
      added.set(channel, added.get(channel) ?? difference);
      expect(difference).toBeCloseTo(added.get(channel)!, 9);
    });
  },
};

const expectClose = (actual: readonly number[], expected: readonly number[]): void =>
  expect(maxRelativeError(actual, expected)).toBeLessThan(EXACT);

/** The weight with a factor per channel of one side. */
function scaledWeight(weight: Tensor, { shape, ...axes }: WeightAxes, side: 'inputs' | 'outputs'): Tensor {
  const along = axes[side];
  expect(sizeOf(shape)).toBe(weight.data.length);
  const extents = along.map((axis) => shape[axis]!);
  return {
    ...weight,
    data: weight.data.map((value, i) => {
      const index = indexOf(shape, i);
      const channel = numberOf(
        extents,
        along.map((axis) => index[axis]!),
      );
      return value * channelNumber(channel);
    }),
  };
}

/** The most rows and columns, from the first to the last, that one element of the result sees. */
const influence = (site: Case): [rows: number, columns: number] => [spanAlong(site, 2), spanAlong(site, 3)];

/** The longest range, along an axis of x, of places that change the same element of the result. */
function spanAlong(site: Case, axis: number): number {
  const [x] = site.operands;
  const seen = site.result.map((): number[] => []);
  for (let place = 0; place < x!.shape[axis]!; place++) {
    const changed = mapped(x!, (value, index) => (index[axis] === place ? value + 1 : value));
    const result = again(site, [changed]);
    seen.forEach((places, i) => result[i] !== site.result[i] && places.push(place));
  }
  return Math.max(...seen.map((places) => (places.length === 0 ? 0 : places.at(-1)! - places[0]! + 1)));
}

const stated = (definition: OpDefinition<OpName>): string[] =>
  Object.keys(CHECKS).filter((fact) => definition[fact as keyof OpDefinition<OpName>] !== undefined);

describe('facts of operators', () => {
  it('every operator stands under its own name', () => {
    expect(opNames.filter((name) => definitionOf(name).name !== name)).toEqual([]);
  });

  it('each check has operators that state its fact', () => {
    const facts = new Set(opNames.flatMap((name) => stated(definitionOf(name))));
    expect([...facts].sort()).toEqual(Object.keys(CHECKS).sort());
  });

  for (const op of opNames) {
    const definition = definitionOf<OpName>(op);
    for (const fact of definition.structural ? [] : stated(definition))
      it(`${op}: ${fact}`, () => {
        for (const sample of definition.samples) CHECKS[fact]!(caseOf(op, sample));
      });
  }

  it('identities and borders are among the samples', () => {
    const all = opNames.filter((op) => !definitionOf(op).structural);
    const sites = all.flatMap((op) => definitionOf<OpName>(op).samples.map((sample) => caseOf(op, sample)));
    const identities = sites.filter((site) =>
      site.definition.isIdentity?.(typesOf(site), site.attrs, site.output),
    );
    const border = { amounts: [1, 1, 1, 1], value: 0, surroundsNonNegative: true } as const;
    const bordered = sites.filter(({ definition, attrs }) => definition.withBorder?.(attrs, border));
    expect(new Set(identities.map(({ definition }) => definition.name)).size).toBeGreaterThan(8);
    expect(new Set(bordered.map(({ definition }) => definition.name)).size).toBe(3);
  });
});
