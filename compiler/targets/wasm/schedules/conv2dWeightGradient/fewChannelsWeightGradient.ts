/**
 * The weight gradient of a convolution with few input channels (the first layer). The sums of 8 output channels x a
 * few weights of a kernel row stay in registers during a loop over the pixels, 4 weights or up to 6 with relaxed SIMD.
 * These weights meet neighbouring numbers of the input.
 *
 *     for each image and strip of rows: copy the input with zeros around it, pack panels of the gradient
 *       for each panel of 8 output channels and tile of weights of a filter
 *         for each pixel: sums[weights][8] += input[weights] x gradient[8]
 *
 * Between strips the sums are stored as [O / 8][weights of a filter][8].
 */
import { add, constant, div, lane, mul, rem, sub } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forPanels } from '../../../../lowering/shared/blocks.ts';
import { INDEPENDENT, range } from '../../../../lowering/shared/shorthands.ts';
import { sumVariables, zeroVectors, type Sums } from '../../../../lowering/shared/sums.ts';
import type { Schedule } from '../../../../lowering/target.ts';
import { panelCount, panelLength } from '../shared/panels.ts';
import { fillStrip, stripLength, type Strip } from '../shared/strip.ts';
import { multiplyStep } from '../shared/tile.ts';
import { PLAIN_PIXELS, relaxedRows } from '../shared/tileSize.ts';
import { RELAXED } from '../../variants.ts';
import { gradientPanels, packGradient, rowsOfBlock, sumsSchedule } from './tileSums.ts';
import type { Building, SummedPlan, SummedTiles } from './tileSums.ts';
import { inputUnder, pixelBlock, placedWeightGradient } from './weightGradientPlan.ts';
import type { WeightGradientGeometry, WeightGradientRequest } from './weightGradientPlan.ts';

const OUTPUTS = 8;
const INPUT = 'strip';

type Plan = SummedPlan & {
  readonly strip: Strip;
  /** Weights of a register tile. */
  readonly tile: number;
};

export function fewChannelsWeightGradientSchedule(
  request: WeightGradientRequest,
): Schedule<'conv2dWeightGradient'> {
  const plan = planFew(placedWeightGradient(request));
  const relaxed = { ...plan, tile: relaxedRows(tiledLength(plan)) };
  const scheduleOf = (one: Plan): Schedule<'conv2dWeightGradient'> => {
    const name = `few channels, ${one.tile} weights x ${OUTPUTS} channels, ${one.block.rows} rows`;
    return sumsSchedule(name, request, one, TILES, { name: INPUT, length: stripLength(one.strip) });
  };
  return { ...scheduleOf(plan), variants: { [RELAXED]: scheduleOf(relaxed) } };
}

function planFew(geometry: WeightGradientGeometry): Plan {
  const { channels } = geometry;
  const { rows } = pixelBlock({ ...geometry, images: 1 }, channels);
  const block = { images: 1, rows };
  const strip = { workspace: INPUT, channels, ...inputUnder(geometry, rows) };
  return { geometry, block, strip, tile: PLAIN_PIXELS, gradient: gradientPanels(geometry, block, OUTPUTS) };
}

const rowLength = ({ geometry: { window, channels } }: Plan): number => window.kernel[1] * channels;
const filterLength = (plan: Plan): number => plan.geometry.window.kernel[0] * rowLength(plan);
/** Filters with at most so many weights are divided into tiles as a whole, larger ones row by row. */
const UNROLLED = 64;

/** The number of weights that are divided into tiles. */
const tiledLength = (plan: Plan): number =>
  filterLength(plan) <= UNROLLED ? filterLength(plan) : rowLength(plan);

const sumsLength = (plan: Plan): number => panelCount(plan.gradient) * filterLength(plan) * OUTPUTS;

type Few = Building<Plan>;

function pack(all: Few, image: Expr, firstRow: Expr): void {
  const { k, site, geometry, strip } = all;
  const { window, height, width } = geometry;
  const { buffer } = site.inputs[0]!.place;
  const top = sub(mul(firstRow, window.stride[0]), window.padding[0]);
  const source = { buffer, strides: geometry.input, height, width };
  fillStrip(k, strip, source, k.let('image', mul(image, geometry.input.image)), top);
  const start = k.let('gradientImage', mul(image, geometry.gradient.image));
  packGradient(all, { start, first: firstRow, at: 0 });
}

/** A tile of weights. The weights of a filter are ordered by kernel row, column and channel. */
interface Tile {
  readonly outputPanel: Expr;
  readonly outputs: number;
  /**
   * The index of each weight in the filter, and the offset of its input numbers in the strip from those of the first.
   */
  readonly weights: readonly Expr[];
  readonly offsets: readonly number[];
  /** The index in the strip for the first weight. */
  readonly at: Expr;
}

