/**
 * Weights of convolutions and matrix products: panels of neighbouring outputs, [O / block][KH][KW][I][block], so that the
 * weights of one input channel are vectors side by side. Both families of schedules read them.
 */
import { createLayout, type Layout } from '../../../../kernel/layout.ts';

/** Outputs of a panel. Where groups are, none may straddle two. */
export function panelBlock(outputs: number, groups: number): number | undefined {
  const fits = (block: number): boolean => (groups === 1 ? outputs > block / 2 : outputs % block === 0);
  return [16, 8, 4].find(fits) ?? (groups === 1 ? 4 : undefined);
}

/** Of [O, I, KH, KW]. */
export const panelLayout = (shape: readonly number[], block: number): Layout =>
  createLayout(`ohwi${block}`, shape, [0, 2, 3, 1, { axis: 0, block }]);

/** The same of what goes from outputs to inputs: of [O, I, KH, KW] panels of inputs, in each group. */
export const transposedLayout = (shape: readonly number[], groups: number, block: number): Layout =>
  createLayout(`ihwo${block}`, shape, [
    0,
    1,
    2,
    3,
    { axis: 0, block: shape[0]! / groups },
    { axis: 1, block },
  ]);

/** A vector that is read beside panels: filled up to whole ones. */
export const alongPanels = (shape: readonly number[], block: number): Layout =>
  shape[0]! % block === 0
    ? createLayout('rowMajor', shape, [0])
    : createLayout(`o${block}`, shape, [0, { axis: 0, block }]);
