/** The WebGPU target. Activations are channels-last, so that neighbouring channels form a vector. */
import type { OpName } from '../../ir/types.ts';
import { channelsLast, rowMajor, sameLayout } from '../../kernel/layout.ts';
import { channelReductionRules } from '../../lowering/shared/channelReductions.ts';
import type { Precision } from '../../lowering/shared/precision.ts';
import type { ScheduleRule, Target } from '../../lowering/target.ts';
import { conv2d } from '../../ops/conv2d.ts';
import { conv2dInputGradient } from '../../ops/conv2dInputGradient.ts';
import { conv2dWeightGradient } from '../../ops/conv2dWeightGradient.ts';
import { convTranspose2d } from '../../ops/convTranspose2d.ts';
import { linear } from '../../ops/linear.ts';
import { matmul } from '../../ops/matmul.ts';
import { BINDING_ALIGNMENT } from './bindings.ts';
import { TILED, type Family } from './families.ts';
import { kernelPasses } from './passes/index.ts';
import { channelReduction } from './schedules/channelReduction.ts';
import { conv2dRule } from './schedules/conv2d/conv2d.ts';
import { conv2dInputGradientRule } from './schedules/conv2dInputGradient/conv2dInputGradient.ts';
import { conv2dWeightGradientSchedule } from './schedules/conv2dWeightGradient.ts';
import { convTranspose2dRule } from './schedules/convTranspose2d.ts';
import { linearRule } from './schedules/linear/linear.ts';
import { matmulRule } from './schedules/matmul/matmul.ts';

export interface WebgpuOptions {
  /** The family of all kernels. Default: `blocked` kernels, with `tiled` ones as variants if they differ. */
  readonly family?: Family | undefined;
  /** Default: `training`. */
  readonly precision?: Precision;
}

export function createWebgpuTarget({ family, precision = 'training' }: WebgpuOptions = {}): Target {
  const either = <K extends OpName>(rule: (family: Family) => ScheduleRule<K>): ScheduleRule<K> =>
    family ? rule(family) : chosenAtLoad(rule('blocked'), rule(TILED));
  return {
    name: 'webgpu',
    activationLayout: ({ shape }) => (shape.length === 4 ? channelsLast(shape) : rowMajor(shape)),
    schedules: {
      [conv2d.name]: either((own) => conv2dRule(own, precision)),
      [conv2dInputGradient.name]: either(conv2dInputGradientRule),
      [conv2dWeightGradient.name]: conv2dWeightGradientSchedule,
      [convTranspose2d.name]: either(convTranspose2dRule),
      [linear.name]: either(linearRule),
      [matmul.name]: either(matmulRule),
      ...channelReductionRules(channelReduction),
    },
    kernelPasses: kernelPasses(family),
    alignment: BINDING_ALIGNMENT,
  };
}

/** Combines both families. They read the same packed weights, so a package has these once. */
const chosenAtLoad =
  <K extends OpName>(blocked: ScheduleRule<K>, tiled: ScheduleRule<K>): ScheduleRule<K> =>
  (request) => {
    const [own, other] = [blocked(request), tiled(request)];
    if (!own || !other || own.name === other.name) return own;
    const isSame = own.inputLayouts.every((layout, i) => sameLayout(layout, other.inputLayouts[i]!));
    if (!isSame) throw new Error(`${own.name} and ${other.name} want their operands in different layouts`);
    return { ...own, variants: { [TILED]: other } };
  };

export const webgpuTarget: Target = createWebgpuTarget();
