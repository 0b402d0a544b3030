/**
 * Sums per channel over images and pixels: statistics of a batch norm, its gradients, a bias' gradient. There are two
 * dispatches. The first sums parts of the rows, as many parts as keep a device busy; the second sums the parts of each
 * channel. The order is always the same, so equal inputs give equal sums.
 *
 *     for each part and four channels        an invocation
 *       partial sum over the part's rows and columns
 *     for each channel                       an invocation
 *       the sum of its parts
 */
import type { OpName, TensorType } from '../../../ir/types.ts';
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, div, min, mul, rem } from '../../../kernel/expression.ts';
import type { Expr } from '../../../kernel/types.ts';
import { forBlocks } from '../../../lowering/shared/blocks.ts';
import type { ChannelReduction } from '../../../lowering/shared/channelReductions.ts';
import { stridesOf } from '../../../lowering/shared/convolution.ts';
import { loadLanes } from '../../../lowering/shared/lanes.ts';
import { INDEPENDENT, roundUp, ZEROS } from '../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';

const PARTIAL = 'partial';
const LANES = 4;
/** The number of invocations that keep a device busy, and the fewest numbers for which an invocation is worthwhile. */
const INVOCATIONS = 2048;
const FEWEST = 16;

interface Parts {
  readonly count: number;
  /** Rows of a part. The rows of all images are counted one after the other. */
  readonly rows: number;
}

export function channelReduction<K extends OpName>(
  request: ScheduleRequest<K>,
  part: ChannelReduction<K>,
): Schedule<K> | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  if (!part.images.every((i) => isImages(inputs[i]!))) return undefined;
  const [images, channels, height, width] = inputs[part.images[0]!]!.shape as Image;
  const vectors = Math.ceil(channels / LANES);
  const wanted = Math.min(INVOCATIONS / vectors, (images * height * width) / FEWEST);
  const rows = Math.ceil((images * height) / Math.max(1, Math.floor(wanted)));
  const parts = { rows, count: Math.ceil((images * height) / rows) };
  return {
    name: `${parts.count} parts of ${rows} rows x ${LANES} channels, then their sums`,
    inputLayouts,
    outputLayout,
    workspaces: [{ name: PARTIAL, length: parts.count * vectors * LANES }],
    build(site, k) {
      sumParts(site, k, part, parts);
      finishChannels(site, k, part, parts);
    },
  };
}

type Image = [images: number, channels: number, height: number, width: number];

const isImages = ({ dtype, shape }: TensorType): boolean => dtype === 'f32' && shape.length === 4;

function sumParts<K extends OpName>(
  site: Site<K>,
  k: KernelBuilder,
  reduce: ChannelReduction<K>,
  parts: Parts,
): void {
  const [, channels] = site.inputs[reduce.images[0]!]!.type.shape as Image;
  const line = roundUp(channels, LANES);
  const each = (part: Expr): void =>
    forBlocks(k, { name: 'channel', what: 'channels', extent: channels, block: LANES }, (channel, lanes) => {
      const total = sumPart(site, k, reduce, parts, { part, channel, lanes });
      k.store(PARTIAL, add(mul(part, line), channel), total);
    });
  k.block('the sums of each part', () => k.for('part', 0, parts.count, each, INDEPENDENT));
}

interface PartPlace {
  readonly part: Expr;
  readonly channel: Expr;
  readonly lanes: number;
}

function sumPart<K extends OpName>(
  site: Site<K>,
  k: KernelBuilder,
  reduce: ChannelReduction<K>,
  { rows }: Parts,
  { part, channel, lanes }: PartPlace,
): Expr {
  const operands = reduce.images.map((i) => site.inputs[i]!.place);
  const [images, , height, width] = site.inputs[reduce.images[0]!]!.type.shape as Image;
  const perChannel = reduce.perChannel.map((i) =>
    k.let(`of${i}`, loadLanes(k, site.inputs[i]!.place.buffer, channel, lanes)),
  );
  const total = k.variable('total', ZEROS, 'f32x4');
  const first = k.let('first', mul(part, rows));
  const all = images * height;
  const end = all % rows === 0 ? add(first, rows) : min(add(first, rows), constant(all));
  k.for('row', first, end, (row) => {
    const starts = operands.map(({ layout }, i) => {
      const s = stridesOf(layout);
      const at = add(mul(div(row, height), s.image), mul(rem(row, height), s.row));
      return k.let(`row${i}`, add(at, mul(channel, s.channel)));
    });
    const ofRow = k.variable('ofRow', ZEROS, 'f32x4');
    k.for('x', 0, width, (x) => {
      const values = operands.map(({ buffer, layout }, i) => {
        const s = stridesOf(layout);
        return loadLanes(k, buffer, add(starts[i]!, mul(x, s.column)), lanes, s.channel);
      });
      k.assign(ofRow, add(ofRow, reduce.term(values, perChannel, k)));
    });
    k.assign(total, add(total, ofRow));
  });
  return total;
}

function finishChannels<K extends OpName>(
  site: Site<K>,
  k: KernelBuilder,
  reduce: ChannelReduction<K>,
  { count }: Parts,
): void {
  const [images, channels, height, width] = site.inputs[reduce.images[0]!]!.type.shape as Image;
  const line = roundUp(channels, LANES);
  const each = (channel: Expr): void => {
    const total = k.variable('total', 0);
    k.for('part', 0, count, (part) =>
      k.assign(total, add(total, k.load(PARTIAL, add(mul(part, line), channel)))),
    );
    const result = reduce.finish(total, images * height * width, channel, site);
    site.output.store(reduce.index?.(channel, site) ?? [channel], result);
  };
  k.block('the sums over all parts', () => k.for('channel', 0, channels, each, INDEPENDENT));
}
