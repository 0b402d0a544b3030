/**
 * The weight gradient of a 3x3 convolution with stride 1 by Winograd's algorithm (transforms.ts). A 2x2 tile of the
 * gradient and the 4x4 numbers of the input under it need 16 products for each pair of channels instead of 36.
 *
 *     for each block of tiles
 *       every tile of the input and of the gradient becomes a row of each of 16 matrices (tiles.ts)
 *       for each position: sums[I][O] += product of both matrices over the block's tiles
 *     the sums of each pair of channels are transformed back to 3x3 weights (sums.ts)
 *
 * If all tiles are one block, sums are transformed back a few panels of channels at a time, while they are in the cache.
 */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { constant, min, mul, sub } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import type { Schedule } from '../../../../../lowering/target.ts';
import type { Site } from '../../../../../ops/types.ts';
import { clearRun } from '../../shared/run.ts';
import type { WeightGradientRequest } from '../weightGradientPlan.ts';
import { INPUTS, OUTPUTS, POSITIONS, WORKSPACES, type WinogradGradientPlan } from './plan.ts';
import { forChunks, multiplyTiles, transformSums } from './sums.ts';
import { transformImages } from './tiles.ts';

type Op = 'conv2dWeightGradient';

export function winogradWeightGradientSchedule(
  { inputLayouts, outputLayout }: WeightGradientRequest,
  plan: WinogradGradientPlan,
): Schedule<Op> {
  const { blockImages, blockRows, tileColumns, workspaces } = plan;
  const images = blockImages > 1 ? ` of ${blockImages} images` : '';
  return {
    name: `Winograd F(3x3, 2x2), ${OUTPUTS} x ${INPUTS} channels, ${blockRows} x ${tileColumns} tiles${images} at a time`,
    ...{ inputLayouts, outputLayout, workspaces },
    build: (site, k) => buildGradient(site, k, plan),
  };
}

function buildGradient(site: Site<Op>, k: KernelBuilder, plan: WinogradGradientPlan): void {
  const { geometry, tileRows, tileColumns, blockRows, blockImages, isSingle, sumsMatrix } = plan;
  const all = { ...plan, k, site };
  if (!isSingle) clearRun(k, { buffer: WORKSPACES.sums, at: constant(0) }, POSITIONS * sumsMatrix);
  const sumBlock = (image: Expr, firstRow: Expr): void => {
    const isEven = tileRows % blockRows === 0;
    const rows = isEven ? blockRows : k.let('rows', min(constant(blockRows), sub(tileRows, firstRow)));
    transformImages(all, { image, firstRow, rows });
    const tiles = isEven ? plan.blockTiles : k.let('tiles', mul(rows, tileColumns));
    forChunks(all, (chunk) => {
      multiplyTiles(all, tiles, chunk);
      if (isSingle) transformSums(all, chunk);
    });
  };
  const sumImages = (image: Expr): void =>
    k.for('firstRow', 0, tileRows, (firstRow) => sumBlock(image, firstRow), { step: blockRows });
  k.for('image', 0, geometry.images, sumImages, { step: blockImages });
  if (!isSingle) forChunks(all, (chunk) => transformSums(all, chunk));
}
