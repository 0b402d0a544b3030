/**
 * Winograd's algorithm in three dispatches, which exchange intermediate results in workspaces:
 *
 *     tiles[position][tile][channel]      B^T d B of every tile of the input
 *     sums[position][tile][output]        for each position a product of tiles and filters
 *     the result                          A^T s A of every tile, and the fused tail
 *
 * Filters are transformed once, to [position][O / block][I][block]. Only for inference: with F(4x4) results differ from
 * direct sums by 1e-4 of the largest number.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, and, boolConst, lt, mul, splat } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { placedConvolution, type PlacedConvolution } from '../../../../lowering/shared/convolution.ts';
import { alongPanels } from '../../../../lowering/shared/packedWeights.ts';
import { INDEPENDENT, range, roundUp, ZEROS } from '../../../../lowering/shared/shorthands.ts';
import { addProducts, sumVariables, zeroVectors } from '../../../../lowering/shared/sums.ts';
import { isWinogradShape, type Winograd } from '../../../../lowering/shared/winograd.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import type { Family } from '../../families.ts';
import { productOf } from '../shared/correlation/rows.ts';
import { buildTiled, describeTiled, planTiled, type TiledPlan } from '../shared/correlation/tiled.ts';
import { along, insideOnly } from '../shared/taps.ts';
import { filterLayout, filterTransform } from './winogradFilter.ts';

const [TILES, SUMS] = ['tiles', 'sums'];
const BLOCK = 16;
const MOST_ROWS = 8;
/**
 * The most numbers in both workspaces. With fewer tiles or channels than below, the filters are not worth their memory.
 */
const MOST_NUMBERS = 1 << 22;
const FEWEST_TILES = 16;
const FEWEST_CHANNELS = 32;

interface Plan extends PlacedConvolution {
  readonly winograd: Winograd;
  /** Rows and columns of tiles in an image. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Tiles of all images, rounded up to a multiple of `rows`, which is the number of tiles of an invocation. */
  readonly tiles: number;
  readonly rows: number;
}

/** Undefined if the algorithm does not apply or would not be faster. */
export function winogradSchedule(
  request: ScheduleRequest<'conv2d'>,
  winograd: Winograd,
  family: Family,
): Schedule<'conv2d'> | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  const geometry = placedConvolution(request);
  if (!fits(geometry)) return undefined;
  const plan = planWinograd(geometry, winograd);
  const matrices = winograd.inputs ** 2 * plan.tiles;
  const isSmall = plan.tileRows * plan.tileColumns < FEWEST_TILES;
  if (isSmall || matrices * (plan.channels + plan.outputs) > MOST_NUMBERS) return undefined;
  const weight = inputs[1]!.shape;
  const m = winograd.outputs;
  const tiled = family === 'tiled' ? planProducts(plan) : undefined;
  return {
    name: `Winograd F(${m}x${m}, 3x3), ${tiled ? describeTiled(tiled) : `${plan.rows} tiles x ${BLOCK} channels`}`,
    inputLayouts: [
      inputLayouts[0]!,
      filterLayout(weight, winograd),
      ...inputs.slice(2).map(({ shape }) => alongPanels(shape, BLOCK)),
    ],
    outputLayout,
    transforms: [undefined, filterTransform(weight, winograd, BLOCK)],
    workspaces: [
      { name: TILES, length: matrices * plan.channels },
      { name: SUMS, length: matrices * plan.outputs },
    ],
    build(site, k) {
      k.block('tiles of the input, transformed', () => transformInput(site, k, plan));
      if (tiled) multiplyTogether(site, k, plan, tiled);
      else k.block('a matrix product for each position of a tile', () => multiply(site, k, plan));
      k.block('sums, transformed back to outputs', () => transformOutput(site, k, plan));
    },
  };
}

function fits(geometry: PlacedConvolution): boolean {
  const { channels, outputs, input } = geometry;
  const isWide =
    channels % 4 === 0 && outputs % BLOCK === 0 && Math.min(channels, outputs) >= FEWEST_CHANNELS;
  return isWinogradShape(geometry) && isWide && input.channel === 1;
}

function planWinograd(geometry: PlacedConvolution, winograd: Winograd): Plan {
  const { images, outHeight, outWidth } = geometry;
  const [tileRows, tileColumns] = [outHeight, outWidth].map((one) => Math.ceil(one / winograd.outputs)) as [
    number,
    number,
  ];
  const all = images * tileRows * tileColumns;
  const idle = (rows: number): number => roundUp(all, rows) * (1 + 2 / rows);
  const rows = range(MOST_ROWS)
    .map((i) => i + 1)
    .reduce((best, one) => (idle(one) < idle(best) ? one : best));
  return { ...geometry, winograd, tileRows, tileColumns, rows, tiles: roundUp(all, rows) };
}

/** Calls `body` for each tile and each four of its channels. */
function forEachTile(
  k: KernelBuilder,
  { images, tileRows, tileColumns }: Plan,
  channels: number,
  body: (place: { image: Expr; y: Expr; x: Expr; number: Expr; channel: Expr }) => void,
): void {
  k.forEach(['n', 'tileRow', 'tileColumn'], [images, tileRows, tileColumns], ([image, y, x]) =>
    k.for(
      'channel',
      0,
      channels,
      (channel) => {
        const number = add(mul(add(mul(image!, tileRows), y!), tileColumns), x!);
        body({ image: image!, y: y!, x: x!, number: k.let('tile', number), channel });
      },
      { step: 4, ...INDEPENDENT },
    ),
  );
}

