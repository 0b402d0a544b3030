/**
 * Postcondition: what changes nothing is gone, and what can be said in several ways is said in one. A table,
 * one row an operation:
 *
 *     x + 0, x - 0, x * 1, x / 1, x ^ 1           x, where x has the result's shape
 *     -(-x), abs(-x), relu and abs of x >= 0      x, abs(x), x
 *     log(softmax(x)), exp(logSoftmax(x))         logSoftmax(x), softmax(x)
 *     cast to its own type, there and back        x, where no bit is lost between
 *     dropout with p = 0                          x
 *     reshape and flatten of one another          one reshape; none back to x's own shape
 *     transpose(transpose(x))                     one transpose; none where they cancel, pointwise between or not
 *     pad, slice, expand of nothing, of another   x; one of the two
 *     concat of one, of its own concat            x; one concat
 *     slice(concat(...)) within one operand       a slice of this operand
 *     reductions of single elements               a reshape
 *     means over all planes, in four spellings    globalAveragePool
 *     adaptive averages over equal bins           averagePool
 *     pools of one element, resizes to x's size   x
 */
import type { GraphBuilder } from '../ir/builder.ts';
import { sameShape, type Attrs, type Node, type OpName, type ValueId } from '../ir/types.ts';
import { infer } from '../ops/infer.ts';
import { rewriteKnowing, type Facts } from './shared/knowing.ts';
import { isNonNegative } from './shared/nonNegative.ts';
import type { Rule, RuleSite } from './shared/simplifyRule.ts';
import {
  throughConcat,
  throughPad,
  throughReshape,
  throughSlice,
  throughTranspose,
} from './shared/simplifyMoves.ts';
import type { Pass } from './types.ts';

export const simplify: Pass = {
  name: 'simplify',
  run: (graph) =>
    rewriteKnowing(graph, (node, inputs, g, facts) => simplified(node.op, inputs, node.attrs, g, facts)),
};

function simplified<K extends OpName>(
  op: K,
  inputs: readonly ValueId[],
  attrs: Attrs[K],
  g: GraphBuilder,
  facts: Facts,
): ValueId | undefined {
  const rule = RULES[op] as Rule<K> | undefined;
  if (!rule) return undefined;
  const { shape } = infer(op, inputs.map(g.typeOf), attrs, g.origin);
  const build: RuleSite<K>['build'] = (next, operands, nextAttrs) =>
    simplified(next, operands, nextAttrs, g, facts) ?? g.node<OpName>(next, operands, nextAttrs);
  return rule({ attrs, shape, inputs, g, facts, build });
}

/** Whether a value is the constant `number` in every element. */
function isAll(g: GraphBuilder, value: ValueId, number: number): boolean {
  const node = g.nodes[value]!;
  return node.op === 'constant' && node.attrs.data.every((element) => element === number);
}

/** The operand's own operand, where it is made by this operation. */
function operandOf<K extends OpName>({ g, inputs: [x] }: RuleSite<OpName>, op: K): Node<K> | undefined {
  const node = g.nodes[x!]!;
  return node.op === op ? (node as Node<K>) : undefined;
}

const unchanged = ({ g, shape, inputs: [x] }: RuleSite<OpName>): ValueId | undefined =>
  sameShape(g.shapeOf(x!), shape) ? x : undefined;

/** `x op neutral` is x; for commutative operations from both sides. */
const neutral =
  <K extends OpName>(number: number, commutes: boolean): Rule<K> =>
  ({ inputs: [a, b], g, shape }) => {
    const keeps = (x: ValueId): boolean => sameShape(g.shapeOf(x), shape);
    if (isAll(g, b!, number) && keeps(a!)) return a;
    return commutes && isAll(g, a!, number) && keeps(b!) ? b : undefined;
  };

const ofNonNegative = ({ g, inputs: [x] }: RuleSite<OpName>): ValueId | undefined =>
  isNonNegative(g, x!) ? x : undefined;

type Reduction = 'reduceMax' | 'reduceMean' | 'reduceMin' | 'reduceProd' | 'reduceSum';

const ofSingleElements = <K extends Reduction>(site: RuleSite<K>): ValueId | undefined => {
  const { attrs, inputs, g, shape, build } = site;
  const extents = g.shapeOf(inputs[0]!);
  return attrs.axes.every((axis) => extents[axis] === 1) ? build('reshape', inputs, { shape }) : undefined;
};

