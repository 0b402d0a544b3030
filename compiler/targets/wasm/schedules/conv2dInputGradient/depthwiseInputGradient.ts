/**
 * The gradient of a depthwise convolution's input. A tile has neighbouring pixels of a phase (gradientPhases.ts) and
 * four channels. The output's gradient is copied with zeros around it in strips of rows. Weights are packed
 * [KH][KW][C].
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, fma, max, min, mul, sub } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import {
  inputGradientGeometry,
  isDepthwise,
  stridesOf,
  type ConvGeometry,
} from '../../../../lowering/shared/convolution.ts';
import { gradientPhases, reachOf, type GradientPhase } from '../../../../lowering/shared/gradientPhases.ts';
import { loadAlong } from '../../../../lowering/shared/lanes.ts';
import { depthwiseWeights } from '../../../../lowering/shared/packedWeights.ts';
import { INDEPENDENT, ZEROS } from '../../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { forTiles, pixelsOf, type PixelTile } from '../shared/pixelTiles.ts';
import { fillStrip, forStrips, stripLength } from '../shared/strip.ts';
import { gradientStrip, type GradientStrip } from './gradientStrip.ts';

type Request = ScheduleRequest<'conv2dInputGradient'>;

const WORKSPACE = 'strip';
const PIXELS = 6;

interface Plan extends GradientStrip {
  readonly geometry: ConvGeometry;
  readonly rows: readonly GradientPhase[];
  readonly columns: readonly GradientPhase[];
}

/** Undefined unless each group is one channel with one output, and their number is a multiple of 4. */
export function depthwiseInputGradientSchedule(
  request: Request,
): Schedule<'conv2dInputGradient'> | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  const geometry = inputGradientGeometry(request);
  if (!isDepthwise(geometry) || geometry.groups % 4 !== 0) return undefined;
  const plan = planDepthwise(geometry);
  return {
    name: `depthwise, ${PIXELS} pixels x 4 channels, ${plan.stripRows} rows, padded strips`,
    inputLayouts: [inputLayouts[0]!, depthwiseWeights(inputs[1]!.shape)],
    outputLayout,
    workspaces: [{ name: WORKSPACE, length: stripLength(plan.strip) }],
    build: (site, k) => buildDepthwise(site, k, plan),
  };
}

function planDepthwise(geometry: ConvGeometry): Plan {
  const { window, height, width, groups } = geometry;
  const [rows, columns] = [gradientPhases(window, 0, height), gradientPhases(window, 1, width)];
  return { geometry, rows, columns, ...gradientStrip(WORKSPACE, rows, columns, groups) };
}

function buildDepthwise(site: Site<'conv2dInputGradient'>, k: KernelBuilder, plan: Plan): void {
  const { strip, stripRows, rows, columns, geometry } = plan;
  const { images, groups, outHeight, outWidth } = geometry;
  const { buffer, layout } = site.inputs[0]!.place;
  const strides = stridesOf(layout);
  const source = { buffer, strides, height: outHeight, width: outWidth };
  const down = reachOf(rows);
  const strips = { count: down.count, rows: stripRows };
  forStrips(k, { images, stride: strides.image }, strips, ({ image, start, firstRow }) => {
    fillStrip(k, strip, source, start, add(firstRow, down.from));
    for (const row of rows) {
      const left = max(0, min(constant(stripRows), sub(row.count, firstRow)));
      const count = rows.length === 1 && row.count % stripRows === 0 ? stripRows : k.let('rows', left);
      for (const column of columns) {
        forTiles(k, { rows: count, columns: column.count }, PIXELS, (at) => {
          const alongChannels = (channel: Expr): void =>
            buildTile(site, k, plan, { image, firstRow, channel, row, column, at });
          k.for('channel', 0, groups, alongChannels, { step: 4, ...INDEPENDENT });
        });
      }
    }
  });
}

interface Place {
  readonly image: Expr;
  readonly firstRow: Expr;
  readonly channel: Expr;
  readonly row: GradientPhase;
  readonly column: GradientPhase;
  readonly at: PixelTile;
}

function buildTile(site: Site<'conv2dInputGradient'>, k: KernelBuilder, plan: Plan, place: Place): void {
  const { window } = plan.geometry;
  const { row, column, at } = place;
  const pixels = pixelsOf(at);
  // Only a transposed convolution has a bias.
  const bias = site.inputs[2];
  const first = bias ? k.let('bias', loadAlong(k, bias, place.channel)) : ZEROS;
  const sums = pixels.map((_, p) => k.variable(`sum${p}`, first, 'f32x4'));
  reduce(site, k, plan, place, sums);
  const y0 = add(mul(add(place.firstRow, at.row), window.stride[0]), row.first);
  const x0 = add(mul(at.column, window.stride[1]), column.first);
  pixels.forEach(([y, x], p) =>
    site.output.storeChannels(
      [place.image, place.channel, add(y0, y * window.stride[0]), add(x0, x * window.stride[1])],
      sums[p]!,
      4,
    ),
  );
}

function reduce(
  site: Site<'conv2dInputGradient'>,
  k: KernelBuilder,
  { strip, rows, columns, geometry: { window, groups: channels } }: Plan,
  { row, column, at, channel }: Place,
  sums: readonly Expr[],
): void {
  const [rowSize, pixel] = [strip.columns * channels, channels];
  const [above, left] = [-reachOf(rows).from, -reachOf(columns).from];
  const origin = (above + row.offset) * rowSize + (left + column.offset) * pixel;
  const gAt = k.let('gAt', add(add(channel, add(mul(at.row, rowSize), mul(at.column, pixel))), origin));
  const weights = site.inputs[1]!.place.buffer;
  const offsets = pixelsOf(at).map(([y, x]) => y * rowSize + x * pixel);
  k.for('ty', 0, row.taps, (ty) =>
    k.for('tx', 0, column.taps, (tx) => {
      const element = add(
        mul(sub(row.element, mul(ty, row.step)), window.kernel[1]),
        sub(column.element, mul(tx, column.step)),
      );
      const w = k.let('w', k.load(weights, add(mul(element, channels), channel), 'f32x4'));
      const g = k.let('gTap', add(gAt, add(mul(ty, row.reach * rowSize), mul(tx, column.reach * pixel))));
      sums.forEach((sum, p) =>
        k.assign(sum, fma(w, k.load(strip.workspace, add(g, offsets[p]!), 'f32x4'), sum)),
      );
    }),
  );
}
