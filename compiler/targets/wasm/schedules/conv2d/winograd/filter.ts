/** Transformed filters for the products of Winograd's algorithm: G g G^T, packed [(m + 2)^2][O / 8][I][8]. */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, constant, mul } from '../../../../../kernel/expression.ts';
import { elementIndex, rowMajor, type Layout } from '../../../../../kernel/layout.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { forPanels } from '../../../../../lowering/shared/blocks.ts';
import { roundUp } from '../../../../../lowering/shared/shorthands.ts';
import {
  describeFilters,
  loadFilter,
  transformFilter,
  type Winograd,
} from '../../../../../lowering/shared/winograd.ts';
import type { Transform } from '../../../../../lowering/target.ts';

/** Output channels of a panel. */
export const PANEL = 8;

/** Padding after each matrix: with a size that is a power of two, all would begin in the same set of the cache. */
const SKEW = 16;

/** The size of the matrix for one position of a tile, in elements. */
export const filterMatrix = (outputs: number, channels: number): number =>
  roundUp(outputs, PANEL) * channels + SKEW;

export const filterLayout = (outputs: number, channels: number, { inputs }: Winograd): Layout => ({
  ...rowMajor([inputs * inputs * filterMatrix(outputs, channels)]),
  name: `winograd${inputs - 2}`,
});

/** The filters of the convolution, or those of its input gradient: rotated, from outputs to inputs. */
export type Direction = 'forward' | 'gradient';

export function filterTransform(
  shape: readonly number[],
  winograd: Winograd,
  direction: Direction = 'forward',
): Transform {
  const isForward = direction === 'forward';
  const [outputs, channels] = (isForward ? shape : [shape[1]!, shape[0]!]) as [number, number];
  const from = rowMajor(shape);
  const place = (output: Expr, channel: Expr, y: number, x: number): Expr =>
    isForward
      ? elementIndex(from, [output, channel, constant(y), constant(x)])
      : elementIndex(from, [channel, output, constant(2 - y), constant(2 - x)]);
  return {
    name: `winograd${winograd.outputs}${isForward ? '' : '_rotated'}`,
    from,
    comment: describeFilters(winograd, PANEL),
    build: (k) => buildFilters(k, place, outputs, channels, winograd),
  };
}

/** Transforms the filters panel by panel, so that whole cache lines of the matrices are written. */
function buildFilters(
  k: KernelBuilder,
  place: (output: Expr, channel: Expr, y: number, x: number) => Expr,
  outputs: number,
  channels: number,
  winograd: Winograd,
): void {
  const matrix = filterMatrix(outputs, channels);
  const fill = (panel: Expr, lanes: number): void =>
    k.for('i', 0, channels, (channel) =>
      k.for('lane', 0, lanes, (lane) => {
        const output = k.let('output', add(mul(panel, PANEL), lane));
        const to = k.let('place', add(mul(add(mul(panel, channels), channel), PANEL), lane));
        const filter = loadFilter(k, (y, x) => place(output, channel, y, x));
        transformFilter(k, winograd, filter, to, matrix);
      }),
    );
  forPanels(k, { name: 'panel', extent: outputs, block: PANEL }, fill);
}
