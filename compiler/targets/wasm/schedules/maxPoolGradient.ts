/**
 * maxPoolGradient. Windows that overlap or leave gaps are those of maxPoolGradientOverlap.ts. The others are read once,
 * four channels at a time. A window's gradient goes to the first number in scan order that equals the result. There are
 * no branches on the numbers, because a processor could not predict them.
 *
 *     for each image, row and column of the output
 *       for each four channels
 *         rest = gradient
 *         for each number of the window: out = number == result ? rest : 0; rest = number == result ? 0 : rest
 *     rows and columns that no window covers: 0
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, eq, mul, select } from '../../../kernel/expression.ts';
import { elementIndex } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import { forBlocks } from '../../../lowering/shared/blocks.ts';
import { stridesOf } from '../../../lowering/shared/convolution.ts';
import { loadLanes } from '../../../lowering/shared/lanes.ts';
import { ZEROS } from '../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site, TensorAccess } from '../../../ops/types.ts';
import { overlapGradientSchedule } from './maxPoolGradientOverlap.ts';

type Op = 'maxPoolGradient';

/** The most numbers of a window. With more the loop's body would be too long. */
const MOST_TAPS = 25;

export function maxPoolGradientSchedule(request: ScheduleRequest<Op>): Schedule<Op> | undefined {
  const { attrs, inputs, inputLayouts, outputLayout } = request;
  const isVector = inputLayouts.every((layout) => stridesOf(layout).channel === 1);
  const covered = coveredPlane(request.inputs[0]!.shape, attrs.kernel);
  const isApart =
    ([0, 1] as const).every(
      (axis) => attrs.stride[axis] === attrs.kernel[axis] && covered[axis] <= inputs[1]!.shape[axis + 2]!,
    ) && [...attrs.padding, ...attrs.dilation.map((step) => step - 1)].every((value) => value === 0);
  if (!isApart) return overlapGradientSchedule(request);
  if (!isVector || attrs.kernel[0] * attrs.kernel[1] > MOST_TAPS) return undefined;
  return { name: 'windows in registers, 4 channels', inputLayouts, outputLayout, build: buildGradient };
}

/** The number of input rows and columns that windows cover. */
const coveredPlane = (
  pooled: readonly number[],
  [height, width]: readonly [number, number],
): readonly [number, number] => [pooled[2]! * height, pooled[3]! * width];

function buildGradient(site: Site<Op>, k: KernelBuilder): void {
  const { attrs, inputs, output } = site;
  const pooled = inputs[0]!.type.shape as [number, number, number, number];
  const [images, channels, height, width] = output.type.shape as [number, number, number, number];
  k.forEach(['n', 'oy', 'ox'], [images, pooled[2], pooled[3]], ([image, oy, ox]) => {
    const [top, left] = [k.let('top', mul(oy!, attrs.kernel[0])), k.let('left', mul(ox!, attrs.kernel[1]))];
    forBlocks(k, { name: 'c', what: 'channels', extent: channels, block: 4 }, (channel, count) => {
      const at = [image!, channel, oy!, ox!];
      buildWindow(site, k, { at, top, left, count });
    });
  });
  const covered = coveredPlane(pooled, attrs.kernel);
  const zeros = (rows: readonly [number, number], columns: readonly [number, number]): void =>
    k.for('n', 0, images, (image) =>
      k.for('y', rows[0], rows[1], (y) =>
        k.for('x', columns[0], columns[1], (x) =>
          forBlocks(k, { name: 'c', what: 'channels', extent: channels, block: 4 }, (channel, count) =>
            output.storeChannels([image, channel, y, x], ZEROS, count),
          ),
        ),
      ),
    );
  if (covered[1] < width)
    k.block('columns right of the last window: 0', () => zeros([0, covered[0]], [covered[1], width]));
  if (covered[0] < height)
    k.block('rows below the last window: 0', () => zeros([covered[0], height], [0, width]));
}

interface WindowPlace {
  /** The output's image, channel, row and column. */
  readonly at: readonly Expr[];
  /** The window's first row and column. */
  readonly top: Expr;
  readonly left: Expr;
  /** The number of channels. */
  readonly count: number;
}

function buildWindow(
  { attrs, inputs, output }: Site<Op>,
  k: KernelBuilder,
  { at, top, left, count }: WindowPlace,
): void {
  const [gradient, x, result] = inputs as [TensorAccess, TensorAccess, TensorAccess];
  const [image, channel] = at as [Expr, Expr];
  const load = ({ place: { buffer, layout } }: TensorAccess, index: readonly Expr[]): Expr =>
    loadLanes(k, buffer, elementIndex(layout, index), count);
  const largest = k.let('largest', load(result, at));
  const corner = k.let('corner', elementIndex(x.place.layout, [image, channel, top, left]));
  const { row, column } = stridesOf(x.place.layout);
  const rest = k.variable('rest', load(gradient, at), 'f32x4');
  for (let ky = 0; ky < attrs.kernel[0]; ky++) {
    for (let kx = 0; kx < attrs.kernel[1]; kx++) {
      const value = loadLanes(k, x.place.buffer, add(corner, ky * row + kx * column), count);
      const isTaken = k.let('isTaken', eq(value, largest));
      const taken = k.let('taken', select(isTaken, rest, ZEROS));
      k.assign(rest, select(isTaken, ZEROS, rest));
      output.storeChannels([image, channel, add(top, constant(ky)), add(left, constant(kx))], taken, count);
    }
  }
}
