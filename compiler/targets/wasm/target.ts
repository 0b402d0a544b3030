/** The WebAssembly SIMD target: channels-last activations, so that neighbouring channels are a vector. */
import { channelsLast, rowMajor } from '../../kernel/layout.ts';
import { conv2dSchedule } from './kernels/conv2d.ts';
import type { Target } from '../../lowering/target.ts';

export const wasmTarget: Target = {
  name: 'wasm',
  activationLayout: ({ shape }) => (shape.length === 4 ? channelsLast(shape) : rowMajor(shape)),
  schedules: { conv2d: conv2dSchedule },
};
