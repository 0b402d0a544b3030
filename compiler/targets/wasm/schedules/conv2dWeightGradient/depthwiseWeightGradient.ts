/**
 * The weight gradient of a depthwise convolution. For vectors of channels, the sums for elements of one row of the
 * kernel stay in registers during a loop over the pixels of a strip of rows. The input is copied with zeros around it.
 *
 *     for each image and strip of rows, vectors of 8 channels and row of the kernel
 *       for each pixel: sums[elements][8] += input[8] * gradient[8]
 *
 * Between strips the sums are stored as [KH][KW][C].
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, fma, lane, mul, sub } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { areaOf, extentOf } from '../../../../lowering/shared/convolution.ts';
import { INDEPENDENT, range } from '../../../../lowering/shared/shorthands.ts';
import { sumVariables, zeroVectors } from '../../../../lowering/shared/sums.ts';
import type { Schedule } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { addTo, clearRun } from '../shared/run.ts';
import { fillStrip, forStrips, rowsOfStrips, stripLength, type Strip } from '../shared/strip.ts';
import { rowsOfBlock } from './tileSums.ts';
import {
  inputUnder,
  placedWeightGradient,
  type WeightGradientGeometry,
  type WeightGradientRequest,
} from './weightGradientPlan.ts';

const [STRIP, SUMS] = ['strip', 'sums'];
/** Elements of the kernel's row in registers. With two vectors of channels, 14 of the 15 registers are in use. */
const ELEMENTS = 3;

interface Plan {
  readonly geometry: WeightGradientGeometry;
  readonly rows: number;
  readonly strip: Strip;
}

/** Undefined unless channels are contiguous and their number is a multiple of 4. */
export function depthwiseWeightGradientSchedule(
  request: WeightGradientRequest,
): Schedule<'conv2dWeightGradient'> | undefined {
  const geometry = placedWeightGradient(request);
  if (geometry.groups % 4 !== 0 || geometry.gradient.channel !== 1) return undefined;
  const plan = planDepthwise(geometry);
  const { window, groups } = geometry;
  return {
    name: `depthwise, ${plan.rows} rows, padded strips`,
    inputLayouts: request.inputLayouts,
    outputLayout: request.outputLayout,
    workspaces: [
      { name: STRIP, length: stripLength(plan.strip) },
      { name: SUMS, length: groups * areaOf(window) },
    ],
    build: (site, k) => buildDepthwise({ ...plan, k, site }),
  };
}

function planDepthwise(geometry: WeightGradientGeometry): Plan {
  const { groups, outHeight, window } = geometry;
  const { columns } = inputUnder(geometry, 1);
  const halo = Math.max(0, extentOf(window, 0) - window.stride[0]);
  const rows = rowsOfStrips(outHeight, columns * groups * window.stride[0], halo);
  const strip = { workspace: STRIP, channels: groups, ...inputUnder(geometry, rows) };
  return { geometry, rows, strip };
}

interface Depthwise extends Plan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2dWeightGradient'>;
}

function buildDepthwise(all: Depthwise): void {
  const { k, site, geometry, strip } = all;
  const { groups, window, height, width, outHeight } = geometry;
  clearRun(k, { buffer: SUMS, at: constant(0) }, groups * areaOf(window));
  const source = { buffer: site.inputs[0]!.place.buffer, strides: geometry.input, height, width };
  const images = { images: geometry.images, stride: geometry.input.image };
  forStrips(k, images, { count: outHeight, rows: all.rows }, ({ image, start, firstRow }) => {
    fillStrip(k, strip, source, start, sub(mul(firstRow, window.stride[0]), window.padding[0]));
    const at = add(mul(image, geometry.gradient.image), mul(firstRow, geometry.gradient.row));
    sumStrip(all, k.let('gradientAt', at), firstRow);
  });
  storeSums(all);
}

const elementsText = (first: number, count: number): string =>
  count === 1 ? `column ${first} of the kernel` : `columns ${first} to ${first + count - 1} of the kernel`;

/** Sums a strip, two vectors of channels at a time. */
function sumStrip(all: Depthwise, gradientAt: Expr, firstRow: Expr): void {
  const { k, geometry } = all;
  const { groups, window } = geometry;
  const sumChannels = (channel: Expr, vectors: number): void =>
    k.for('ky', 0, window.kernel[0], (ky) => {
      for (let first = 0; first < window.kernel[1]; first += ELEMENTS) {
        const count = Math.min(ELEMENTS, window.kernel[1] - first);
        k.block(elementsText(first, count), () =>
          sumElements(all, { channel, vectors, ky, first, count, gradientAt, firstRow }),
        );
      }
    });
  const whole = groups - (groups % 8);
  k.for('channel', 0, whole, (channel) => sumChannels(channel, 2), { step: 8, ...INDEPENDENT });
  if (groups > whole) sumChannels(constant(whole), 1);
}

interface Elements {
  readonly channel: Expr;
  readonly vectors: number;
  readonly ky: Expr;
  /** The first column of the kernel, and the number of columns. */
  readonly first: number;
  readonly count: number;
  readonly gradientAt: Expr;
  readonly firstRow: Expr;
}

function sumElements({ k, site, geometry, strip, rows }: Depthwise, part: Elements): void {
  const { window, gradient, outHeight, outWidth, groups } = geometry;
  const { channel, ky, first, count, vectors, firstRow } = part;
  const sums = sumVariables(k, count, zeroVectors(vectors));
  const [down, across] = [strip.columns * groups, groups];
  const reach = window.dilation[1] * across;
  const x = k.let('xAt', add(add(channel, mul(ky, window.dilation[0] * down)), first * reach));
  const g = k.let('gAt', add(part.gradientAt, channel));
  const end = rowsOfBlock(rows, outHeight, firstRow);
  k.for('row', 0, typeof end === 'number' ? end : k.let('rows', end), (row) => {
    const xRow = k.let('xRow', add(x, mul(row, window.stride[0] * down)));
    const gRow = k.let('gRow', add(g, mul(row, gradient.row)));
    k.for('column', 0, outWidth, (column) => {
      const xi = k.let('xi', add(xRow, mul(column, window.stride[1] * across)));
      const gi = k.let('gi', add(gRow, mul(column, gradient.column)));
      const { buffer } = site.inputs[1]!.place;
      const values = range(vectors).map((v) => k.let(`g${v}`, k.load(buffer, add(gi, 4 * v), 'f32x4')));
      sums.forEach((lanes, e) =>
        lanes.forEach((sum, v) => {
          const value = k.load(strip.workspace, add(xi, e * reach + 4 * v), 'f32x4');
          k.assign(sum, fma(value, values[v]!, sum));
        }),
      );
    });
  });
  const place = add(mul(add(mul(ky, window.kernel[1]), first), groups), channel);
  const at = k.let('sumsAt', place);
  sums.forEach((lanes, e) => lanes.forEach((sum, v) => addTo(k, SUMS, add(at, e * groups + 4 * v), sum)));
}

function storeSums({ k, site, geometry: { groups, window } }: Depthwise): void {
  k.forEach(['ky', 'kx'], window.kernel, ([ky, kx]) => {
    const storeVector = (channel: Expr): void => {
      const at = add(mul(add(mul(ky!, window.kernel[1]), kx!), groups), channel);
      const sum = k.let('sum', k.load(SUMS, at, 'f32x4'));
      for (const i of [0, 1, 2, 3] as const) site.output.store([add(channel, i), 0, ky!, kx!], lane(sum, i));
    };
    k.for('channel', 0, groups, storeVector, { step: 4, ...INDEPENDENT });
  });
}
