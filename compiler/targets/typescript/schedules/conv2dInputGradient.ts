/**
 * conv2dInputGradient for plain JavaScript. The sums of pixels x input channels are local variables. They are
 * gathered from the output's gradient, so that every element is stored once.
 *
 *     gradient of x[y] = sum over ky with (y + padding - ky * dilation) = stride * row of gradient[row] * weight[ky]
 *
 * With a stride, pixels whose positions have the same remainder use the same kernel elements. Such pixels,
 * `stride` apart, are handled together as a phase. Weights are packed [I / 4][KH][KW][O][4].
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, div, f32Const, max, min, mul, sub } from '../../../kernel/expression.ts';
import { elementIndex, strideOf } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import { forBlocks, restText } from '../../../lowering/shared/blocks.ts';
import type { Range } from '../../../lowering/shared/borders.ts';
import { convGeometry } from '../../../lowering/shared/convolution.ts';
import { gradientPhases, type GradientPhase } from '../../../lowering/shared/gradientPhases.ts';
import { inputPanels } from '../../../lowering/shared/packedWeights.ts';
import { range } from '../../../lowering/shared/shorthands.ts';
import { addProducts, sumVariables, type Sums } from '../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { WindowAttrs } from '../../../ops/shared/window.ts';
import type { Site } from '../../../ops/types.ts';

const TILE = { pixels: 4, channels: 4 } as const;

export function conv2dInputGradientSchedule(
  request: ScheduleRequest<'conv2dInputGradient'>,
): Schedule<'conv2dInputGradient'> | undefined {
  const { attrs, inputs, inputLayouts, outputLayout } = request;
  const isStrided = attrs.stride.some((s) => s > 1);
  const isDilated = attrs.dilation.some((d) => d > 1);
  if (attrs.groups > 1 || (isStrided && isDilated)) return undefined;
  const weight = inputPanels(inputs[1]!.shape, TILE.channels);
  return {
    name: `gathered, ${TILE.pixels} pixels x ${TILE.channels} channels`,
    inputLayouts: [inputLayouts[0]!, weight],
    outputLayout,
    build,
  };
}

interface Axis {
  readonly axis: 0 | 1;
  /** Extents of the result and of the given gradient. */
  readonly extent: number;
  readonly gradientExtent: number;
  readonly window: WindowAttrs;
}

/** A phase of an axis. It uses the kernel elements rest, rest + stride ... */
interface Phase extends GradientPhase {
  /** The row of the gradient for position `first` and kernel element `rest`. */
  readonly start: number;
}

const phasesOf = ({ axis, extent, window }: Axis): Phase[] =>
  gradientPhases(window, axis, extent).map((phase) => ({
    ...phase,
    start: (phase.first + window.padding[axis] - phase.rest) / window.stride[axis],
  }));

/** The distance between the rows of the gradient for one kernel element and the next. */
const tapStep = ({ axis, window }: Axis): number => (window.stride[axis] > 1 ? 1 : window.dilation[axis]);

function build(site: Site<'conv2dInputGradient'>, k: KernelBuilder): void {
  const { attrs } = site;
  const [gradient, weight] = site.inputs;
  const { images, channels, height, width, outHeight, outWidth, window } = convGeometry(
    attrs,
    attrs.inputShape,
    weight!.type.shape,
    gradient!.type.shape,
  );
  const rows: Axis = { axis: 0, extent: height, gradientExtent: outHeight, window };
  const columns: Axis = { axis: 1, extent: width, gradientExtent: outWidth, window };
  const buildRow = (image: Expr, row: Expr, rowPhase: Phase): void => {
    const taps = tapRange(k, 'ty', row, rowPhase, rows);
    const inRow = { image, row, rowPhase, taps, rows, columns };
    forBlocks(
      k,
      { name: 'i', what: 'channels', extent: channels, block: TILE.channels },
      (channel, count) => {
        for (const phase of phasesOf(columns))
          forEachTile(k, phase, columns, (at, pixels, clipped) =>
            buildTile(site, k, { ...inRow, channel, count, at, pixels, clipped, phase }),
          );
      },
    );
  };
  k.for('n', 0, images, (image) => {
    for (const rowPhase of phasesOf(rows))
      k.block(phaseText('rows', rowPhase, window.stride[0]), () =>
        k.for('j', 0, rowPhase.count, (row) => buildRow(image, row, rowPhase)),
      );
  });
}

const phaseText = (what: string, { first }: Phase, stride: number): string =>
  stride === 1 ? `all ${what}` : `${what} ${first}, ${first + stride}, ...`;

