/** Matrix products. */
import { binary, map, scalar } from '../../recorded/algebra/arithmetic.ts';
import { expand, reshape, transpose } from '../../recorded/algebra/movement.ts';
import { call, live, shapeOf, type Value } from '../../recorded/calls.ts';
import { isFree, makeLayer } from '../../recorded/layers.ts';
import type { Known } from '../../recorded/known.ts';
import type { NodeView } from '../node.ts';
import type { Translate, Translations } from './types.ts';
import { shortest } from './normalization.ts';

/** PyTorch's `Linear` if the second matrix is known, else alpha * op(A) * op(B) + beta * C. */
const gemm: Translate = (node) => {
  const { r } = node;
  const [a, b, c] = [node.value(0), node.value(1), node.inputs[2]];
  if (shapeOf(a).length !== 2 || shapeOf(b).length !== 2)
    return node.refuse('CNNC3015', 'its matrices must have rank 2');
  const [alpha, beta] = [shortest(node.float('alpha', 1)), shortest(node.float('beta', 1))];
  const [transposeA, transposeB] = [node.int('transA', 0) !== 0, node.int('transB', 0) !== 0];
  const left = transposeA ? transpose(r, a, [1, 0]) : a;
  if (b.kind === 'known' && isFree(node, 1) && (!c || isVector(c, shapeOf(b)[transposeB ? 0 : 1]!))) {
    const weight = times(node, transposeB ? b : transpose(r, b, [1, 0]), alpha) as Known;
    if (shapeOf(left)[1] !== weight.shape[1])
      return node.refuse(
        'CNNC3015',
        `its input has ${shapeOf(left)[1]} features, the weight expects ${weight.shape[1]}`,
      );
    const bias = c && (times(node, expand(r, flattened(node, c), [weight.shape[0]!]), beta) as Known);
    const options = { features: weight.shape[0]!, bias: bias ? undefined : false };
    return makeLayer(node, 'linear', live(r, left), options, { weight, bias }, b.source);
  }
  const options = { transposeB: transposeB ? true : undefined };
  const product = times(node, call(r, 'f32', 'matmul', [live(r, left), live(r, b)], options), alpha);
  return c ? binary(r, 'add', product, times(node, c, beta)) : product;
};

/** Whether c is a known bias that is the same for every row. */
const isVector = (c: Value, features: number): boolean =>
  c.kind === 'known' && (c.data.length === 1 || (c.data.length === features && c.shape.at(-1) === features));

const flattened = (node: NodeView, c: Value): Value => reshape(node.r, c, [(c as Known).data.length]);

/** Multiplies by a factor; known numbers at import. */
function times(node: NodeView, x: Value, factor: number): Value {
  if (factor === 1) return x;
  return x.kind === 'known' ? map(x, (value) => value * factor) : binary(node.r, 'mul', x, scalar(factor));
}

/** MatMul. As in NumPy, a vector is a matrix of one row or one column. */
const matmul: Translate = (node) => {
  const { r } = node;
  const [a, b] = [node.value(0), node.value(1)];
  const [rankA, rankB] = [shapeOf(a).length, shapeOf(b).length];
  if (rankA === 0 || rankB === 0) return node.refuse('CNNC3015', 'a scalar has no matrix product');
  if (b.kind === 'known' && isFree(node, 1) && rankB === 2 && rankA === 2 && b.source !== undefined) {
    const weight = transpose(r, b, [1, 0]) as Known;
    if (shapeOf(a)[1] !== weight.shape[1])
      return node.refuse(
        'CNNC3015',
        `its input has ${shapeOf(a)[1]} features, the weight expects ${weight.shape[1]}`,
      );
    return makeLayer(
      node,
      'linear',
      live(r, a),
      { features: weight.shape[0]!, bias: false },
      { weight },
      b.source,
    );
  }
  const left = rankA === 1 ? reshape(r, a, [1, ...shapeOf(a)]) : a;
  const right = rankB === 1 ? reshape(r, b, [...shapeOf(b), 1]) : b;
  const product = call(r, 'f32', 'matmul', [live(r, left), live(r, right)]);
  const shape = shapeOf(product);
  const kept = shape.filter(
    (_, axis) => !(rankA === 1 && axis === shape.length - 2) && !(rankB === 1 && axis === shape.length - 1),
  );
  return reshape(r, product, kept);
};

export const linear: Translations = { Gemm: gemm, MatMul: matmul };
