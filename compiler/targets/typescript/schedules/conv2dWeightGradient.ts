/**
 * conv2dWeightGradient for plain JavaScript: for one element of the kernel window, a block of output channels
 * x input channels in local variables, summed over all pixels at which this element met the input.
 *
 *     for each kernel row and column, block of output and block of input channels
 *       for each image, row and column where the element lies inside of the input
 *         sums += gradient[4 output channels] x input[4 input channels]
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, div, fma, max, min, mul, sub, type Operand } from '../../../kernel/expression.ts';
import { elementIndex, strideOf } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import { convWindow } from '../../../ops/conv2d.ts';
import type { WindowAttrs } from '../../../ops/shared/window.ts';
import type { Site } from '../../../ops/types.ts';
import { blocked } from './blocked.ts';

const TILE = { outputs: 4, inputs: 4 } as const;

export function conv2dWeightGradientSchedule(
  request: ScheduleRequest<'conv2dWeightGradient'>,
): Schedule<'conv2dWeightGradient'> | undefined {
  const { attrs, inputLayouts, outputLayout } = request;
  // One output channel of a depthwise convolution shares nothing with the next.
  if (attrs.weightShape[0]! / attrs.groups < 2) return undefined;
  return {
    name: `blocked, ${TILE.outputs} x ${TILE.inputs} channels`,
    inputLayouts,
    outputLayout,
    build,
  };
}

function build(site: Site<'conv2dWeightGradient'>, k: KernelBuilder): void {
  const { attrs } = site;
  const [outputs, channels, kernelHeight, kernelWidth] = attrs.weightShape as [
    number,
    number,
    number,
    number,
  ];
  const perGroup = outputs / attrs.groups;
  const window = convWindow(attrs, attrs.weightShape);
  const [, , height, width] = site.inputs[0]!.type.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = site.inputs[1]!.type.shape as [number, number, number, number];
  k.for('ky', 0, kernelHeight, (ky) => {
    const rows = insideRange(k, 'row', ky, 0, window, height, outHeight);
    k.for('kx', 0, kernelWidth, (kx) => {
      const columns = insideRange(k, 'column', kx, 1, window, width, outWidth);
      k.for('group', 0, attrs.groups, (group) =>
        blocked(k, 'o', perGroup, TILE.outputs, (o, outputCount) =>
          blocked(k, 'i', channels, TILE.inputs, (i, inputCount) => {
            const output = add(mul(group, perGroup), o);
            const input = add(mul(group, channels), i);
            const sums = sumTile(site, k, window, {
              ky,
              kx,
              rows,
              columns,
              output,
              input,
              outputCount,
              inputCount,
            });
            sums.forEach((lane, a) =>
              lane.forEach((sum, b) => site.output.store([add(output, a), add(i, b), ky, kx], sum)),
            );
          }),
        ),
      );
    });
  });
}

type Range = readonly [first: Expr, end: Expr];

/** Outputs along one axis whose kernel element `at` lies inside of the input. */
function insideRange(
  k: KernelBuilder,
  name: string,
  at: Expr,
  axis: 0 | 1,
  { stride, padding, dilation }: WindowAttrs,
  extent: number,
  outputs: number,
): Range {
  // 0 <= output * stride + at * dilation - padding < extent
  const offset = sub(mul(at, dilation[axis]), padding[axis]);
  const needed = div(sub(stride[axis] - 1, offset), stride[axis]);
  const first = padding[axis] === 0 ? constant(0) : max(0, needed);
  const end = min(outputs, div(add(sub(extent - 1, offset), stride[axis]), stride[axis]));
  return [k.let(`${name}First`, first), k.let(`${name}End`, end)];
}

interface Tile {
  readonly ky: Expr;
  readonly kx: Expr;
  readonly rows: Range;
  readonly columns: Range;
  readonly output: Expr;
  readonly input: Expr;
  readonly outputCount: number;
  readonly inputCount: number;
}

function sumTile(
  site: Site<'conv2dWeightGradient'>,
  k: KernelBuilder,
  { stride, padding, dilation }: WindowAttrs,
  tile: Tile,
): readonly (readonly Expr[])[] {
  const [x, gradient] = site.inputs.map((input) => input.place);
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const sums = range(tile.outputCount).map((a) =>
    range(tile.inputCount).map((b) => k.variable(`sum${a}${b}`, 0)),
  );
  const position = (output: Operand, at: Expr, axis: 0 | 1): Expr =>
    sub(add(mul(output as Expr, stride[axis]), mul(at, dilation[axis])), padding[axis]);
  const [xChannel, gradientChannel] = [strideOf(x!.layout, 1), strideOf(gradient!.layout, 1)];
  const xColumn = strideOf(x!.layout, 3);
  const xStep = xColumn * stride[1];
  const [, , , width] = site.inputs[0]!.type.shape;
  const gradientStep = strideOf(gradient!.layout, 3);
  k.for('n', 0, site.inputs[0]!.type.shape[0]!, (n) =>
    k.for('y', tile.rows[0], tile.rows[1], (y) => {
      const column = position(constant(0), tile.kx, 1);
      const start = elementIndex(x!.layout, [n, tile.input, position(y, tile.ky, 0), column]);
      // `column` may lie outside of the image; of one that is a single column wide `elementIndex` leaves it out.
      const xRow = k.let('xRow', width === 1 ? add(start, mul(column, xColumn)) : start);
      const gRow = k.let('gRow', elementIndex(gradient!.layout, [n, tile.output, y, constant(0)]));
      k.for('x', tile.columns[0], tile.columns[1], (at) => {
        const xs = range(tile.inputCount).map((b) =>
          k.let(`x${b}`, k.load(x!.buffer, add(add(xRow, mul(at, xStep)), b * xChannel))),
        );
        sums.forEach((lane, a) => {
          const g = k.let(
            `g${a}`,
            k.load(gradient!.buffer, add(add(gRow, mul(at, gradientStep)), a * gradientChannel)),
          );
          lane.forEach((sum, b) => k.assign(sum, fma(g, xs[b]!, sum)));
        });
      });
    }),
  );
  return sums;
}
