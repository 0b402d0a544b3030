/** The TypeScript target: channels-last activations, register-blocked convolution and matrix product. */
import { channelsLast, rowMajor } from '../../kernel/layout.ts';
import type { Target } from '../../lowering/target.ts';
import { conv2dSchedule } from './kernels/conv2d.ts';
import { linearSchedule } from './kernels/linear.ts';

export const typescriptTarget: Target = {
  name: 'typescript',
  activationLayout: ({ shape }) => (shape.length === 4 ? channelsLast(shape) : rowMajor(shape)),
  schedules: {
    conv2d: (request) => conv2dSchedule(request),
    linear: linearSchedule,
  },
};
