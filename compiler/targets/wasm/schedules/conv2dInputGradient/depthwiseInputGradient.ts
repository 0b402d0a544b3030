/**
 * The gradient of a depthwise convolution's input: vectors of four channels, tiles of neighbouring pixels of a phase
 * (gradientPhases.ts), the output's gradient copied with zeros around it in strips of rows. Weights lie [KH][KW][C].
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, f32Const, fma, max, min, mul, splat, sub } from '../../../../kernel/expression.ts';
import { createLayout } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import { convWindow } from '../../../../ops/conv2d.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';
import type { Site } from '../../../../ops/types.ts';
import { stridesOf } from '../shared/geometry.ts';
import { gradientPhases, reachOf, type GradientPhase } from './gradientPhases.ts';
import { loadAlong } from '../../../../lowering/shared/lanes.ts';
import { forTiles, pixelsOf, type PixelTile } from '../shared/pixelTiles.ts';
import { fillStrip, rowsOfStrips, stripLength, type Strip } from '../shared/strip.ts';

type Request = ScheduleRequest<'conv2dInputGradient'>;

const WORKSPACE = 'strip';
const PIXELS = 6;

interface Plan {
  readonly request: Request;
  readonly channels: number;
  readonly window: WindowAttrs;
  readonly rows: readonly GradientPhase[];
  readonly columns: readonly GradientPhase[];
  readonly stripRows: number;
  readonly strip: Strip;
}

/** Undefined for other groups than single channels with one output each, in whole vectors. */
export function depthwiseInputGradientSchedule(
  request: Request,
): Schedule<'conv2dInputGradient'> | undefined {
  const { attrs, inputs, inputLayouts, outputLayout } = request;
  const weight = inputs[1]!.shape;
  const channels = attrs.groups;
  if (weight[1] !== 1 || weight[0] !== channels || channels % 4 !== 0) return undefined;
  const plan = planDepthwise(request, channels);
  return {
    name: `depthwise, ${PIXELS} pixels x 4 channels, ${plan.stripRows} rows, padded strips`,
    inputLayouts: [inputLayouts[0]!, createLayout('hwo', weight, [1, 2, 3, 0])],
    outputLayout,
    workspaces: [{ name: WORKSPACE, length: stripLength(plan.strip) }],
    build: (site, k) => buildDepthwise(site, k, plan),
  };
}

function planDepthwise(request: Request, channels: number): Plan {
  const window = convWindow(request.attrs, request.inputs[1]!.shape);
  const rows = gradientPhases(window, 0, request.attrs.inputShape[2]!);
  const columns = gradientPhases(window, 1, request.attrs.inputShape[3]!);
  const [down, across] = [reachOf(rows), reachOf(columns)];
  const stripColumns = across.count - 1 + across.to - across.from;
  const halo = down.to - down.from - 1;
  const stripRows = rowsOfStrips(down.count, stripColumns * channels, halo);
  const strip: Strip = {
    workspace: WORKSPACE,
    rows: stripRows + halo,
    columns: stripColumns,
    channels,
    left: -across.from,
  };
  return { request, channels, window, rows, columns, stripRows, strip };
}

function buildDepthwise(site: Site<'conv2dInputGradient'>, k: KernelBuilder, plan: Plan): void {
  const { strip, stripRows, rows, columns, channels } = plan;
  const [images, , height, width] = plan.request.inputs[0]!.shape as [number, number, number, number];
  const { buffer, layout } = site.inputs[0]!.place;
  const strides = stridesOf(layout);
  const down = reachOf(rows);
  k.for('n', 0, images, (image) => {
    const start = k.let('image', mul(image, strides.image));
    k.for(
      'firstRow',
      0,
      down.count,
      (firstRow) => {
        fillStrip(k, strip, { buffer, strides, height, width }, start, add(firstRow, down.from));
        for (const row of rows) {
          const left = max(0, min(constant(stripRows), sub(row.count, firstRow)));
          const count = rows.length === 1 && row.count % stripRows === 0 ? stripRows : k.let('rows', left);
          for (const column of columns) {
            forTiles(k, { rows: count, columns: column.count }, PIXELS, (at) =>
              k.for(
                'channel',
                0,
                channels,
                (channel) => buildTile(site, k, plan, { image, firstRow, channel, row, column, at }),
                { step: 4, independent: true },
              ),
            );
          }
        }
      },
      { step: stripRows },
    );
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
  const { window, channels } = plan;
  const { row, column, at } = place;
  const pixels = pixelsOf(at);
  // Of a transposed convolution.
  const bias = site.inputs[2];
  const first = bias ? k.let('bias', loadAlong(k, bias, place.channel)) : splat(f32Const(0));
  const sums = pixels.map((_, p) => k.variable(`sum${p}`, first, 'f32x4'));
  reduce(site, k, plan, place, sums);
  const y0 = add(mul(add(place.firstRow, at.row), window.stride[0]), row.first);
  const x0 = add(mul(at.column, window.stride[1]), column.first);
  pixels.forEach(([y, x], p) =>
    site.output.storeChannels(
      [place.image, place.channel, add(y0, y * window.stride[0]), add(x0, x * window.stride[1])],
      sums[p]!,
      Math.min(4, channels),
    ),
  );
}

function reduce(
  site: Site<'conv2dInputGradient'>,
  k: KernelBuilder,
  { strip, rows, columns, window, channels }: Plan,
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
