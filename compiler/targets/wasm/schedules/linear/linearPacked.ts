/**
 * linear for many rows: a matrix product with the register tile of tile.ts. Weights are packed [O / 8][I][8].
 *
 *     for each block of rows and eight outputs
 *       4 rows x 8 outputs at a time, or more with relaxed SIMD
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul } from '../../../../kernel/expression.ts';
import { elementIndex, rowMajor } from '../../../../kernel/layout.ts';
import { forAllTiles, type MatrixTile, type MatrixTiling } from '../../../../lowering/shared/matrices.ts';
import { linearPanels } from '../../../../lowering/shared/packedWeights.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import { storeAlong } from '../../../../lowering/shared/storeAlong.ts';
import { biasVectors, sumVariables } from '../../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { multiplyRun } from '../shared/tile.ts';
import { PLAIN_PIXELS, relaxedPixels } from '../shared/tileSize.ts';
import { RELAXED } from '../../variants.ts';

const OUTPUTS = 8;
const tiling = (rows: number): MatrixTiling => [
  ['columns', 'o', OUTPUTS],
  ['rows', 'n', rows],
];

export function linearPackedSchedule({
  inputs,
  outputLayout,
}: ScheduleRequest<'linear'>): Schedule<'linear'> | undefined {
  const [x, weight, ...bias] = inputs;
  const packed = linearPanels(weight!.shape, OUTPUTS);
  const relaxed = relaxedPixels(1, x!.shape[0]!);
  return {
    ...wayOf(PLAIN_PIXELS),
    inputLayouts: [rowMajor(x!.shape), packed, ...bias.map(({ shape }) => rowMajor(shape))],
    outputLayout,
    ...(relaxed !== PLAIN_PIXELS && { variants: { [RELAXED]: wayOf(relaxed) } }),
  };
}

/** The name and the kernel with a tile of this many rows. */
const wayOf = (rows: number): Pick<Schedule<'linear'>, 'name' | 'build'> => ({
  name: `matrix product, ${rows} x ${OUTPUTS}`,
  build: (site, k) =>
    forAllTiles(k, site.output.type.shape, tiling(rows), (tile) => buildTile(site, k, tile)),
});

function buildTile(
  site: Site<'linear'>,
  k: KernelBuilder,
  { outer, row, rows, column, columns }: MatrixTile,
): void {
  const [x, weight, bias] = site.inputs;
  const length = weight!.type.shape[1]!;
  const sums = sumVariables(k, rows, biasVectors(k, bias, column, columns));
  const xAt = k.let('xAt', elementIndex(x!.place.layout, [...outer, row, 0]));
  const operands = {
    x: x!.place.buffer,
    pixelOffsets: range(rows).map((r) => r * length),
    weights: weight!.place.buffer,
    panel: OUTPUTS,
  };
  multiplyRun(k, sums, operands, xAt, k.let('wAt', mul(column, length)), length);
  sums.forEach((line, r) =>
    line.forEach((sum, v) =>
      storeAlong(k, site.output, [...outer, add(row, r), add(column, 4 * v)], sum, columns - 4 * v),
    ),
  );
}
