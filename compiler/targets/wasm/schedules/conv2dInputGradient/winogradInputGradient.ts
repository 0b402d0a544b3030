/**
 * The input gradient of a 3x3 convolution with stride 1 is itself a 3x3 convolution, of the output's gradient with
 * rotated filters. Winograd's algorithm computes it if that is faster than the direct way.
 */
import {
  inputGradientGeometry,
  isDense,
  stridesOf,
  type PlacedConvolution,
} from '../../../../lowering/shared/convolution.ts';
import { gradientPhases } from '../../../../lowering/shared/gradientPhases.ts';
import { groupedInputPanels } from '../../../../lowering/shared/packedWeights.ts';
import type { Winograd } from '../../../../lowering/shared/winograd.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Padding } from '../../../../ops/shared/window.ts';
import { directCost, winogradCost } from '../conv2d/cost.ts';
import { PANEL, planWinograd } from '../conv2d/winograd/plan.ts';
import { winogradVariants } from '../conv2d/winograd/schedule.ts';
import { ROTATED, rotateWeights } from './rotatedWeights.ts';

type Request = ScheduleRequest<'conv2dInputGradient'>;

/** Undefined if no algorithm fits and is faster than the direct way. */
export function winogradInputGradientSchedule(
  request: Request,
  algorithms: readonly Winograd[],
): Schedule<'conv2dInputGradient'> | undefined {
  const geometry = turnedAround(request);
  if (!geometry) return undefined;
  const plans = algorithms.flatMap((winograd) => planWinograd(geometry, winograd, true) ?? []);
  const [plan] = plans.toSorted((a, b) => winogradCost(a) - winogradCost(b));
  if (!plan || winogradCost(plan) >= directCost(geometry)) return undefined;
  const { shape } = request.inputs[1]!;
  const { window, height, width } = inputGradientGeometry(request);
  const [rows, columns] = [gradientPhases(window, 0, height), gradientPhases(window, 1, width)];
  const packing = { shape, groups: 1, block: PANEL, rows, columns };
  return {
    inputLayouts: [request.inputLayouts[0]!, groupedInputPanels(shape, 1, PANEL, ROTATED)],
    outputLayout: request.outputLayout,
    transforms: [undefined, rotateWeights(packing, window)],
    ...winogradVariants(plan),
  };
}

/** The convolution of the output's gradient. It exists for stride 1 if the padding is smaller than the kernel. */
function turnedAround(request: Request): PlacedConvolution | undefined {
  const { images, groups, channels, outputs, window, ...sizes } = inputGradientGeometry(request);
  const padding = window.padding.map((zeros, side) => window.kernel[side % 2]! - 1 - zeros);
  if (groups > 1 || !isDense(window) || padding.some((zeros) => zeros < 0)) return undefined;
  return {
    ...{ images, groups, channels: outputs, outputs: channels },
    ...{ height: sizes.outHeight, width: sizes.outWidth, outHeight: sizes.height, outWidth: sizes.width },
    window: { ...window, padding: padding as unknown as Padding },
    input: stridesOf(request.inputLayouts[0]!),
  };
}
