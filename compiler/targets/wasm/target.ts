/** The WebAssembly SIMD target. Activations are channels-last, so that neighbouring channels form a vector. */
import { channelsLast, rowMajor } from '../../kernel/layout.ts';
import { channelReductionRules } from '../../lowering/shared/channelReductions.ts';
import type { Precision } from '../../lowering/shared/precision.ts';
import { F2 } from '../../lowering/shared/winograd.ts';
import type { Target } from '../../lowering/target.ts';
import { batchNorm } from '../../ops/batchNorm.ts';
import { batchNormTrainingGradient } from '../../ops/batchNormTrainingGradient.ts';
import { conv2d } from '../../ops/conv2d.ts';
import { conv2dInputGradient } from '../../ops/conv2dInputGradient.ts';
import { conv2dWeightGradient } from '../../ops/conv2dWeightGradient.ts';
import { convTranspose2d } from '../../ops/convTranspose2d.ts';
import { linear } from '../../ops/linear.ts';
import { matmul } from '../../ops/matmul.ts';
import { maxPool } from '../../ops/maxPool.ts';
import { maxPoolGradient } from '../../ops/maxPoolGradient.ts';
import { sliceGradient } from '../../ops/slice.ts';
import { kernelPasses } from './passes/index.ts';
import { batchNormSchedule, batchNormTrainingGradientSchedule } from './schedules/batchNorm.ts';
import { channelReduction } from './schedules/channelReduction.ts';
import {
  CONV_WAYS,
  EXACT_WAYS,
  TRAINING_WAYS,
  conv2dRule,
  type ChooseWay,
  type ConvWay,
} from './schedules/conv2d/conv2d.ts';
import { conv2dInputGradientRule } from './schedules/conv2dInputGradient/conv2dInputGradient.ts';
import { conv2dWeightGradientRule } from './schedules/conv2dWeightGradient/conv2dWeightGradient.ts';
import { convTranspose2dSchedule } from './schedules/convTranspose2d.ts';
import { linearSchedule } from './schedules/linear/linear.ts';
import { matmulSchedule } from './schedules/matmul.ts';
import { maxPoolSchedule } from './schedules/maxPool.ts';
import { maxPoolGradientSchedule } from './schedules/maxPoolGradient.ts';
import { sliceGradientSchedule } from './schedules/sliceGradient.ts';

const WAYS: Readonly<Record<Precision, readonly ConvWay[]>> = {
  fast: CONV_WAYS,
  training: TRAINING_WAYS,
  exact: EXACT_WAYS,
};

export interface WasmOptions {
  readonly precision: Precision;
  /** Chooses how a convolution is computed. Default: the cost model decides. */
  readonly choose?: ChooseWay;
}

export const createWasmTarget = ({ precision, choose }: WasmOptions): Target => ({
  name: 'wasm',
  activationLayout: ({ shape }) => (shape.length === 4 ? channelsLast(shape) : rowMajor(shape)),
  schedules: {
    [conv2d.name]: conv2dRule(WAYS[precision], choose),
    [convTranspose2d.name]: convTranspose2dSchedule,
    [linear.name]: linearSchedule,
    [matmul.name]: matmulSchedule,
    [maxPool.name]: maxPoolSchedule,
    [maxPoolGradient.name]: maxPoolGradientSchedule,
    [conv2dInputGradient.name]: conv2dInputGradientRule(precision === 'exact' ? [] : [F2]),
    [conv2dWeightGradient.name]: conv2dWeightGradientRule(precision !== 'exact'),
    [sliceGradient.name]: sliceGradientSchedule,
    [batchNorm.name]: batchNormSchedule,
    [batchNormTrainingGradient.name]: batchNormTrainingGradientSchedule,
    ...channelReductionRules(channelReduction),
  },
  kernelPasses,
});

export const wasmTarget = createWasmTarget({ precision: 'fast' });
