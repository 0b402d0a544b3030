/**
 * How each operation is written in ONNX. The table is complete or does not compile; what only training uses says so.
 */
import type { OpName } from '../../ir/types.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { movement } from './movement.ts';
import { normalization } from './normalization.ts';
import { pooling } from './pooling.ts';
import { reduction } from './reduction.ts';
import type { ExportRule } from './site.ts';

/** Leaves are the exporter's own. */
export type ExportedOp = Exclude<OpName, 'input' | 'parameter' | 'constant'>;

type Rules = { readonly [K in ExportedOp]: ExportRule<K> | 'notExported' };

/** Gradients, losses, random numbers; and what only the back end makes. */
const notExported = {
  adaptiveAveragePoolGradient: 'notExported',
  averagePoolGradient: 'notExported',
  batchMeanGradient: 'notExported',
  batchNormInputGradient: 'notExported',
  batchNormMeanGradient: 'notExported',
  batchNormVarianceGradient: 'notExported',
  batchNormWeightGradient: 'notExported',
  batchVarianceGradient: 'notExported',
  bceWithLogits: 'notExported',
  celuGradient: 'notExported',
  clipGradient: 'notExported',
  conv2dInputGradient: 'notExported',
  conv2dWeightGradient: 'notExported',
  crossEntropy: 'notExported',
  crossEntropyGradient: 'notExported',
  crossEntropyWeight: 'notExported',
  crossEntropyWeightsGradient: 'notExported',
  dropout: 'notExported',
  eluGradient: 'notExported',
  erfGradient: 'notExported',
  fusion: 'notExported',
  gatherGradient: 'notExported',
  geluGradient: 'notExported',
  globalAveragePoolGradient: 'notExported',
  groupNormGradient: 'notExported',
  hardSigmoidGradient: 'notExported',
  hardSwishGradient: 'notExported',
  l1Loss: 'notExported',
  layerNormGradient: 'notExported',
  leakyReluGradient: 'notExported',
  locallyConnected2dInputGradient: 'notExported',
  locallyConnected2dWeightGradient: 'notExported',
  localResponseNormGradient: 'notExported',
  logSoftmaxGradient: 'notExported',
  lpPoolGradient: 'notExported',
  maximumGradient: 'notExported',
  maxPoolGradient: 'notExported',
  maxUnpoolGradient: 'notExported',
  minimumGradient: 'notExported',
  mishGradient: 'notExported',
  mseLoss: 'notExported',
  padGradient: 'notExported',
  powBaseGradient: 'notExported',
  powExponentGradient: 'notExported',
  preluInputGradient: 'notExported',
  preluSlopeGradient: 'notExported',
  randomNormal: 'notExported',
  randomUniform: 'notExported',
  reduceExtremeGradient: 'notExported',
  reduceProdGradient: 'notExported',
  reluGradient: 'notExported',
  resizeBilinearGradient: 'notExported',
  resizeNearestGradient: 'notExported',
  seluGradient: 'notExported',
  sigmoidGradient: 'notExported',
  siluGradient: 'notExported',
  sliceGradient: 'notExported',
  smoothL1Loss: 'notExported',
  softmaxGradient: 'notExported',
  softplusGradient: 'notExported',
  softsignGradient: 'notExported',
  tanhGradient: 'notExported',
  thresholdedReluGradient: 'notExported',
} as const;

const rules: Rules = {
  ...convolution,
  ...elementwise,
  ...movement,
  ...normalization,
  ...notExported,
  ...pooling,
  ...reduction,
};

/** The rule for an op that is only known as one of them; its attrs must come from the same node. */
export const ruleOf = <K extends ExportedOp>(op: K): ExportRule<K> | 'notExported' =>
  rules[op] as unknown as ExportRule<K> | 'notExported';
