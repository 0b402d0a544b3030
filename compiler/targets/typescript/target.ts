/** The TypeScript target: channels-last activations, register-blocked convolution and matrix product. */
import { channelsLast, rowMajor } from '../../kernel/layout.ts';
import { FIRST_PASSES } from '../../kernel/passes/index.ts';
import type { Target } from '../../lowering/target.ts';
import { conv2d } from '../../ops/conv2d.ts';
import { conv2dInputGradient } from '../../ops/conv2dInputGradient.ts';
import { conv2dWeightGradient } from '../../ops/conv2dWeightGradient.ts';
import { linear } from '../../ops/linear.ts';
import { matmul } from '../../ops/matmul.ts';
import { conv2dSchedule } from './schedules/conv2d.ts';
import { conv2dInputGradientSchedule } from './schedules/conv2dInputGradient.ts';
import { conv2dWeightGradientSchedule } from './schedules/conv2dWeightGradient.ts';
import { linearSchedule } from './schedules/linear.ts';
import { matmulSchedule } from './schedules/matmul.ts';

export const typescriptTarget: Target = {
  name: 'typescript',
  activationLayout: ({ shape }) => (shape.length === 4 ? channelsLast(shape) : rowMajor(shape)),
  schedules: {
    [conv2d.name]: (request) => conv2dSchedule(request),
    [conv2dInputGradient.name]: conv2dInputGradientSchedule,
    [conv2dWeightGradient.name]: conv2dWeightGradientSchedule,
    [linear.name]: linearSchedule,
    [matmul.name]: matmulSchedule,
  },
  kernelPasses: FIRST_PASSES,
};
