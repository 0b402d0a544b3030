/**
 * Transforms filters, G g G^T, for a panel of 8 outputs and a block of channels, where the products need them. Filters
 * transformed in advance would be four times (F(4x4)) as large, and reading them takes longer than transforming them
 * again. Only small filters are transformed in advance.
 */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, constant, mul } from '../../../../../kernel/expression.ts';
import { rowMajor, type Layout } from '../../../../../kernel/layout.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { outputPanels } from '../../../../../lowering/shared/packedWeights.ts';
import { INDEPENDENT } from '../../../../../lowering/shared/shorthands.ts';
import { transformFilter } from '../../../../../lowering/shared/winograd.ts';
import type { Transform } from '../../../../../lowering/target.ts';
import { PANEL, storedLength, type WinogradPlan } from './plan.ts';

export interface Filters {
  /** The buffer of the weights, packed [O / 8][3][3][I][8]. */
  readonly weights: string;
  /** The first output and input channel, and the number of input channels. */
  readonly output: Expr;
  readonly channel: Expr;
  readonly channels: number;
  /** Where the first matrix [channel][8] begins. There is one for each position of a tile. */
  readonly to: { readonly buffer: string; readonly at: Expr };
  /** Whether vectors are transformed. The compiler itself may transform filters in advance, number by number. */
  readonly isVector: boolean;
}

export function transformFilters(
  k: KernelBuilder,
  { geometry, winograd, filterMatrix }: WinogradPlan,
  { weights, output, channel, channels, to, isVector }: Filters,
): void {
  const tap = geometry.channels * PANEL;
  const first = k.let('filter', add(mul(output, 9 * geometry.channels), mul(channel, PANEL)));
  const type = isVector ? 'f32x4' : undefined;
  const oneFilter = (at: Expr): void => {
    const from = k.let('from', add(first, at));
    const g = [0, 1, 2].map((y) =>
      [0, 1, 2].map((x) => k.let(`g${y}${x}`, k.load(weights, add(from, (3 * y + x) * tap), type))),
    );
    const place = k.let('place', add(to.at, at));
    transformFilter(k, winograd, g, (position, value) =>
      k.store(to.buffer, add(place, position * filterMatrix), value),
    );
  };
  k.block('filters, transformed', () =>
    k.for('at', 0, channels * PANEL, oneFilter, { step: isVector ? 4 : 1, ...INDEPENDENT }),
  );
}

/** The layout of filters that are transformed in advance. */
export const storedLayout = ({ geometry, winograd }: WinogradPlan): Layout => ({
  ...rowMajor([storedLength(geometry, winograd)]),
  name: `winograd${winograd.outputs}`,
});

/** Transforms all filters. `shape` is that of the weights. */
export function storedFilters(plan: WinogradPlan, shape: readonly number[]): Transform {
  const { geometry, winograd, filterMatrix } = plan;
  const { outputs, channels } = geometry;
  const m = winograd.outputs;
  const onePanel = (k: KernelBuilder, panel: Expr): void => {
    const at = k.let('matrices', mul(panel, winograd.inputs ** 2 * filterMatrix));
    transformFilters(k, plan, {
      ...{ weights: 'x', output: mul(panel, PANEL), channel: constant(0), channels },
      to: { buffer: 'out', at },
      isVector: false,
    });
  };
  return {
    name: `winograd${winograd.outputs}`,
    from: outputPanels(shape, PANEL),
    comment: `filters of Winograd's F(${m}x${m}, 3x3), in panels of ${PANEL}; each has a matrix for each of ${winograd.inputs ** 2} positions`,
    build: (k) => k.for('panel', 0, Math.ceil(outputs / PANEL), (panel) => onePanel(k, panel), INDEPENDENT),
  };
}
