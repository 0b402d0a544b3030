/**
 * Correlations with few results and many channels, such as a network's last ones. Workgroups also divide the channels
 * among them (split-K); otherwise most of a GPU would be idle.
 *
 *     partial[part][pixel][output]     the tile of tiled.ts over a part of the channels
 *     the result                       the sum of the parts, in their order, and the fused tail
 */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, mul, type Operand } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { forBlocks } from '../../../../../lowering/shared/blocks.ts';
import { roundUp, ZEROS } from '../../../../../lowering/shared/shorthands.ts';
import type { Workspace } from '../../../../../lowering/target.ts';
import { resultOf } from '../axes.ts';
import type { Correlation, CorrelationBuffers } from './correlate.ts';
import { buildTiled, ENOUGH, planTiled, type TiledPlan } from './tiled.ts';

const PARTIAL = 'partial';
/** The fewest products per part. With fewer, reading and writing partial sums would cost more than it saves. */
const FEWEST_PRODUCTS = 256;
const MOST_WORKGROUPS = 4 * ENOUGH;

/** A plan with parts, if the plan without them would leave a GPU idle. */
export function planParts(of: Correlation, whole: TiledPlan): TiledPlan | undefined {
  const [walk, ...more] = whole.walks;
  const workgroups = walk!.grid.workgroups;
  if (more.length > 0 || workgroups >= ENOUGH) return undefined;
  const steps = of.channels / whole.depth;
  const taps = walk!.row.taps * walk!.column.taps;
  const fits = (parts: number): boolean =>
    steps % parts === 0 &&
    workgroups * parts <= MOST_WORKGROUPS &&
    (of.channels / parts) * taps >= FEWEST_PRODUCTS;
  for (let parts = steps; parts > 1; parts--) if (fits(parts)) return planTiled(of, { parts });
  return undefined;
}

const pixelsOf = ({ images, walks }: TiledPlan): number =>
  images * walks[0]!.row.count * walks[0]!.column.count;

/** Numbers per pixel in `partial`: the outputs in whole vectors. */
const widthOf = ({ outputs }: TiledPlan): number => roundUp(outputs, 4);

export const partsWorkspace = (plan: TiledPlan): Workspace => ({
  name: PARTIAL,
  length: plan.parts * pixelsOf(plan) * widthOf(plan),
});

export function buildParts(k: KernelBuilder, plan: TiledPlan, buffers: CorrelationBuffers): void {
  const { row, column } = plan.walks[0]!;
  const width = widthOf(plan);
  /** The index in `partial`. `image` is counted over the images of all parts. */
  const at = (image: Expr, y: Operand, x: Operand, channel: Expr): Expr =>
    add(mul(add(mul(add(mul(image, row.count), y), column.count), x), width), channel);
  buildTiled(k, plan, {
    ...{ source: buffers.source, weights: buffers.weights },
    output: {
      storeChannels: ([image, channel, y, x], value) =>
        k.store(PARTIAL, at(image as Expr, y!, x!, channel as Expr), value),
    },
  });
  k.block('the sums over all parts', () =>
    k.forEach(['image', 'y', 'x'], [plan.images, row.count, column.count], ([image, y, x]) =>
      forBlocks(
        k,
        { name: 'channel', what: 'channels', extent: plan.outputs, block: 4 },
        (channel, lanes) => {
          const total = k.variable('total', ZEROS, 'f32x4');
          const first = k.let('first', at(image!, y!, x!, channel));
          k.for('part', 0, plan.parts, (part) =>
            k.assign(
              total,
              add(total, k.load(PARTIAL, add(first, mul(part, pixelsOf(plan) * width)), 'f32x4')),
            ),
          );
          const value = buffers.bias ? add(total, k.load(buffers.bias, channel, 'f32x4')) : total;
          const place = [image!, channel, resultOf(row, y!), resultOf(column, x!)];
          buffers.output.storeChannels(place, value, lanes);
        },
      ),
    ),
  );
}
