/**
 * Sums per channel over images and pixels: statistics of a batch norm, its gradients, a bias' gradient. The numbers are
 * read in the order of memory, a few pixels at a time. The sums of an image are kept in memory and added to those of
 * the previous images, so that no sum in f32 is long.
 *
 *     for each image
 *       for each 4 pixels and 4 channels: sums[channels] += (term + term) + (term + term)
 *       totals += sums
 */
import type { OpName } from '../../../ir/types.ts';
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, lane, mul } from '../../../kernel/expression.ts';
import { strideOf } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import { restText } from '../../../lowering/shared/blocks.ts';
import type { ChannelReduction } from '../../../lowering/shared/channelReductions.ts';
import { INDEPENDENT, range } from '../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';
import { isChannelVectors } from './shared/channelMap.ts';
import { addTo, clearRun } from './shared/run.ts';

const [SUMS, TOTALS] = ['sums', 'totals'];
const PIXELS = 4;

/** Undefined unless channels are contiguous and their number is a multiple of 4. */
export function channelReduction<K extends OpName>(
  request: ScheduleRequest<K>,
  part: ChannelReduction<K>,
): Schedule<K> | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  const fits = part.images.every((i) => isChannelVectors(inputs[i]!, inputLayouts[i]!));
  if (!fits) return undefined;
  const channels = inputs[part.images[0]!]!.shape[1]!;
  return {
    name: `${PIXELS} pixels x 4 channels, image by image`,
    inputLayouts,
    outputLayout,
    workspaces: [
      { name: SUMS, length: channels },
      { name: TOTALS, length: channels },
    ],
    build: (site, k) => buildReduction(site, k, part),
  };
}

function buildReduction<K extends OpName>(site: Site<K>, k: KernelBuilder, part: ChannelReduction<K>): void {
  const { shape } = site.inputs[part.images[0]!]!.type;
  const [images, channels, height, width] = shape as [number, number, number, number];
  clearRun(k, { buffer: TOTALS, at: 0 }, channels);
  k.for('n', 0, images, (image) => {
    clearRun(k, { buffer: SUMS, at: 0 }, channels);
    sumImage(site, k, part, image);
    vectorsOf(k, channels, (channel) => addTo(k, TOTALS, channel, k.load(SUMS, channel, 'f32x4')));
  });
  vectorsOf(k, channels, (first) => {
    const total = k.let('total', k.load(TOTALS, first, 'f32x4'));
    for (const i of [0, 1, 2, 3] as const) {
      const channel = add(first, i);
      const result = part.finish(lane(total, i), images * height * width, channel, site);
      site.output.store(part.index?.(channel, site) ?? [channel], result);
    }
  });
}

const vectorsOf = (k: KernelBuilder, channels: number, body: (channel: Expr) => void): void =>
  k.for('channel', 0, channels, body, { step: 4, ...INDEPENDENT });

/** Adds an image to the sums. Rows that follow each other in memory are read as one long row. */
function sumImage<K extends OpName>(
  site: Site<K>,
  k: KernelBuilder,
  part: ChannelReduction<K>,
  image: Expr,
): void {
  const operands = part.images.map((i) => site.inputs[i]!);
  const [, , height, width] = operands[0]!.type.shape as [number, number, number, number];
  const isOneRow = operands.every(
    ({ place: { layout } }) => strideOf(layout, 2) === width * strideOf(layout, 3),
  );
  const [rows, pixels] = isOneRow ? [1, height * width] : [height, width];
  const whole = pixels - (pixels % PIXELS);
  k.for('row', 0, rows, (row) => {
    const starts = operands.map(({ place: { layout } }, i) =>
      k.let(`row${i}`, add(mul(image, strideOf(layout, 0)), mul(row, strideOf(layout, 2)))),
    );
    const sumPixels = (first: Expr, count: number): void => {
      const places = operands.map(({ place: { layout } }, i) =>
        k.let(`pixel${i}`, add(starts[i]!, mul(first, strideOf(layout, 3)))),
      );
      sumTerms(site, k, part, places, count);
    };
    k.for('pixel', 0, whole, (pixel) => sumPixels(pixel, PIXELS), { step: PIXELS });
    if (pixels > whole)
      k.block(restText('pixels', pixels - whole), () => sumPixels(constant(whole), pixels - whole));
  });
}

/** Adds the terms of some neighbouring pixels to the sums of all channels. */
function sumTerms<K extends OpName>(
  site: Site<K>,
  k: KernelBuilder,
  part: ChannelReduction<K>,
  places: readonly Expr[],
  count: number,
): void {
  const operands = part.images.map((i) => site.inputs[i]!);
  vectorsOf(k, operands[0]!.type.shape[1]!, (channel) => {
    const perChannel = part.perChannel.map((i) => {
      const { buffer } = site.inputs[i]!.place;
      return k.let(`of${i}`, k.load(buffer, channel, 'f32x4'));
    });
    const at = places.map((place, i) => k.let(`at${i}`, add(place, channel)));
    const terms = range(count).map((p) => {
      const values = operands.map(({ place: { buffer, layout } }, i) =>
        k.load(buffer, add(at[i]!, p * strideOf(layout, 3)), 'f32x4'),
      );
      return k.let(`term${p}`, part.term(values, perChannel, k));
    });
    addTo(k, SUMS, channel, inPairs(terms));
  });
}

/** (a + b) + (c + d) */
function inPairs(terms: readonly Expr[]): Expr {
  if (terms.length === 1) return terms[0]!;
  const half = Math.ceil(terms.length / 2);
  return add(inPairs(terms.slice(0, half)), inPairs(terms.slice(half)));
}
