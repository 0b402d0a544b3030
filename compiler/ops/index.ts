/**
 * The registry: every operation by its name. A missing entry does not compile, because `OpName` holds every
 * name that an operation's file declares.
 */
import type { Attrs, OpName } from '../ir/types.ts';
import { add } from './add.ts';
import { averagePool, averagePoolGradient } from './averagePool.ts';
import { batchMean, batchMeanGradient } from './batchMean.ts';
import { batchNorm } from './batchNorm.ts';
import {
  batchNormInputGradient,
  batchNormMeanGradient,
  batchNormVarianceGradient,
  batchNormWeightGradient,
} from './batchNormGradient.ts';
import { batchVariance, batchVarianceGradient } from './batchVariance.ts';
import { concat } from './concat.ts';
import { conv2d } from './conv2d.ts';
import { conv2dInputGradient } from './conv2dInputGradient.ts';
import { conv2dWeightGradient } from './conv2dWeightGradient.ts';
import { dropout } from './dropout.ts';
import { expand } from './expand.ts';
import { flatten } from './flatten.ts';
import { fusion } from './fusion.ts';
import { globalAveragePool, globalAveragePoolGradient } from './globalAveragePool.ts';
import { constant, input, parameter } from './leaves.ts';
import { linear } from './linear.ts';
import { matmul } from './matmul.ts';
import { maxPool } from './maxPool.ts';
import { maxPoolGradient } from './maxPoolGradient.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { pad, padGradient } from './pad.ts';
import { randomNormal } from './randomNormal.ts';
import { randomUniform } from './randomUniform.ts';
import { reduceSum } from './reduceSum.ts';
import { relu, reluGradient } from './relu.ts';
import { reshape } from './reshape.ts';
import { slice, sliceGradient } from './slice.ts';
import { softmax, softmaxGradient } from './softmax.ts';
import { sub } from './sub.ts';
import type { OpDefinition } from './types.ts';

export const ops: { readonly [K in OpName]: OpDefinition<K> } = {
  add,
  averagePool,
  averagePoolGradient,
  batchMean,
  batchMeanGradient,
  batchNorm,
  batchNormInputGradient,
  batchNormMeanGradient,
  batchNormVarianceGradient,
  batchNormWeightGradient,
  batchVariance,
  batchVarianceGradient,
  concat,
  constant,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  dropout,
  expand,
  flatten,
  fusion,
  globalAveragePool,
  globalAveragePoolGradient,
  input,
  linear,
  matmul,
  maxPool,
  maxPoolGradient,
  mul,
  neg,
  pad,
  padGradient,
  parameter,
  randomNormal,
  randomUniform,
  reduceSum,
  relu,
  reluGradient,
  reshape,
  slice,
  sliceGradient,
  softmax,
  softmaxGradient,
  sub,
};

/** The definition for an op that is only known as one of them; its attrs must come from the same node. */
export const definitionOf = <K extends OpName>(op: K): OpDefinition<K> =>
  ops[op] as unknown as OpDefinition<K>;

export const opNames = Object.keys(ops) as (keyof Attrs)[];
