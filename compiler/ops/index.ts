/**
 * The registry: every operator by its name. A missing entry does not compile, because `OpName` has every name that an
 * operator's file declares.
 */
import type { Attrs, OpName } from '../ir/types.ts';
import { abs } from './abs.ts';
import { adaptiveAveragePool, adaptiveAveragePoolGradient } from './adaptiveAveragePool.ts';
import { add } from './add.ts';
import { argMax } from './argMax.ts';
import { averagePool, averagePoolGradient } from './averagePool.ts';
import { batchMean, batchMeanGradient } from './batchMean.ts';
import { batchNorm } from './batchNorm.ts';
import {
  batchNormInputGradient,
  batchNormMeanGradient,
  batchNormVarianceGradient,
  batchNormWeightGradient,
} from './batchNormGradient.ts';
import { batchNormTrainingGradient } from './batchNormTrainingGradient.ts';
import { batchVariance, batchVarianceGradient } from './batchVariance.ts';
import { bceWithLogits } from './bceWithLogits.ts';
import { cast } from './cast.ts';
import { ceil } from './ceil.ts';
import { celu, celuGradient } from './celu.ts';
import { channelMaxPool } from './channelMaxPool.ts';
import { channelShuffle } from './channelShuffle.ts';
import { clip, clipGradient } from './clip.ts';
import { compare } from './compare.ts';
import { concat } from './concat.ts';
import { conv2d } from './conv2d.ts';
import { conv2dInputGradient } from './conv2dInputGradient.ts';
import { conv2dWeightGradient } from './conv2dWeightGradient.ts';
import { convTranspose2d } from './convTranspose2d.ts';
import { cos } from './cos.ts';
import { crossEntropy } from './crossEntropy.ts';
import {
  crossEntropyGradient,
  crossEntropyWeight,
  crossEntropyWeightsGradient,
} from './crossEntropyGradient.ts';
import { div } from './div.ts';
import { dropout } from './dropout.ts';
import { elu, eluGradient } from './elu.ts';
import { erf, erfGradient } from './erf.ts';
import { exp } from './exp.ts';
import { expand } from './expand.ts';
import { flatten } from './flatten.ts';
import { floor } from './floor.ts';
import { fusion } from './fusion.ts';
import { gather, gatherGradient } from './gather.ts';
import { gelu, geluGradient } from './gelu.ts';
import { globalAveragePool, globalAveragePoolGradient } from './globalAveragePool.ts';
import { globalLpPool } from './globalLpPool.ts';
import { globalMaxPool } from './globalMaxPool.ts';
import { groupNorm, groupNormGradient } from './groupNorm.ts';
import { hardSigmoid, hardSigmoidGradient } from './hardSigmoid.ts';
import { hardSwish, hardSwishGradient } from './hardSwish.ts';
import { instanceNorm } from './instanceNorm.ts';
import { l1Loss } from './l1Loss.ts';
import { layerNorm, layerNormGradient } from './layerNorm.ts';
import { leakyRelu, leakyReluGradient } from './leakyRelu.ts';
import { constant, input, parameter } from './leaves.ts';
import { linear } from './linear.ts';
import {
  locallyConnected2d,
  locallyConnected2dInputGradient,
  locallyConnected2dWeightGradient,
} from './locallyConnected2d.ts';
import { localResponseNorm, localResponseNormGradient } from './localResponseNorm.ts';
import { log } from './log.ts';
import { logSoftmax, logSoftmaxGradient } from './logSoftmax.ts';
import { lpPool, lpPoolGradient } from './lpPool.ts';
import { matmul } from './matmul.ts';
import { maximum, maximumGradient } from './maximum.ts';
import { maxPool } from './maxPool.ts';
import { maxPoolGradient } from './maxPoolGradient.ts';
import { maxPoolIndices } from './maxPoolIndices.ts';
import { maxUnpool, maxUnpoolGradient } from './maxUnpool.ts';
import { minimum, minimumGradient } from './minimum.ts';
import { minPool } from './minPool.ts';
import { mish, mishGradient } from './mish.ts';
import { mseLoss } from './mseLoss.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { pad, padGradient } from './pad.ts';
import { pixelShuffle, pixelUnshuffle } from './pixelShuffle.ts';
import { pow, powBaseGradient, powExponentGradient } from './pow.ts';
import { prelu, preluInputGradient, preluSlopeGradient } from './prelu.ts';
import { randomNormal } from './randomNormal.ts';
import { randomUniform } from './randomUniform.ts';
import { reciprocal } from './reciprocal.ts';
import { reduceExtremeGradient } from './reduceExtremeGradient.ts';
import { reduceL1 } from './reduceL1.ts';
import { reduceL2 } from './reduceL2.ts';
import { reduceMax } from './reduceMax.ts';
import { reduceMean } from './reduceMean.ts';
import { reduceMin } from './reduceMin.ts';
import { reduceProd, reduceProdGradient } from './reduceProd.ts';
import { reduceSum } from './reduceSum.ts';
import { reduceSumSquare } from './reduceSumSquare.ts';
import { relu, reluGradient } from './relu.ts';
import { reshape } from './reshape.ts';
import { resizeBilinear, resizeBilinearGradient } from './resizeBilinear.ts';
import { resizeNearest, resizeNearestGradient } from './resizeNearest.ts';
import { round } from './round.ts';
import { selu, seluGradient } from './selu.ts';
import { sigmoid, sigmoidGradient } from './sigmoid.ts';
import { sign } from './sign.ts';
import { silu, siluGradient } from './silu.ts';
import { sin } from './sin.ts';
import { slice, sliceGradient } from './slice.ts';
import { smoothL1Loss } from './smoothL1Loss.ts';
import { softmax, softmaxGradient } from './softmax.ts';
import { softplus, softplusGradient } from './softplus.ts';
import { softsign, softsignGradient } from './softsign.ts';
import { sqrt } from './sqrt.ts';
import { sub } from './sub.ts';
import { tanh, tanhGradient } from './tanh.ts';
import { thresholdedRelu, thresholdedReluGradient } from './thresholdedRelu.ts';
import { transpose } from './transpose.ts';
import { where } from './where.ts';
import type { OpDefinition } from './types.ts';

