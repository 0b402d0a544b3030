/**
 * The estimated time of each way to compute a convolution, in milliseconds on one core: arithmetic at the rate of the
 * register tile, Winograd's transforms per tile, and reading filters that do not stay in the caches. The constants were
 * measured with test/bench/wasm/conv2d.ts (Xeon, 54 GFLOP/s of 128-bit multiply-adds, Node 20); only their ratios
 * matter.
 */
import {
  areaOf,
  type ConvGeometry,
  type PlacedConvolution,
} from '../../../../lowering/shared/convolution.ts';
import { roundUp } from '../../../../lowering/shared/shorthands.ts';
import { CACHED_BYTES } from '../shared/cache.ts';
import { planDirect } from './direct.ts';
import { filterMatrix } from './winograd/filter.ts';
import type { WinogradPlan } from './winograd/plan.ts';

/** Multiply-adds per millisecond in register tiles. */
const RATE = 24e6;
/**
 * Bytes per millisecond for filters that come from memory, and for those that are still in a cache from the last call.
 */
const BANDWIDTH = 15e6;
const CACHE_BANDWIDTH = 60e6;
/** Milliseconds to transform one tile of four channels, in either direction. */
const TRANSFORM = { 2: 13.5e-6, 4: 40e-6 };

/** Milliseconds to transform filters, which every training step does, because its weights are new. */
export const filterCost = ({ outputs, channels }: ConvGeometry): number => outputs * channels * 40e-6;

const streamed = (bytes: number, times: number): number =>
  bytes > CACHED_BYTES ? (bytes * times) / BANDWIDTH : bytes / CACHE_BANDWIDTH;

export function directCost(geometry: PlacedConvolution): number {
  const plan = planDirect(geometry);
  if (!plan) return Infinity;
  const { images, outHeight, outWidth, outputs, groups, channels, window } = geometry;
  const { tile, block, stripRows } = plan;
  // A narrower tile at the end of a row takes as long as a whole one, but it may cover several rows.
  const rest = outWidth % tile.pixels;
  const columns =
    outWidth - rest + (rest === 0 ? 0 : tile.pixels / Math.max(1, Math.floor(tile.pixels / rest)));
  const padded = roundUp(outputs, block);
  const taps = areaOf(window) * channels;
  const filters = 4 * padded * groups * taps;
  const work = images * outHeight * columns * padded * groups * taps;
  return work / RATE + streamed(filters, images * Math.ceil(outHeight / stripRows));
}

export function winogradCost(plan: WinogradPlan): number {
  const { geometry, winograd, tileRows, tileColumns, blockRows, blockTiles } = plan;
  const { images, channels, outputs } = geometry;
  const blocks = images * Math.ceil(tileRows / blockRows);
  const matrix = filterMatrix(outputs, channels);
  const positions = winograd.inputs ** 2;
  const products = (blocks * blockTiles * positions * matrix) / RATE;
  const tiles = images * tileRows * tileColumns;
  const transforms = tiles * ((channels + outputs) / 4) * TRANSFORM[winograd.outputs];
  return products + transforms + streamed(4 * positions * matrix, blocks);
}
