/**
 * Results that are computed number by number from images and from numbers of their channel. What depends on the channel
 * only is computed first and kept in memory, so that the images are read and written in the order of memory.
 *
 *     for each 4 channels: constants
 *     for each pixel and 4 channels: out = value(images, constants)
 */
import type { OpName, TensorType } from '../../../../ir/types.ts';
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant } from '../../../../kernel/expression.ts';
import { elementIndex, strideOf, type Layout } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { INDEPENDENT, range } from '../../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';

export interface ChannelMap<K extends OpName> {
  /** Operands that have the shape of the result, and operands with a number for each channel. */
  readonly images: readonly number[];
  readonly perChannel: readonly number[];
  /** The number of constants of a channel. */
  readonly constants: number;
  /** Vectors of the constants, computed from those of the operands. */
  constantsOf(perChannel: readonly Expr[], site: Site<K>, k: KernelBuilder): readonly Expr[];
  value(images: readonly Expr[], constants: readonly Expr[]): Expr;
}

const CONSTANTS = 'constants';
const VECTORS = [4, 2, 1] as const;

/** Undefined unless channels are contiguous and their number is a multiple of 4. */
export function channelMapSchedule<K extends OpName>(
  { inputs, inputLayouts, outputLayout }: ScheduleRequest<K>,
  map: ChannelMap<K>,
): Schedule<K> | undefined {
  const fits = map.images.every((i) => isChannelVectors(inputs[i]!, inputLayouts[i]!));
  if (!fits || strideOf(outputLayout, 1) !== 1) return undefined;
  const channels = inputs[map.images[0]!]!.shape[1]!;
  return {
    name: 'pixel by pixel, 4 channels',
    ...{ inputLayouts, outputLayout },
    workspaces: [{ name: CONSTANTS, length: channels * map.constants }],
    build: (site, k) => buildMap(site, k, map),
  };
}

export const isChannelVectors = ({ dtype, shape }: TensorType, layout: Layout): boolean =>
  dtype === 'f32' && shape.length === 4 && shape[1]! % 4 === 0 && strideOf(layout, 1) === 1;

function buildMap<K extends OpName>(site: Site<K>, k: KernelBuilder, map: ChannelMap<K>): void {
  const images = map.images.map((i) => site.inputs[i]!);
  const [count, channels, height, width] = images[0]!.type.shape as [number, number, number, number];
  k.for('channel', 0, channels, (channel) => storeConstants(site, k, map, channel), { step: 4 });
  const vectors = VECTORS.find((many) => channels % (4 * many) === 0)!;
  k.forEach(['n', 'y', 'x'], [count, height, width], ([n, y, x]) => {
    const pixels = images.map(({ place }, i) =>
      k.let(`pixel${i}`, elementIndex(place.layout, [n!, constant(0), y!, x!])),
    );
    const storeVector = (channel: Expr): void => {
      const values = images.map(({ place }, i) => k.load(place.buffer, add(pixels[i]!, channel), 'f32x4'));
      const constants = range(map.constants).map((c) =>
        k.load(CONSTANTS, add(channel, c * channels), 'f32x4'),
      );
      site.output.storeChannels([n!, channel, y!, x!], map.value(values, constants));
    };
    k.for(
      'channel',
      0,
      channels,
      (channel) => range(vectors).forEach((v) => storeVector(add(channel, 4 * v))),
      { step: 4 * vectors, ...INDEPENDENT },
    );
  });
}

function storeConstants<K extends OpName>(
  site: Site<K>,
  k: KernelBuilder,
  map: ChannelMap<K>,
  channel: Expr,
): void {
  const channels = site.inputs[map.images[0]!]!.type.shape[1]!;
  const operands = map.perChannel.map((i) => {
    const { buffer } = site.inputs[i]!.place;
    return k.let(`of${i}`, k.load(buffer, channel, 'f32x4'));
  });
  map
    .constantsOf(operands, site, k)
    .forEach((value, c) => k.store(CONSTANTS, add(channel, c * channels), value));
}
