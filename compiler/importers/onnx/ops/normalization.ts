/** Normalizations and dropout. */
import { sizeOf } from '../../../ir/types.ts';
import { binary, scalar, unary } from '../../recorded/algebra/arithmetic.ts';
import { reduce } from '../../recorded/algebra/reduction.ts';
import { expand, reshape } from '../../recorded/algebra/movement.ts';
import { call, live, operation, shapeOf, type Live, type Value } from '../../recorded/calls.ts';
import { allFree, makeLayer, optionalLive } from '../../recorded/layers.ts';
import { known, type Known } from '../../recorded/known.ts';
import { uniformNumbers } from '../mersenneTwister.ts';
import { axisOf, knownScalar, type NodeView } from '../node.ts';
import type { Translate, Translations } from './types.ts';

/** The node's epsilon. ONNX stores 1e-5 as f32. */
function epsilonOf(node: NodeView): number | undefined {
  const epsilon = node.float('epsilon', 1e-5);
  if (!(epsilon > 0)) return node.refuse('CNNC3015', `epsilon is ${epsilon}, expected a number above 0`);
  return Math.abs(epsilon - 1e-5) < 1e-11 ? undefined : shortest(epsilon);
}

/** The shortest decimal with the same f32: 0.001 for the f32 next to it. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === Math.fround(value)) return decimal;
  }
  return value;
}

/** Reshapes [C] to broadcast along the channels of x. */
const onChannels = (node: NodeView, x: Value, rank: number): Value =>
  reshape(node.r, x, [sizeOf(shapeOf(x)), ...Array<number>(rank - 2).fill(1)]);

const PARAMETERS = ['weight', 'bias', 'running_mean', 'running_var'] as const;

const batchNorm: Translate = (node) => {
  if (node.int('training_mode', 0) !== 0) return trainingBatchNorm(node);
  if (node.int('spatial', 1) === 0) return node.refuse('CNNC3016', 'spatial=0 is not supported');
  const epsilon = epsilonOf(node);
  const momentum = shortest(1 - node.float('momentum', 0.9));
  const weight = node.value(1);
  checkChannels(node, [1, 2, 3, 4]);
  if (!allFree(node, 1, 2, 3, 4) || weight.kind !== 'known') {
    const operands = [0, 1, 2, 3, 4].map((index) => node.live(index));
    return operation(node.r, 'f32', 'batchNorm', operands, { epsilon: epsilon ?? 1e-5 });
  }
  const parameters = Object.fromEntries(PARAMETERS.map((name, i) => [name, node.value(i + 1) as Known]));
  const options = { epsilon, momentum: Math.abs(momentum - 0.1) < 1e-6 ? undefined : momentum };
  return makeLayer(node, 'batchNorm', node.live(0), options, parameters, weight.source);
};

function checkChannels(node: NodeView, indices: readonly number[]): void {
  const channels = shapeOf(node.value(0))[1];
  for (const index of indices) {
    const shape = shapeOf(node.value(index));
    if (shape.length !== 1 || shape[0] !== channels)
      node.refuse(
        'CNNC3015',
        `operand ${index} has shape [${shape.join(',')}], the input has ${channels} channels`,
      );
  }
}

/** Batch norm with the batch's statistics. It also returns the updated running statistics. */
function trainingBatchNorm(node: NodeView): Value[] {
  const { r } = node;
  const x = node.value(0);
  const rank = shapeOf(x).length;
  const axes = shapeOf(x)
    .map((_, axis) => axis)
    .filter((axis) => axis !== 1);
  const mean = reduce(r, 'reduceMean', x, axes, true);
  const centred = binary(r, 'sub', x, mean);
  const variance = reduce(r, 'reduceMean', binary(r, 'mul', centred, centred), axes, true);
  const deviation = unary(r, 'sqrt', binary(r, 'add', variance, scalar(node.float('epsilon', 1e-5))));
  const scaled = binary(
    r,
    'mul',
    binary(r, 'div', centred, deviation),
    onChannels(node, node.value(1), rank),
  );
  const result = binary(r, 'add', scaled, onChannels(node, node.value(2), rank));
  const momentum = node.float('momentum', 0.9);
  const moved = (running: Value, batch: Value): Value =>
    binary(
      r,
      'add',
      binary(r, 'mul', running, scalar(momentum)),
      binary(r, 'mul', reshape(r, batch, shapeOf(running)), scalar(1 - momentum)),
    );
  return [result, moved(node.value(3), mean), moved(node.value(4), variance)];
}

/** A layer if scale and bias belong to it alone, else the operator. */
function affine(node: NodeView, method: string, attrs: Readonly<Record<string, unknown>>): Value {
  const weight = node.value(1);
  if (weight.kind === 'known' && allFree(node, 1, 2)) {
    const parameters = { weight, bias: node.inputs[2] as Known | undefined };
    const isDefault = method !== 'instanceNorm';
    const options = { ...attrs, affine: isDefault ? undefined : true };
    return makeLayer(node, method, node.live(0), options, parameters, weight.source);
  }
  const operands = [node.live(0), node.live(1), optionalLive(node, 2)].filter((x): x is Live => !!x);
  return operation(node.r, 'f32', method, operands, { ...attrs, epsilon: attrs['epsilon'] ?? 1e-5 });
}

const instanceNorm: Translate = (node) => {
  checkChannels(node, [1, 2]);
  return affine(node, 'instanceNorm', { epsilon: epsilonOf(node) });
};

