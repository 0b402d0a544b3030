/**
 * Postcondition: nodes that change nothing are gone, and equivalent forms are written in one way. By the facts of
 * operators:
 *
 *     x + 0, x - 0, x * 1, x / 1, x ^ 1           x, if x has the result's shape
 *     relu and abs of x >= 0                      x
 *     a reshape, flatten, expand, slice, pad, transpose, concat, cast, dropout, pool or resize that does nothing
 *                                                 x
 *
 * and by a table, with one row for each operator:
 *
 *     -(-x), abs(-x)                              x, abs(x)
 *     log(softmax(x)), exp(logSoftmax(x))         logSoftmax(x), softmax(x)
 *     cast to a type and back                     x, if no bit is lost in between
 *     reshape and flatten of one another          one reshape; none back to x's own shape
 *     transpose(transpose(x))                     one transpose; none if they cancel, even with pointwise nodes between
 *     pad, slice, expand of another               one of the two
 *     concat of its own concat                    one concat
 *     slice(concat(...)) within one operand       a slice of this operand
 *     reductions of single elements               a reshape
 *     means over all planes, in four forms        globalAveragePool
 *     adaptive averages over equal bins           averagePool
 */
import type { GraphBuilder } from '../ir/builder.ts';
import { isConstant } from '../ir/leaves.ts';
import { sameShape, type Attrs, type OpName, type ValueId } from '../ir/types.ts';
import { abs } from '../ops/abs.ts';
import { adaptiveAveragePool } from '../ops/adaptiveAveragePool.ts';
import { averagePool } from '../ops/averagePool.ts';
import { cast } from '../ops/cast.ts';
import { concat } from '../ops/concat.ts';
import { exp } from '../ops/exp.ts';
import { expand } from '../ops/expand.ts';
import { flatten } from '../ops/flatten.ts';
import { globalAveragePool } from '../ops/globalAveragePool.ts';
import { definitionOf } from '../ops/index.ts';
import { infer } from '../ops/infer.ts';
import { log } from '../ops/log.ts';
import { logSoftmax } from '../ops/logSoftmax.ts';
import { neg } from '../ops/neg.ts';
import { pad } from '../ops/pad.ts';
import { reduceMax } from '../ops/reduceMax.ts';
import { reduceMean } from '../ops/reduceMean.ts';
import { reduceMin } from '../ops/reduceMin.ts';
import { reduceProd } from '../ops/reduceProd.ts';
import { reduceSum } from '../ops/reduceSum.ts';
import { reshape } from '../ops/reshape.ts';
import type { ReductionName } from '../ops/shared/reduction.ts';
import { slice } from '../ops/slice.ts';
import { softmax } from '../ops/softmax.ts';
import { transpose } from '../ops/transpose.ts';
import { rewriteKnowing, type Facts } from './shared/knowing.ts';
import { isNonNegative } from './shared/nonNegative.ts';
import {
  throughConcat,
  throughPad,
  throughReshape,
  throughSlice,
  throughTranspose,
} from './shared/simplifyMoves.ts';
import { hasShape, operandOf, type Rule, type RuleSite } from './shared/simplifyRule.ts';
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
  const types = inputs.map(g.typeOf);
  const type = infer(op, types, attrs, g.origin);
  if (definitionOf(op).isIdentity?.(types, attrs, type)) return inputs[0];
  const build: RuleSite<K>['build'] = ({ name }, operands, nextAttrs) =>
    simplified(name, operands, nextAttrs, g, facts) ?? g.node<OpName>(name, operands, nextAttrs);
  const site: RuleSite<K> = { attrs, shape: type.shape, inputs, g, facts, build };
  const rule = RULES[op];
  return withoutNeutral(op, site) ?? withoutSign(op, site) ?? rule?.(site);
}

/** Whether a value is the constant `number` in every element. */
function isAll(g: GraphBuilder, value: ValueId, number: number): boolean {
  const node = g.nodes[value]!;
  return isConstant(node) && node.attrs.data.every((element) => element === number);
}

