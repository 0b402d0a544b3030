/** Reductions along axes. */
import { binary, scalar, unary } from '../../recorded/algebra/arithmetic.ts';
import { reduce, type Reduction } from '../../recorded/algebra/reduction.ts';
import { reshape } from '../../recorded/algebra/movement.ts';
import { operation, shapeOf, type Value } from '../../recorded/calls.ts';
import { axisOf, type NodeView } from '../node.ts';
import type { Translate, Translations } from './types.ts';

/**
 * Returns the axes: an attribute in older opsets, an operand in newer ones. An empty list means all axes, or none
 * with `noop_with_empty_axes`.
 */
function axesOf(node: NodeView): readonly number[] {
  const rank = shapeOf(node.value(0)).length;
  const given = node.ints('axes') ?? node.knownInts(1, 'axes') ?? [];
  if (given.length > 0) return given.map((axis) => axisOf(node, axis, rank));
  if (node.int('noop_with_empty_axes', 0) !== 0) return [];
  return Array.from({ length: rank }, (_, axis) => axis);
}

const keeps = (node: NodeView): boolean => node.int('keepdims', 1) !== 0;

const over =
  (op: Reduction): Translate =>
  (node) => {
    const axes = axesOf(node);
    const x = node.value(0);
    if (axes.length === 0 && op === 'reduceSumSquare') return binary(node.r, 'mul', x, x);
    return reduce(node.r, op, x, axes, keeps(node));
  };

const logSum: Translate = (node) => unary(node.r, 'log', over('reduceSum')(node) as Value);

/** ReduceLogSumExp. The maximum is subtracted first, so that nothing overflows. */
const logSumExp: Translate = (node) => {
  const { r } = node;
  const [x, axes] = [node.value(0), axesOf(node)];
  const largest = reduce(r, 'reduceMax', x, axes, true);
  const sum = reduce(r, 'reduceSum', unary(r, 'exp', binary(r, 'sub', x, largest)), axes, true);
  const result = binary(r, 'add', unary(r, 'log', sum), largest);
  return keeps(node)
    ? result
    : reshape(
        r,
        result,
        shapeOf(x).filter((_, axis) => !axes.includes(axis)),
      );
};

const extreme =
  (sign: 1 | -1): Translate =>
  (node) => {
    const x = node.value(0);
    const axis = axisOf(node, node.int('axis', 0), shapeOf(x).length);
    const turned = sign === 1 ? node.live(0) : binary(node.r, 'mul', x, scalar(-1));
    const attrs = { axis, keepDims: keeps(node), selectLastIndex: node.int('select_last_index', 0) !== 0 };
    return turned.kind === 'known'
      ? node.refuse('CNNC3016', 'it is not supported on constants')
      : operation(node.r, 'i64', 'argMax', [turned], attrs);
  };

export const reduction: Translations = {
  ArgMax: extreme(1),
  ArgMin: extreme(-1),
  ReduceL1: over('reduceL1'),
  ReduceL2: over('reduceL2'),
  ReduceLogSum: logSum,
  ReduceLogSumExp: logSumExp,
  ReduceMax: over('reduceMax'),
  ReduceMean: over('reduceMean'),
  ReduceMin: over('reduceMin'),
  ReduceProd: over('reduceProd'),
  ReduceSum: over('reduceSum'),
  ReduceSumSquare: over('reduceSumSquare'),
};
