/** The WebGPU target: channels-last activations, so that neighbouring channels are a vector. */
import { channelsLast, rowMajor } from '../../kernel/layout.ts';
import { channelReductionRules } from '../../lowering/shared/channelReductions.ts';
import type { Target } from '../../lowering/target.ts';
import { BINDING_ALIGNMENT } from './bindings.ts';
import { channelReduction } from './kernels/channelReduction.ts';
import { conv2dRule, type Precision } from './kernels/conv2d.ts';
import { conv2dInputGradientRule, convTranspose2dRule } from './kernels/conv2dInputGradient.ts';
import { conv2dWeightGradientSchedule } from './kernels/conv2dWeightGradient.ts';
import type { Family } from './kernels/family.ts';
import { linearRule } from './kernels/linear.ts';
import { matmulRule } from './kernels/matmul.ts';

/**
 * `blocked` keeps everything in registers, for devices whose memory of a workgroup is slow or that are processors;
 * `tiled` shares what it loads among a workgroup. Both read the same weights.
 */
export type WebgpuFamily = Family;

export interface WebgpuOptions {
  readonly family: WebgpuFamily;
  /** Default: what training needs. */
  readonly precision?: Precision;
}

export const createWebgpuTarget = ({ family, precision = 'training' }: WebgpuOptions): Target => ({
  name: 'webgpu',
  activationLayout: ({ shape }) => (shape.length === 4 ? channelsLast(shape) : rowMajor(shape)),
  schedules: {
    conv2d: conv2dRule(family, precision),
    conv2dInputGradient: conv2dInputGradientRule(family),
    conv2dWeightGradient: conv2dWeightGradientSchedule,
    convTranspose2d: convTranspose2dRule(family),
    linear: linearRule(family),
    matmul: matmulRule(family),
    ...channelReductionRules(channelReduction),
  },
  alignment: BINDING_ALIGNMENT,
});

export const webgpuTarget: Target = createWebgpuTarget({ family: 'blocked' });
