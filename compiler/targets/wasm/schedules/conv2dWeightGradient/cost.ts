/**
 * The estimated time of the ways to compute a weight gradient, in milliseconds on one core. The constants were measured
 * on a Xeon with 54 GFLOP/s of 128-bit multiply-adds; only their ratios matter.
 */
import { areaOf, type ConvGeometry } from '../../../../lowering/shared/convolution.ts';
import { roundUp } from '../../../../lowering/shared/shorthands.ts';
import { INPUTS, POSITIONS, type WinogradGradientPlan } from './winograd/plan.ts';

/** Multiply-adds per millisecond of Winograd's products, and of the other ways with the packing of their operands. */
const PRODUCT_RATE = 21e6;
const RATE = 18e6;
/** Milliseconds to transform one tile of four channels, and the sums of a pair of channels. */
const TRANSFORM = 13e-6;
const TRANSFORM_SUMS = 11e-6;

/** Multiply-adds per pixel in tiles of 4 x 8 channels. Tiles that are not full take as long as whole ones. */
export const blockedWork = ({ channels, outputs, window }: ConvGeometry): number =>
  areaOf(window) * roundUp(channels, 8) * roundUp(outputs, 4);

/** Multiply-adds per pixel in tiles of 4 neighbouring weights of a kernel row x 8 channels. */
export const fewChannelsWork = ({ channels, outputs, window }: ConvGeometry): number =>
  window.kernel[0] * roundUp(window.kernel[1] * channels, 4) * roundUp(outputs, 8);

export const workCost = ({ images, outHeight, outWidth }: ConvGeometry, work: number): number =>
  (images * outHeight * outWidth * work) / RATE;

export function winogradCost({ geometry, tileRows, tileColumns }: WinogradGradientPlan): number {
  const { images, channels, outputs } = geometry;
  const tiles = images * tileRows * tileColumns;
  const products = (POSITIONS * roundUp(channels, INPUTS) * outputs) / PRODUCT_RATE;
  const transforms = ((channels + outputs) / 4) * TRANSFORM;
  return tiles * (products + transforms) + channels * outputs * TRANSFORM_SUMS;
}