const ofOneElement = <K extends 'averagePool' | 'maxPool' | 'minPool'>(
  site: RuleSite<K>,
): ValueId | undefined => (site.attrs.kernel.every((extent) => extent === 1) ? unchanged(site) : undefined);

const toOwnSize = <K extends 'resizeBilinear' | 'resizeNearest'>(site: RuleSite<K>): ValueId | undefined =>
  site.attrs.scale === undefined ? unchanged(site) : undefined;

const RULES: { readonly [K in OpName]?: Rule<K> } = {
  add: neutral(0, true),
  sub: neutral(0, false),
  mul: neutral(1, true),
  div: neutral(1, false),
  pow: neutral(1, false),
  neg: (site) => operandOf(site, 'neg')?.inputs[0],
  relu: ofNonNegative,
  abs: (site) => {
    const inner = operandOf(site, 'neg');
    return inner ? site.build('abs', inner.inputs, {}) : ofNonNegative(site);
  },
  log: (site) => {
    const inner = operandOf(site, 'softmax');
    return inner && site.build('logSoftmax', inner.inputs, inner.attrs);
  },
  exp: (site) => {
    const inner = operandOf(site, 'logSoftmax');
    return inner && site.build('softmax', inner.inputs, inner.attrs);
  },
  cast: thereAndBack,
  dropout: ({ attrs, inputs }) => (attrs.p === 0 ? inputs[0] : undefined),
  expand(site) {
    const inner = operandOf(site, 'expand');
    return unchanged(site) ?? (inner && site.build('expand', inner.inputs, site.attrs));
  },
  reshape: (site) => unchanged(site) ?? throughReshape(site),
  flatten: (site) => unchanged(site) ?? throughReshape(site),
  transpose: throughTranspose,
  pad: throughPad,
  slice: throughSlice,
  concat: throughConcat,
  reduceMax: ofSingleElements,
  reduceMin: ofSingleElements,
  reduceProd: ofSingleElements,
  reduceSum: ofSingleElements,
  reduceMean: (site) => ofSingleElements(site) ?? meanOfPlanes(site),
  globalAveragePool: unchanged,
  globalMaxPool: unchanged,
  averagePool: (site) => ofOneElement(site) ?? averageOfPlane(site),
  maxPool: ofOneElement,
  minPool: ofOneElement,
  adaptiveAveragePool: (site) => unchanged(site) ?? averageOfBins(site),
  resizeNearest: toOwnSize,
  resizeBilinear: toOwnSize,
};

/** Integers keep their bits under each other's type; f32 has too few for them. */
function thereAndBack(site: RuleSite<'cast'>): ValueId | undefined {
  const { attrs, inputs, g } = site;
  if (g.typeOf(inputs[0]!).dtype === attrs.dtype) return inputs[0];
  const inner = operandOf(site, 'cast');
  const isExact = attrs.dtype !== 'f32' && inner?.attrs.dtype !== 'f32';
  return inner && isExact && g.typeOf(inner.inputs[0]!).dtype === attrs.dtype ? inner.inputs[0] : undefined;
}

function meanOfPlanes({
  attrs: { axes },
  inputs,
  g,
  shape,
  build,
}: RuleSite<'reduceMean'>): ValueId | undefined {
  const { dtype, shape: extents } = g.typeOf(inputs[0]!);
  const isSpatial = axes.length === extents.length - 2 && axes.every((axis) => axis >= 2);
  if (dtype !== 'f32' || extents.length < 3 || !isSpatial) return undefined;
  return build('reshape', [build('globalAveragePool', inputs, {})], { shape });
}

function averageOfPlane({ attrs, inputs, g, build }: RuleSite<'averagePool'>): ValueId | undefined {
  const { kernel, padding, dilation } = attrs;
  const isPlane =
    sameShape(kernel, g.shapeOf(inputs[0]!).slice(2)) && padding.every((amount) => amount === 0);
  return isPlane && dilation.every((d) => d === 1) ? build('globalAveragePool', inputs, {}) : undefined;
}

function averageOfBins({ attrs, inputs, g, build }: RuleSite<'adaptiveAveragePool'>): ValueId | undefined {
  const [, , height, width] = g.shapeOf(inputs[0]!);
  const [rows, columns] = attrs.outputSize;
  if (height! % rows !== 0 || width! % columns !== 0) return undefined;
  const kernel = [height! / rows, width! / columns] as const;
  const whole = { padding: [0, 0, 0, 0], dilation: [1, 1], ceilMode: false, countIncludePad: false } as const;
  return build('averagePool', inputs, { kernel, stride: kernel, ...whole });
}
