/** The WebGPU target: channels-last activations, so that neighbouring invocations read neighbouring channels. */
import { channelsLast, rowMajor } from '../../kernel/layout.ts';
import type { Target } from '../../lowering/target.ts';
import { BINDING_ALIGNMENT } from './bindings.ts';

export const webgpuTarget: Target = {
  name: 'webgpu',
  activationLayout: ({ shape }) => (shape.length === 4 ? channelsLast(shape) : rowMajor(shape)),
  schedules: {},
  alignment: BINDING_ALIGNMENT,
};