/** `x op neutral` is x, and for commutative operators `neutral op x` too. */
function withoutNeutral(op: OpName, site: RuleSite<OpName>): ValueId | undefined {
  const { neutral, commutative } = definitionOf(op);
  if (neutral === undefined) return undefined;
  const { g, inputs } = site;
  const [a, b] = inputs;
  if (isAll(g, b!, neutral) && hasShape(site, a!)) return a;
  return commutative && isAll(g, a!, neutral) && hasShape(site, b!) ? b : undefined;
}

const withoutSign = (op: OpName, { g, inputs: [x] }: RuleSite<OpName>): ValueId | undefined =>
  definitionOf(op).keepsNonNegative && isNonNegative(g, x!) ? x : undefined;

const ofSingleElements = <K extends Extract<ReductionName, `reduce${string}`>>({
  attrs,
  inputs,
  g,
  shape,
  build,
}: RuleSite<K>): ValueId | undefined => {
  const extents = g.shapeOf(inputs[0]!);
  return attrs.axes.every((axis) => extents[axis] === 1) ? build(reshape, inputs, { shape }) : undefined;
};

const RULES: { readonly [K in OpName]?: Rule<K> } = {
  [neg.name]: (site) => operandOf(site, neg)?.inputs[0],
  [abs.name]: (site) => {
    const inner = operandOf(site, neg);
    return inner && site.build(abs, inner.inputs, {});
  },
  [log.name]: (site) => {
    const inner = operandOf(site, softmax);
    return inner && site.build(logSoftmax, inner.inputs, inner.attrs);
  },
  [exp.name]: (site) => {
    const inner = operandOf(site, logSoftmax);
    return inner && site.build(softmax, inner.inputs, inner.attrs);
  },
  [cast.name]: thereAndBack,
  [expand.name]: (site) => {
    const inner = operandOf(site, expand);
    return inner && site.build(expand, inner.inputs, site.attrs);
  },
  [reshape.name]: throughReshape,
  [flatten.name]: throughReshape,
  [transpose.name]: throughTranspose,
  [pad.name]: throughPad,
  [slice.name]: throughSlice,
  [concat.name]: throughConcat,
  [reduceMax.name]: ofSingleElements,
  [reduceMin.name]: ofSingleElements,
  [reduceProd.name]: ofSingleElements,
  [reduceSum.name]: ofSingleElements,
  [reduceMean.name]: (site) => ofSingleElements(site) ?? meanOfPlanes(site),
  [averagePool.name]: averageOfPlane,
  [adaptiveAveragePool.name]: averageOfBins,
};

/** Casts between integer types keep the bits. f32 has too few bits for them. */
function thereAndBack(site: RuleSite<'cast'>): ValueId | undefined {
  const { attrs, g } = site;
  const inner = operandOf(site, cast);
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
  return build(reshape, [build(globalAveragePool, inputs, {})], { shape });
}

function averageOfPlane({ attrs, inputs, g, build }: RuleSite<'averagePool'>): ValueId | undefined {
  const { kernel, padding, dilation } = attrs;
  const isPlane =
    sameShape(kernel, g.shapeOf(inputs[0]!).slice(2)) && padding.every((amount) => amount === 0);
  return isPlane && dilation.every((d) => d === 1) ? build(globalAveragePool, inputs, {}) : undefined;
}

function averageOfBins({ attrs, inputs, g, build }: RuleSite<'adaptiveAveragePool'>): ValueId | undefined {
  const [, , height, width] = g.shapeOf(inputs[0]!);
  const [rows, columns] = attrs.outputSize;
  if (height! % rows !== 0 || width! % columns !== 0) return undefined;
  const kernel = [height! / rows, width! / columns] as const;
  const whole = { padding: [0, 0, 0, 0], dilation: [1, 1], ceilMode: false, countIncludePad: false } as const;
  return build(averagePool, inputs, { kernel, stride: kernel, ...whole });
}
