/**
 * The estimated time of each way to compute a convolution, in milliseconds on one core: arithmetic at the rate of the
 * register tile, Winograd's transforms per tile, and reading filters that do not stay in the caches. The constants were
 * measured with test/bench/wasm/conv2d.ts (Xeon, 54 GFLOP/s of 128-bit multiply-adds, Node 20); only their ratios
 * matter.
 */
import { areaOf, type PlacedConvolution } from '../../../../lowering/shared/convolution.ts';
import { roundUp } from '../../../../lowering/shared/shorthands.ts';
import { CACHED_BYTES } from '../shared/cache.ts';
import { planDirect } from './direct.ts';
import { planCost, type WinogradPlan } from './winograd/plan.ts';

/** Multiply-adds per millisecond in register tiles. */
const RATE = 24e6;
/**
 * Bytes per millisecond for filters that come from memory, and for those that are still in a cache from the last call.
 */
const BANDWIDTH = 15e6;
const CACHE_BANDWIDTH = 60e6;
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

export const winogradCost = (plan: WinogradPlan): number => (4 * planCost(plan)) / RATE;