const ops: { readonly [K in OpName]: OpDefinition<K> } = {
  abs,
  adaptiveAveragePool,
  adaptiveAveragePoolGradient,
  add,
  argMax,
  averagePool,
  averagePoolGradient,
  batchMean,
  batchMeanGradient,
  batchNorm,
  batchNormInputGradient,
  batchNormMeanGradient,
  batchNormTrainingGradient,
  batchNormVarianceGradient,
  batchNormWeightGradient,
  batchVariance,
  batchVarianceGradient,
  bceWithLogits,
  cast,
  ceil,
  celu,
  celuGradient,
  channelMaxPool,
  channelShuffle,
  clip,
  clipGradient,
  compare,
  concat,
  constant,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  convTranspose2d,
  cos,
  crossEntropy,
  crossEntropyGradient,
  crossEntropyWeight,
  crossEntropyWeightsGradient,
  div,
  dropout,
  elu,
  eluGradient,
  erf,
  erfGradient,
  exp,
  expand,
  flatten,
  floor,
  fusion,
  gather,
  gatherGradient,
  gelu,
  geluGradient,
  globalAveragePool,
  globalAveragePoolGradient,
  globalLpPool,
  globalMaxPool,
  groupNorm,
  groupNormGradient,
  hardSigmoid,
  hardSigmoidGradient,
  hardSwish,
  hardSwishGradient,
  input,
  instanceNorm,
  l1Loss,
  layerNorm,
  layerNormGradient,
  leakyRelu,
  leakyReluGradient,
  linear,
  locallyConnected2d,
  locallyConnected2dInputGradient,
  locallyConnected2dWeightGradient,
  localResponseNorm,
  localResponseNormGradient,
  log,
  logSoftmax,
  logSoftmaxGradient,
  lpPool,
  lpPoolGradient,
  matmul,
  maximum,
  maximumGradient,
  maxPool,
  maxPoolGradient,
  maxPoolIndices,
  maxUnpool,
  maxUnpoolGradient,
  minimum,
  minimumGradient,
  minPool,
  mish,
  mishGradient,
  mseLoss,
  mul,
  neg,
  pad,
  padGradient,
  parameter,
  pixelShuffle,
  pixelUnshuffle,
  pow,
  powBaseGradient,
  powExponentGradient,
  prelu,
  preluInputGradient,
  preluSlopeGradient,
  randomNormal,
  randomUniform,
  reciprocal,
  reduceExtremeGradient,
  reduceL1,
  reduceL2,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceProdGradient,
  reduceSum,
  reduceSumSquare,
  relu,
  reluGradient,
  reshape,
  resizeBilinear,
  resizeBilinearGradient,
  resizeNearest,
  resizeNearestGradient,
  round,
  selu,
  seluGradient,
  sigmoid,
  sigmoidGradient,
  sign,
  silu,
  siluGradient,
  sin,
  slice,
  sliceGradient,
  smoothL1Loss,
  softmax,
  softmaxGradient,
  softplus,
  softplusGradient,
  softsign,
  softsignGradient,
  sqrt,
  sub,
  tanh,
  tanhGradient,
  thresholdedRelu,
  thresholdedReluGradient,
  transpose,
  where,
};

/**
 * The definition of an operator that is known only as one of several. Its attributes must come from the same node.
 */
export const definitionOf = <K extends OpName>(op: K): OpDefinition<K> => ops[op];

export const opNames = Object.keys(ops) as (keyof Attrs)[];