/** There is one scale and bias for each group before opset 21. */
const groupNorm: Translate = (node) => {
  const groups = node.int('num_groups');
  const channels = shapeOf(node.value(0))[1]!;
  if (!(groups >= 1) || channels % groups !== 0)
    return node.refuse('CNNC3015', `${channels} channels cannot be split into ${groups} groups`);
  const isByGroup = node.opset < 21 && sizeOf(shapeOf(node.value(1))) !== channels;
  if (isByGroup) return node.refuse('CNNC3016', 'scale and bias by group are not supported');
  checkChannels(node, [1, 2]);
  return affine(node, 'groupNorm', { groups, epsilon: epsilonOf(node) });
};

/** LayerNormalization. It also returns mean and inverse deviation if they are read. */
const layerNorm: Translate = (node) => {
  const x = node.value(0);
  const shape = shapeOf(x);
  const axis = axisOf(node, node.int('axis', -1), shape.length);
  const normalized = shape.slice(axis);
  const epsilon = epsilonOf(node);
  const isWhole = [1, 2].every(
    (index) => !node.inputs[index] || shapeOf(node.inputs[index]).join() === normalized.join(),
  );
  if (!isWhole)
    return node.refuse('CNNC3015', `its scale and bias must have the shape [${normalized.join(',')}]`);
  const parameters = { shape: normalized, bias: node.inputs[2] ? undefined : false };
  const attrs = { normalizedRank: normalized.length, epsilon };
  const weight = node.value(1);
  const isOwn = weight.kind === 'known' && allFree(node, 1, 2);
  const result = affine(node, 'layerNorm', isOwn ? { ...parameters, epsilon } : attrs);
  return node.hasOutput(1) || node.hasOutput(2) ? [result, ...statistics(node, x, axis)] : result;
};

function statistics(node: NodeView, x: Value, from: number): Value[] {
  const { r } = node;
  const axes = shapeOf(x)
    .map((_, axis) => axis)
    .slice(from);
  const mean = reduce(r, 'reduceMean', x, axes, true);
  const centred = binary(r, 'sub', x, mean);
  const variance = reduce(r, 'reduceMean', binary(r, 'mul', centred, centred), axes, true);
  const deviation = unary(r, 'sqrt', binary(r, 'add', variance, scalar(node.float('epsilon', 1e-5))));
  return [mean, unary(r, 'reciprocal', deviation)];
}

const localResponseNorm: Translate = (node) => {
  const [alpha, beta, k] = [node.float('alpha', 1e-4), node.float('beta', 0.75), node.float('bias', 1)];
  return call(node.r, 'f32', 'localResponseNorm', [node.live(0)], {
    size: node.int('size'),
    alpha: Math.abs(alpha - 1e-4) < 1e-10 ? undefined : shortest(alpha),
    beta: beta === 0.75 ? undefined : shortest(beta),
    k: k === 1 ? undefined : shortest(k),
  });
};

const meanVariance: Translate = (node) => {
  const { r } = node;
  const x = node.value(0);
  const axes = (node.ints('axes') ?? [0, 2, 3]).map((axis) => axisOf(node, axis, shapeOf(x).length));
  const centred = binary(r, 'sub', x, reduce(r, 'reduceMean', x, axes, true));
  const variance = reduce(r, 'reduceMean', binary(r, 'mul', centred, centred), axes, true);
  return binary(r, 'div', centred, binary(r, 'add', unary(r, 'sqrt', variance), scalar(1e-9)));
};

const lpNormalization: Translate = (node) => {
  const { r } = node;
  const x = node.value(0);
  const axis = axisOf(node, node.int('axis', -1), shapeOf(x).length);
  const norm = reduce(r, node.int('p', 2) === 1 ? 'reduceL1' : 'reduceL2', x, [axis], true);
  return binary(r, 'div', x, norm);
};

/**
 * Dropout. Outside of training it returns x. In training ONNX's reference implementation draws the mask with NumPy
 * from `seed`, so it is the same in every run. Without a seed the mask would differ from run to run, which is not
 * supported.
 */
const dropout: Translate = (node) => {
  const { r } = node;
  const x = node.value(0);
  const ratio = node.has('ratio') ? node.float('ratio') : (knownScalar(node.inputs[1]) ?? 0.5);
  const isTraining = node.inputs[2] !== undefined && node.known(2, 'training_mode').data[0] !== 0;
  const shape = shapeOf(x);
  if (!(ratio >= 0 && ratio < 1))
    return node.refuse('CNNC3015', `its ratio is ${ratio}, expected 0 to below 1`);
  if (!isTraining || ratio === 0) {
    const kept = call(r, 'f32', 'dropout', [live(r, x)], { p: ratio === 0.5 ? undefined : shortest(ratio) });
    return node.hasOutput(1) ? [kept, expand(r, known('bool', [], [1]), shape)] : kept;
  }
  if (!node.has('seed')) return node.refuse('CNNC3015', 'in training mode it needs a seed');
  const drawn = uniformNumbers(node.int('seed'), sizeOf(shape));
  const mask = known(
    'bool',
    shape,
    drawn.map((number) => Number(number >= ratio)),
  );
  const factors = known(
    'f32',
    shape,
    [...mask.data].map((kept) => kept / (1 - ratio)),
  );
  return [binary(r, 'mul', x, factors), mask];
};

export const normalization: Translations = {
  BatchNormalization: batchNorm,
  Dropout: dropout,
  GroupNormalization: groupNorm,
  InstanceNormalization: instanceNorm,
  LayerNormalization: layerNorm,
  LpNormalization: lpNormalization,
  LRN: localResponseNorm,
  MeanVarianceNormalization: meanVariance,
};
