/**
 * maxPool for channels-last inputs, four channels at a time, with a window's numbers in registers.
 *
 *     for each image, row, column
 *       the window's rows and columns, clamped to the image
 *       for each four channels: the largest of the window
 *
 * A row or column of a window outside the image is replaced by the one at the image's border. That number is in the
 * window anyway, so the maximum is the same. With dilation it may not be in the window, so such pools are left to the
 * plain loops.
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, max, mul } from '../../../kernel/expression.ts';
import type { Expr } from '../../../kernel/types.ts';
import { forBlocks } from '../../../lowering/shared/blocks.ts';
import { stridesOf } from '../../../lowering/shared/convolution.ts';
import { loadLanes } from '../../../lowering/shared/lanes.ts';
import { INDEPENDENT } from '../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';
import { clampedPositions } from './shared/clampedPositions.ts';

/** The most numbers of a window. With more the loop's body would be too long. */
const MOST_TAPS = 25;

export function maxPoolSchedule(request: ScheduleRequest<'maxPool'>): Schedule<'maxPool'> | undefined {
  const { attrs, inputLayouts, outputLayout } = request;
  const [height, width] = attrs.kernel;
  if (stridesOf(inputLayouts[0]!).channel !== 1 || height * width > MOST_TAPS) return undefined;
  if (attrs.dilation.some((step) => step !== 1)) return undefined;
  return { name: 'windows in registers, 4 channels', inputLayouts, outputLayout, build: buildMaxPool };
}

function buildMaxPool(site: Site<'maxPool'>, k: KernelBuilder): void {
  const { attrs, inputs, output } = site;
  const { buffer, layout } = inputs[0]!.place;
  const strides = stridesOf(layout);
  const [, , height, width] = inputs[0]!.type.shape as [number, number, number, number];
  const [images, channels, outHeight, outWidth] = output.type.shape as [number, number, number, number];
  k.forEach(['n', 'oy'], [images, outHeight], ([image, oy]) => {
    const rows = clampedPositions(k, attrs, 0, oy!, { inputs: height, outputs: outHeight }).map((row, y) =>
      k.let(`row${y}`, add(mul(image!, strides.image), mul(row, strides.row))),
    );
    k.for(
      'ox',
      0,
      outWidth,
      (ox) => {
        const columns = clampedPositions(k, attrs, 1, ox, { inputs: width, outputs: outWidth });
        const taps = rows.flatMap((row, y) =>
          columns.map((column, x) => k.let(`tap${y}${x}`, add(row, mul(column, strides.column)))),
        );
        forBlocks(k, { name: 'c', what: 'channels', extent: channels, block: 4 }, (channel, count) => {
          const values = taps.map((tap) => loadLanes(k, buffer, add(tap, channel), count));
          output.storeChannels([image!, channel, oy!, ox], largest(k, values), count);
        });
      },
      INDEPENDENT,
    );
  });
}

/** The maximum by pairs, so that operations need not wait for each other in a chain. */
function largest(k: KernelBuilder, values: readonly Expr[]): Expr {
  if (values.length === 1) return values[0]!;
  const half = Math.ceil(values.length / 2);
  return max(largest(k, values.slice(0, half)), largest(k, values.slice(half)));
}
