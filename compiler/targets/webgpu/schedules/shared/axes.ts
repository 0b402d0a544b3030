/**
 * A walk describes a convolution along one axis. For each of `count` outputs there are `taps` elements of the kernel:
 *
 *     result[first + outStep * j] += source[stride * j + offset + reach * t] * weight[element + step * t]
 *
 * A convolution is one walk per axis. Its input's gradient has one walk for each phase, which is a remainder of
 * positions by the stride: positions of a phase use the same elements of the kernel, the last one first.
 */
import { add, mul } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { ConvGeometry } from '../../../../lowering/shared/convolution.ts';
import { gradientPhases, type GradientPhase } from '../../../../lowering/shared/gradientPhases.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';

export interface Walk extends Omit<GradientPhase, 'rest' | 'tapsBefore'> {
  /** The distance between outputs in the result, and between their positions in the source. */
  readonly outStep: number;
  readonly stride: number;
  /** The extent of the source. Numbers outside it are zeros. */
  readonly extent: number;
}

const forwardWalk = (window: WindowAttrs, axis: 0 | 1, extent: number, count: number): Walk => ({
  ...{ count, first: 0, outStep: 1, extent },
  ...{ stride: window.stride[axis], offset: -window.padding[axis], reach: window.dilation[axis] },
  ...{ taps: window.kernel[axis], element: 0, step: 1 },
});

/** The walks of both axes. Every walk along rows is combined with every walk along columns. */
export interface Walks {
  readonly rows: readonly Walk[];
  readonly columns: readonly Walk[];
}

export const forwardWalks = ({ window, height, width, outHeight, outWidth }: ConvGeometry): Walks => ({
  rows: [forwardWalk(window, 0, height, outHeight)],
  columns: [forwardWalk(window, 1, width, outWidth)],
});

/** The walks of the input's gradient. */
export const gradientWalks = ({ window, height, width, outHeight, outWidth }: ConvGeometry): Walks => ({
  rows: phaseWalks(window, 0, outHeight, height),
  columns: phaseWalks(window, 1, outWidth, width),
});

/** `extent` is the extent of the output's gradient, `count` that of the result. */
const phaseWalks = (window: WindowAttrs, axis: 0 | 1, extent: number, count: number): readonly Walk[] =>
  gradientPhases(window, axis, count).map((phase) => {
    const stride = window.stride[axis];
    // With a single tap these distances are not used.
    const [reach, step] = phase.taps > 1 ? [phase.reach, phase.step] : [1, stride];
    return {
      ...{ count: phase.count, first: phase.first, outStep: stride, extent, stride: 1 },
      ...{ offset: phase.offset, reach, taps: phase.taps, element: phase.element, step: -step },
    };
  });

/** The rows and columns of the result that a pair of walks computes. */
export const walksText = (row: Walk, column: Walk): string =>
  `${outputsText('rows', row)} and ${outputsText('columns', column)}`;

const outputsText = (what: string, { first, outStep }: Walk): string =>
  outStep === 1 ? `all ${what}` : `${what} ${first}, ${first + outStep}, ...`;

/** The position of a walk's output in the result. */
export const resultOf = ({ first, outStep }: Walk, output: Expr): Expr => add(mul(output, outStep), first);

/** The position in the source for an output and a tap. It may be outside the source. */
export const positionOf = ({ stride, reach, offset }: Walk, output: Expr, tap: Expr): Expr =>
  add(add(mul(output, stride), mul(tap, reach)), offset);