function forEachTile(all: Few, body: (tile: Tile) => void): void {
  const { k, gradient } = all;
  const inPanel = (outputPanel: Expr, outputs: number): void => {
    const visit = (part: Omit<Tile, 'outputPanel' | 'outputs'>): void =>
      k.block(`${part.weights.length} weights of ${outputs} filters`, () =>
        body({ outputPanel, outputs, ...part }),
      );
    if (filterLength(all) <= UNROLLED) forFilter(all, visit);
    else forKernelRows(all, visit);
  };
  forPanels(k, { name: 'outputs', extent: gradient.channels, block: OUTPUTS }, inPanel);
}

type VisitWeights = (tile: Omit<Tile, 'outputPanel' | 'outputs'>) => void;

function forFilter(all: Few, visit: VisitWeights): void {
  const { geometry, strip } = all;
  const row = rowLength(all);
  const down = geometry.window.dilation[0] * strip.columns * strip.channels;
  const filter = range(filterLength(all));
  for (let first = 0; first < filter.length; first += all.tile) {
    const weights = filter.slice(first, first + all.tile);
    const offsets = weights.map((i) => Math.floor(i / row) * down + (i % row));
    visit({ weights: weights.map((i) => constant(i)), offsets, at: constant(0) });
  }
}

function forKernelRows(all: Few, visit: VisitWeights): void {
  const { k, geometry, strip } = all;
  const row = rowLength(all);
  const down = geometry.window.dilation[0] * strip.columns * strip.channels;
  k.for('ky', 0, geometry.window.kernel[0], (ky) => {
    const tile = (first: Expr, count: number): void => {
      const offsets = range(count);
      const weight = add(mul(ky, row), first);
      visit({ weights: offsets.map((i) => add(weight, i)), offsets, at: add(mul(ky, down), first) });
    };
    const whole = row - (row % all.tile);
    k.for('weight', 0, whole, (first) => tile(first, all.tile), { step: all.tile, ...INDEPENDENT });
    if (row > whole) tile(constant(whole), row - whole);
  });
}

/** Sums a tile over the pixels of the strip. */
function sumTile({ k, geometry, block, strip, gradient }: Few, tile: Tile, firstRow: Expr): Sums {
  const { window, outHeight, outWidth } = geometry;
  const sums = sumVariables(k, tile.weights.length, zeroVectors(Math.ceil(tile.outputs / 4)));
  const [down, across] = [strip.columns * strip.channels, strip.channels];
  const xAt = k.let('xAt', tile.at);
  const gAt = k.let('gAt', mul(tile.outputPanel, panelLength(gradient)));
  const rows = rowsOfBlock(block.rows, outHeight, firstRow);
  k.for('row', 0, typeof rows === 'number' ? rows : k.let('rows', rows), (row) => {
    const x = k.let('xRow', add(xAt, mul(row, window.stride[0] * down)));
    const g = k.let('gRow', add(gAt, mul(row, outWidth * OUTPUTS)));
    k.for('column', 0, outWidth, (column) =>
      multiplyStep(
        k,
        sums,
        { x: INPUT, offsets: tile.offsets, weights: gradient.workspace },
        add(x, mul(column, window.stride[1] * across)),
        add(g, mul(column, OUTPUTS)),
      ),
    );
  });
  return sums;
}

/** The indices at which the sums of each weight of the tile are stored between strips. */
const placesOf = (all: Few, { outputPanel, weights }: Tile): Expr[] =>
  weights.map((weight) => mul(add(mul(outputPanel, filterLength(all)), weight), OUTPUTS));

function storeTile(all: Few, tile: Tile, sums: Sums): void {
  const { site, geometry } = all;
  const row = rowLength(all);
  sums.forEach((vectors, w) => {
    const weight = tile.weights[w]!;
    const [ky, inRow] = [quotient(weight, row), remainder(weight, row)];
    const [kx, channel] = [quotient(inRow, geometry.channels), remainder(inRow, geometry.channels)];
    for (let o = 0; o < tile.outputs; o++) {
      const value = lane(vectors[o >> 2]!, (o & 3) as 0 | 1 | 2 | 3);
      site.output.store([add(mul(tile.outputPanel, OUTPUTS), o), channel, ky, kx], value);
    }
  });
}

const quotient = (value: Expr, by: number): Expr =>
  value.kind === 'const' ? constant(Math.floor(value.value / by)) : div(value, by);
const remainder = (value: Expr, by: number): Expr =>
  value.kind === 'const' ? constant(value.value % by) : rem(value, by);

const TILES: SummedTiles<Plan, Tile> = {
  ...{ sumsLength, pack, forEachTile, sumTile, placesOf, storeTile },
  lanesOf: ({ outputs }) => outputs,
};
