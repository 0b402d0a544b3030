/**
 * conv2dWeightGradient for plain JavaScript. For one element of the kernel, the sums of a block of output channels
 * x input channels are local variables. They run over all pixels for which this element is inside the input.
 *
 *     for each kernel row and column, block of output and block of input channels
 *       for each image, row and column for which the element is inside the input
 *         sums += gradient[4 output channels] x input[4 input channels]
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, f32Const, min, mul } from '../../../kernel/expression.ts';
import { elementIndex } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import { forBlocks } from '../../../lowering/shared/blocks.ts';
import { outputsInside, type Range } from '../../../lowering/shared/borders.ts';
import { convGeometry, stridesOf, type ConvGeometry } from '../../../lowering/shared/convolution.ts';
import { range } from '../../../lowering/shared/shorthands.ts';
import { addProducts, sumVariables, type Sums } from '../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import { windowPosition } from '../../../ops/shared/window.ts';
import type { Site } from '../../../ops/types.ts';

const TILE = { outputs: 4, inputs: 4 } as const;

export function conv2dWeightGradientSchedule(
  request: ScheduleRequest<'conv2dWeightGradient'>,
): Schedule<'conv2dWeightGradient'> | undefined {
  const { attrs, inputLayouts, outputLayout } = request;
  // Output channels of a depthwise convolution have no operands in common.
  if (attrs.weightShape[0]! / attrs.groups < 2) return undefined;
  return {
    name: `blocked, ${TILE.outputs} x ${TILE.inputs} channels`,
    inputLayouts,
    outputLayout,
    build,
  };
}

function build(site: Site<'conv2dWeightGradient'>, k: KernelBuilder): void {
  const [x, gradient] = site.inputs.map(({ type }) => type.shape);
  const geometry = convGeometry(site.attrs, x!, site.attrs.weightShape, gradient!);
  const { groups, channels, outputs, window, height, width, outHeight, outWidth } = geometry;
  const buildBlocks = (at: KernelElement, group: Expr): void =>
    forBlocks(
      k,
      { name: 'o', what: 'output channels', extent: outputs, block: TILE.outputs },
      (o, outputCount) =>
        forBlocks(
          k,
          { name: 'i', what: 'input channels', extent: channels, block: TILE.inputs },
          (i, inputCount) => {
            const [output, input] = [add(mul(group, outputs), o), add(mul(group, channels), i)];
            const sums = sumTile(site, k, geometry, { ...at, output, input, outputCount, inputCount });
            sums.forEach((lane, a) =>
              lane.forEach((sum, b) => site.output.store([add(output, a), add(i, b), at.ky, at.kx], sum)),
            );
          },
        ),
    );
  k.for('ky', 0, window.kernel[0], (ky) => {
    const rows = insideRange(k, 'row', geometry, 0, ky, height, outHeight);
    k.for('kx', 0, window.kernel[1], (kx) => {
      const columns = insideRange(k, 'column', geometry, 1, kx, width, outWidth);
      k.for('group', 0, groups, (group) => buildBlocks({ ky, kx, rows, columns }, group));
    });
  });
}

/** The range of outputs along one axis whose windows have element `at` inside the input. */
function insideRange(
  k: KernelBuilder,
  name: string,
  { window }: ConvGeometry,
  axis: 0 | 1,
  at: Expr,
  extent: number,
  outputs: number,
): Range {
  const [first, end] = outputsInside(window, axis, at, extent);
  return [k.let(`${name}First`, first), k.let(`${name}End`, min(outputs, end))];
}

/** One element of the kernel, and the outputs for which it is inside the input. */
interface KernelElement {
  readonly ky: Expr;
  readonly kx: Expr;
  readonly rows: Range;
  readonly columns: Range;
}

interface Tile extends KernelElement {
  readonly output: Expr;
  readonly input: Expr;
  readonly outputCount: number;
  readonly inputCount: number;
}

function sumTile(
  site: Site<'conv2dWeightGradient'>,
  k: KernelBuilder,
  { images, window, width }: ConvGeometry,
  tile: Tile,
): Sums {
  const [x, gradient] = site.inputs.map((input) => input.place);
  const zeros = range(tile.inputCount).map(() => f32Const(0));
  const sums = sumVariables(k, tile.outputCount, zeros);
  const [xStrides, gStrides] = [stridesOf(x!.layout), stridesOf(gradient!.layout)];
  k.for('n', 0, images, (n) =>
    k.for('y', tile.rows[0], tile.rows[1], (y) => {
      const column = windowPosition(window, 1, constant(0), tile.kx);
      const row = windowPosition(window, 0, y, tile.ky);
      const start = elementIndex(x!.layout, [n, tile.input, row, column]);
      // `column` may be outside the image. If the image is one column wide, `elementIndex` ignores `column`.
      const xRow = k.let('xRow', width === 1 ? add(start, mul(column, xStrides.column)) : start);
      const gRow = k.let('gRow', elementIndex(gradient!.layout, [n, tile.output, y, constant(0)]));
      k.for('x', tile.columns[0], tile.columns[1], (at) => {
        const xAt = add(xRow, mul(at, xStrides.column * window.stride[1]));
        const gAt = add(gRow, mul(at, gStrides.column));
        const xs = range(tile.inputCount).map((b) =>
          k.let(`x${b}`, k.load(x!.buffer, add(xAt, b * xStrides.channel))),
        );
        const loadGradient = (a: number): Expr =>
          k.let(`g${a}`, k.load(gradient!.buffer, add(gAt, a * gStrides.channel)));
        addProducts(k, sums, loadGradient, xs);
      });
    }),
  );
  return sums;
}
