/** Rules of `simplify` for operators that only move elements: two in a row become one or none. */
import { sizeOf, type Node, type OpName, type ValueId } from '../../ir/types.ts';
import { concat, concatOffsets } from '../../ops/concat.ts';
import { definitionOf } from '../../ops/index.ts';
import { isOp } from '../../ops/isOp.ts';
import { isPointwise, isReshape } from '../../ops/nodeFacts.ts';
import { pad } from '../../ops/pad.ts';
import { reshape } from '../../ops/reshape.ts';
import { slice } from '../../ops/slice.ts';
import { transpose } from '../../ops/transpose.ts';
import { operandOf, type RuleSite } from './simplifyRule.ts';

export function throughReshape({
  shape,
  inputs,
  g,
  build,
}: RuleSite<'reshape'> | RuleSite<'flatten'>): ValueId | undefined {
  const inner = g.nodes[inputs[0]!]!;
  return isReshape(inner) ? build(reshape, inner.inputs, { shape }) : undefined;
}

export function throughPad(site: RuleSite<'pad'>): ValueId | undefined {
  const { before, after, mode, value } = site.attrs;
  const inner = operandOf(site, pad);
  if (mode !== 'constant' || inner?.attrs.mode !== 'constant') return undefined;
  if (!Object.is(inner.attrs.value, value)) return undefined;
  return site.build(pad, inner.inputs, {
    before: before.map((amount, axis) => amount + inner.attrs.before[axis]!),
    after: after.map((amount, axis) => amount + inner.attrs.after[axis]!),
    mode,
    value,
  });
}

export function throughSlice(site: RuleSite<'slice'>): ValueId | undefined {
  const { attrs, shape, inputs, g, build } = site;
  const inner = g.nodes[inputs[0]!]!;
  if (isOp(inner, concat)) return sliceOfConcat(site, inner);
  if (!isOp(inner, slice)) return undefined;
  const starts = attrs.starts.map(
    (start, axis) => inner.attrs.starts[axis]! + start * inner.attrs.steps[axis]!,
  );
  const steps = attrs.steps.map((step, axis) => step * inner.attrs.steps[axis]!);
  const ends = shape.map((extent, axis) => starts[axis]! + (extent - 1) * steps[axis]! + 1);
  return build(slice, inner.inputs, { starts, ends, steps });
}

/** A slice of a concatenation, if it lies completely in one operand. */
function sliceOfConcat(
  { attrs, shape, g, build }: RuleSite<'slice'>,
  joined: Node<'concat'>,
): ValueId | undefined {
  const { axis } = joined.attrs;
  const first = attrs.starts[axis]!;
  const last = first + (shape[axis]! - 1) * attrs.steps[axis]!;
  const shapes = joined.inputs.map((input) => g.shapeOf(input));
  const offsets = concatOffsets(shapes, axis);
  const holder = offsets.findLastIndex((offset) => offset <= first);
  const start = offsets[holder]!;
  if (last >= start + shapes[holder]![axis]!) return undefined;
  return build(slice, [joined.inputs[holder]!], {
    starts: attrs.starts.with(axis, first - start),
    ends: attrs.ends.with(axis, last + 1 - start),
    steps: attrs.steps,
  });
}

/** A concatenation with other readers stays, because it may be the memory of its operands. */
export function throughConcat({ attrs, inputs, g, facts, build }: RuleSite<'concat'>): ValueId | undefined {
  const isInner = (value: ValueId): boolean => {
    const node = g.nodes[value]!;
    return isOp(node, concat) && node.attrs.axis === attrs.axis && facts.isOwn(value);
  };
  if (!inputs.some(isInner)) return undefined;
  const operands = inputs.flatMap((value) => (isInner(value) ? g.nodes[value]!.inputs : [value]));
  return build(concat, operands, attrs);
}

const isIdentity = (axes: readonly number[]): boolean => axes.every((axis, i) => axis === i);

export function throughTranspose(site: RuleSite<'transpose'>): ValueId | undefined {
  const { attrs, inputs, g, build } = site;
  const inner = g.nodes[inputs[0]!]!;
  if (isOp(inner, transpose)) {
    return build(transpose, inner.inputs, { permutation: combined(inner, attrs.permutation) });
  }
  return isPointwise(inner) && cancels(site, inner.id) ? withoutTransposes(site, inner.id) : undefined;
}

const combined = ({ attrs }: Node<'transpose'>, permutation: readonly number[]): number[] =>
  permutation.map((axis) => attrs.permutation[axis]!);

/** Whether there are only pointwise nodes that serve this transpose alone between it and its inverses. */
function cancels(site: RuleSite<'transpose'>, value: ValueId): boolean {
  const node = site.g.nodes[value]!;
  if (isOp(node, transpose)) return isIdentity(combined(node, site.attrs.permutation));
  if (sizeOf(node.type.shape) === 1) return true;
  return isPointwise(node) && site.facts.isOwn(value) && node.inputs.every((input) => cancels(site, input));
}

/** The same values before they were transposed. Single elements do not change. */
function withoutTransposes(site: RuleSite<'transpose'>, value: ValueId): ValueId {
  const node = site.g.nodes[value]!;
  if (isOp(node, transpose)) return node.inputs[0]!;
  if (sizeOf(node.type.shape) === 1) return value;
  const inputs = node.inputs.map((input) => withoutTransposes(site, input));
  site.g.origin = node.origin;
  return site.build<OpName>(definitionOf<OpName>(node.op), inputs, node.attrs);
}
