/**
 * sliceGradient of rows and columns with all channels: a pixel of the result is a copied pixel or zeros, four channels
 * at a time. Only rows and columns are compared with the slice.
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, and, constant, div, eq, ge, lt, rem, sub } from '../../../kernel/expression.ts';
import { elementIndex, strideOf } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import { forBlocks } from '../../../lowering/shared/blocks.ts';
import { loadLanes } from '../../../lowering/shared/lanes.ts';
import { ZEROS } from '../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';

type Op = 'sliceGradient';

/** Undefined unless channels are contiguous and the slice has all of them. */
export function sliceGradientSchedule(request: ScheduleRequest<Op>): Schedule<Op> | undefined {
  const { attrs, inputs, inputLayouts, outputLayout } = request;
  const { starts, ends, steps, inputShape } = attrs;
  const isImage = inputShape.length === 4 && inputs[0]!.dtype === 'f32';
  if (!isImage || strideOf(inputLayouts[0]!, 1) !== 1 || strideOf(outputLayout, 1) !== 1) return undefined;
  const isWhole = (axis: number): boolean =>
    starts[axis] === 0 && ends[axis] === inputShape[axis] && steps[axis] === 1;
  if (![0, 1].every(isWhole)) return undefined;
  return { name: 'pixel by pixel, 4 channels', inputLayouts, outputLayout, build: buildGradient };
}

function buildGradient(site: Site<Op>, k: KernelBuilder): void {
  const { attrs, inputs, output } = site;
  const { starts, ends, steps } = attrs;
  const { buffer, layout } = inputs[0]!.place;
  const [images, channels, height, width] = output.type.shape as [number, number, number, number];
  const isTaken = (at: Expr, axis: number): Expr => {
    const within = and(ge(at, starts[axis]!), lt(at, ends[axis]!));
    return steps[axis] === 1 ? within : and(within, eq(rem(sub(at, starts[axis]!), steps[axis]!), 0));
  };
  const place = (at: Expr, axis: number): Expr => div(sub(at, starts[axis]!), steps[axis]!);
  k.forEach(['n', 'y', 'x'], [images, height, width], ([n, y, x]) => {
    const storePixel = (value: (channel: Expr, count: number) => Expr): void =>
      forBlocks(k, { name: 'c', what: 'channels', extent: channels, block: 4 }, (channel, count) =>
        output.storeChannels([n!, channel, y!, x!], value(channel, count), count),
      );
    k.if(
      and(isTaken(y!, 2), isTaken(x!, 3)),
      () => {
        const index = [n!, constant(0), place(y!, 2), place(x!, 3)];
        const from = k.let('from', elementIndex(layout, index));
        storePixel((channel, count) => loadLanes(k, buffer, add(from, channel), count));
      },
      () => storePixel(() => ZEROS),
    );
  });
}