/** The range [first, end) of kernel elements whose row of the gradient exists. */
function tapRange(k: KernelBuilder, name: string, j: Expr, phase: Phase, axis: Axis): Range {
  const step = tapStep(axis);
  // 0 <= start + j - t * step < gradientExtent
  const position = add(j, phase.start);
  const first = max(0, div(sub(add(position, step), axis.gradientExtent), step));
  const end = min(phase.taps, div(add(position, step), step));
  return [k.let(`${name}First`, first), k.let(`${name}End`, end)];
}

function forEachTile(
  k: KernelBuilder,
  phase: Phase,
  axis: Axis,
  body: (at: Expr, pixels: number, clipped: boolean) => void,
): void {
  const reach = (phase.taps - 1) * tapStep(axis);
  const clamp = (value: number): number => Math.min(phase.count, Math.max(0, value));
  const interiorStart = phase.taps === 0 ? 0 : clamp(reach - phase.start);
  const interiorEnd =
    phase.taps === 0 ? phase.count : Math.max(interiorStart, clamp(axis.gradientExtent - phase.start));
  const restStart = interiorEnd - ((interiorEnd - interiorStart) % TILE.pixels);
  const stride = axis.window.stride[axis.axis];
  const columns = stride === 1 ? '' : `${phaseText('columns', phase, stride)}: `;
  const tiles = (what: string, from: number, to: number, pixels: number, clipped: boolean): void => {
    if (from < to)
      k.block(`${columns}${what}`, () =>
        k.for('at', from, to, (at) => body(at, pixels, clipped), { step: pixels }),
      );
  };
  const rest = interiorEnd - restStart;
  tiles('left border', 0, interiorStart, 1, true);
  tiles(`interior, ${TILE.pixels} pixels at a time`, interiorStart, restStart, TILE.pixels, false);
  tiles(`interior, ${restText('pixels', rest)}`, restStart, interiorEnd, rest, false);
  tiles('right border', interiorEnd, phase.count, 1, true);
}

interface TilePlace {
  readonly image: Expr;
  readonly channel: Expr;
  readonly count: number;
  readonly row: Expr;
  readonly rowPhase: Phase;
  readonly taps: Range;
  readonly rows: Axis;
  readonly at: Expr;
  readonly pixels: number;
  readonly clipped: boolean;
  readonly phase: Phase;
  readonly columns: Axis;
}

function buildTile(site: Site<'conv2dInputGradient'>, k: KernelBuilder, place: TilePlace): void {
  const { rows, columns, rowPhase, phase, channel, image } = place;
  const zeros = range(place.count).map(() => f32Const(0));
  const sums = sumVariables(k, place.pixels, zeros);
  if (phase.taps > 0) {
    const [first, end] = place.clipped
      ? tapRange(k, 'tx', place.at, phase, columns)
      : [constant(0), constant(phase.taps)];
    k.for('ty', place.taps[0], place.taps[1], (ty) =>
      k.for('tx', first, end, (tx) => reduceTap(site, k, place, sums, ty, tx)),
    );
  }
  const row = add(mul(place.row, rows.window.stride[0]), rowPhase.first);
  sums.forEach((lanes, p) =>
    lanes.forEach((sum, c) => {
      const column = add(mul(add(place.at, p), columns.window.stride[1]), phase.first);
      site.output.store([image, add(channel, c), row, column], sum);
    }),
  );
}

/** The products of one kernel element, summed over the output channels. */
function reduceTap(
  site: Site<'conv2dInputGradient'>,
  k: KernelBuilder,
  place: TilePlace,
  sums: Sums,
  ty: Expr,
  tx: Expr,
): void {
  const [gradient, weight] = site.inputs.map((input) => input.place);
  const { rows, columns, rowPhase, phase, channel, image } = place;
  const row = sub(add(place.row, rowPhase.start), mul(ty, tapStep(rows)));
  const column = sub(add(place.at, phase.start), mul(tx, tapStep(columns)));
  const ky = add(mul(ty, rows.window.stride[0]), rowPhase.rest);
  const kx = add(mul(tx, columns.window.stride[1]), phase.rest);
  const gAt = k.let('gAt', elementIndex(gradient!.layout, [image, constant(0), row, column]));
  const wAt = k.let('wAt', elementIndex(weight!.layout, [constant(0), channel, ky, kx]));
  const [gChannel, gColumn] = [strideOf(gradient!.layout, 1), strideOf(gradient!.layout, 3)];
  k.for('o', 0, site.inputs[0]!.type.shape[1]!, (o) => {
    const base = add(wAt, mul(o, strideOf(weight!.layout, 0)));
    const weights = sums[0]!.map((_, c) => k.let(`w${c}`, k.load(weight!.buffer, add(base, c))));
    const loadGradient = (p: number): Expr =>
      k.let(`g${p}`, k.load(gradient!.buffer, add(add(gAt, mul(o, gChannel)), p * gColumn)));
    addProducts(k, sums, loadGradient, weights);
  });
}