function transformInput(site: Site<'conv2d'>, k: KernelBuilder, plan: Plan): void {
  const { winograd, input, channels, tiles, height, width, window } = plan;
  const { inputs, outputs } = winograd;
  const { buffer } = site.inputs[0]!.place;
  forEachTile(k, plan, channels, ({ image, y, x, number, channel }) => {
    const start = k.let('image', add(mul(image, input.image), channel));
    const lines = (name: string, tile: Expr, count: number, pad: number, extent: number, stride: number) =>
      range(inputs).map((i) => {
        const [offset, last] = [i - pad, (count - 1) * outputs + i - pad];
        const position = add(mul(tile, outputs), offset);
        return along(k, `${name}${i}`, position, { extent, offset, last }, stride);
      });
    const rows = lines('row', y, plan.tileRows, window.padding[0], height, input.row);
    const columns = lines('column', x, plan.tileColumns, window.padding[1], width, input.column);
    const froms = rows.map(({ offset }, i) => k.let(`xRow${i}`, add(start, offset)));
    const name = (hint: string, value: Expr): Expr => k.let(hint, value);
    const half = columns.map((column) => {
      const d = rows.map((row, i) => {
        const loaded = k.let('loaded', k.load(buffer, add(froms[i]!, column.offset), 'f32x4'));
        return insideOnly(k, 'd', and(row.isInside, column.isInside), loaded, ZEROS);
      });
      return winograd.transformInput(d, name).map((value) => k.let('t', value));
    });
    const to = k.let('to', add(mul(number, channels), channel));
    range(inputs).forEach((i) => {
      const line = winograd.transformInput(
        half.map((column) => column[i]!),
        name,
      );
      line.forEach((value, j) => k.store(TILES, add(to, (i * inputs + j) * tiles * channels), value));
    });
  });
}

/** The plan of products in workgroups. A position is a batch, a tile is a pixel. */
function planProducts({ winograd, tiles, channels, outputs }: Plan): TiledPlan | undefined {
  const positions = winograd.inputs ** 2;
  return planTiled(productOf([tiles, outputs], tiles, channels, outputs, BLOCK), { batches: positions });
}

function multiplyTogether(site: Site<'conv2d'>, k: KernelBuilder, plan: Plan, tiled: TiledPlan): void {
  const { outputs, tiles } = plan;
  buildTiled(k, tiled, {
    ...{ source: TILES, weights: site.inputs[1]!.place.buffer },
    output: {
      storeChannels: ([position, channel, , tile], value) =>
        k.store(SUMS, add(mul(add(mul(position!, tiles), tile!), outputs), channel!), value),
    },
  });
}

function multiply(site: Site<'conv2d'>, k: KernelBuilder, plan: Plan): void {
  const { winograd, outputs, tiles, rows } = plan;
  const positions = winograd.inputs ** 2;
  const filters = site.inputs[1]!.place.buffer;
  k.forEach(['position', 'panel'], [positions, outputs / BLOCK], ([position, panel]) =>
    k.for('tile', 0, tiles, (tile) => multiplyRows(k, plan, filters, position!, panel!, tile), {
      step: rows,
      ...INDEPENDENT,
    }),
  );
}

/** Sums some tiles over the channels, for one position and one panel of outputs. */
function multiplyRows(
  k: KernelBuilder,
  { outputs, channels, tiles, rows }: Plan,
  filters: string,
  position: Expr,
  panel: Expr,
  tile: Expr,
): void {
  const vectors = range(BLOCK / 4);
  const sums = sumVariables(k, rows, zeroVectors(vectors.length), '_');
  const line = k.let('firstLine', add(mul(position, tiles), tile));
  const xAt = k.let('xAt', mul(line, channels));
  const panels = add(mul(position, outputs / BLOCK), panel);
  const wAt = k.let('wAt', mul(panels, channels * BLOCK));
  k.for('i', 0, channels, (i) => {
    const wi = k.let('wi', add(wAt, mul(i, BLOCK)));
    const ws = vectors.map((v) => k.let(`w${v}`, k.load(filters, add(wi, 4 * v), 'f32x4')));
    const xi = k.let('xi', add(xAt, i));
    const loadRow = (r: number): Expr => k.let(`spread${r}`, splat(k.load(TILES, add(xi, r * channels))));
    addProducts(k, sums, loadRow, ws);
  });
  const to = k.let('sumsAt', add(mul(line, outputs), mul(panel, BLOCK)));
  sums.forEach((own, r) => own.forEach((sum, v) => k.store(SUMS, add(to, r * outputs + 4 * v), sum)));
}

function transformOutput(site: Site<'conv2d'>, k: KernelBuilder, plan: Plan): void {
  const { winograd, outputs, tiles, outHeight, outWidth } = plan;
  const { inputs, outputs: m } = winograd;
  const bias = site.inputs[2];
  forEachTile(k, plan, outputs, ({ image, y, x, number, channel }) => {
    const from = k.let('sumsAt', add(mul(number, outputs), channel));
    const first = bias && k.let('bias', k.load(bias.place.buffer, channel, 'f32x4'));
    const name = (hint: string, value: Expr): Expr => k.let(hint, value);
    const half = range(inputs).map((j) => {
      const s = range(inputs).map((i) =>
        k.let('s', k.load(SUMS, add(from, (i * inputs + j) * tiles * outputs), 'f32x4')),
      );
      return winograd.transformOutput(s, name).map((value) => k.let('t', value));
    });
    range(m).forEach((i) => {
      const line = winograd.transformOutput(
        half.map((column) => column[i]!),
        name,
      );
      line.forEach((value, j) => {
        const [row, column] = [add(mul(y, m), i), add(mul(x, m), j)];
        const within = (at: Expr, extent: number): Expr =>
          extent % m === 0 ? boolConst(true) : lt(at, extent);
        k.if(and(within(row, outHeight), within(column, outWidth)), () =>
          site.output.storeChannels([image, channel, row, column], first ? add(value, first) : value),
        );
      });
    });
  });
}
