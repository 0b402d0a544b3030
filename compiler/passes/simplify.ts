/**
 * Postcondition: what changes nothing is gone. A table, one row an operation:
 *
 *     x + 0, x - 0, x * 1, x / 1, x ^ 1           x, where x has the result's shape
 *     reshape(reshape(x))                         one reshape; none back to x's own shape
 *     transpose(transpose(x))                     one transpose; none where they cancel
 *     pad, slice, expand of nothing               x
 *     cast to its own type                        x
 *     dropout with p = 0                          x
 *     log(softmax(x))                             logSoftmax(x)
 */
import type { GraphBuilder } from '../ir/builder.ts';
import { sameShape, type Attrs, type Node, type OpName, type ValueId } from '../ir/types.ts';
import { rewrite } from '../ops/infer.ts';
import type { Pass } from './types.ts';

export const simplify: Pass = {
  name: 'simplify',
  run: (graph) =>
    rewrite(graph, (node, inputs, g) => {
      const rule = RULES[node.op] as Rule<OpName> | undefined;
      return rule?.({ attrs: node.attrs, shape: node.type.shape, inputs, g });
    }),
};

interface RuleSite<K extends OpName> {
  readonly attrs: Attrs[K];
  /** Of the result. */
  readonly shape: readonly number[];
  /** In the new graph. */
  readonly inputs: readonly ValueId[];
  readonly g: GraphBuilder;
}

type Rule<K extends OpName> = (site: RuleSite<K>) => ValueId | undefined;

const producer = (g: GraphBuilder, value: ValueId): Node => g.nodes[value]!;

/** Whether a value is the constant `number` in every element. */
function isAll(g: GraphBuilder, value: ValueId, number: number): boolean {
  const node = producer(g, value);
  return node.op === 'constant' && node.attrs.data.every((element) => element === number);
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

const RULES: { readonly [K in OpName]?: Rule<K> } = {
  add: neutral(0, true),
  sub: neutral(0, false),
  mul: neutral(1, true),
  div: neutral(1, false),
  pow: neutral(1, false),
  expand: unchanged,
  reshape: (site) => unchanged(site) ?? throughReshape(site),
  flatten: unchanged,
  transpose: throughTranspose,
  pad: ({ attrs, inputs }) =>
    [...attrs.before, ...attrs.after].every((n) => n === 0) ? inputs[0] : undefined,
  slice: (site) => (site.attrs.steps.every((step) => step === 1) ? unchanged(site) : undefined),
  cast: ({ attrs, inputs, g }) => (g.typeOf(inputs[0]!).dtype === attrs.dtype ? inputs[0] : undefined),
  dropout: ({ attrs, inputs }) => (attrs.p === 0 ? inputs[0] : undefined),
  log: ({ inputs, g }) => {
    const inner = producer(g, inputs[0]!);
    return inner.op === 'softmax'
      ? g.node('logSoftmax', inner.inputs, { axis: inner.attrs.axis })
      : undefined;
  },
};

function throughReshape({ attrs, inputs, g }: RuleSite<'reshape'>): ValueId | undefined {
  const inner = producer(g, inputs[0]!);
  if (inner.op !== 'reshape' && inner.op !== 'flatten') return undefined;
  const [x] = inner.inputs;
  return sameShape(g.shapeOf(x!), attrs.shape) ? x : g.node('reshape', [x!], attrs);
}

function throughTranspose({ attrs: { permutation }, inputs, g }: RuleSite<'transpose'>): ValueId | undefined {
  const isIdentity = (axes: readonly number[]): boolean => axes.every((axis, i) => axis === i);
  if (isIdentity(permutation)) return inputs[0];
  const inner = producer(g, inputs[0]!);
  if (inner.op !== 'transpose') return undefined;
  const combined = permutation.map((axis) => inner.attrs.permutation[axis]!);
  return isIdentity(combined)
    ? inner.inputs[0]
    : g.node('transpose', inner.inputs, { permutation: combined });
}
