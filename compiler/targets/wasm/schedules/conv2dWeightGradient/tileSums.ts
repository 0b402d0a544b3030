/**
 * The loops that several ways to compute a weight gradient share. They go through blocks of pixels. The sums of a tile
 * of weights are in registers during a block and are then added to memory, so that no sum in f32 is long.
 *
 *     for each block of pixels: pack what the tiles read
 *       for each tile of weights: sum over the pixels, add to the sums of earlier blocks
 *     for each tile of weights: store
 *
 * If all pixels are one block, its sums are stored as the result.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, min, sub, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import type { Sums } from '../../../../lowering/shared/sums.ts';
import type { Schedule, Workspace } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { fillPanels, panelsLength, type Panels } from '../shared/panels.ts';
import { addTo, clearRun } from '../shared/run.ts';
import type { PixelBlock, WeightGradientGeometry, WeightGradientRequest } from './weightGradientPlan.ts';

const SUMS = 'sums';

export interface SummedPlan {
  readonly geometry: WeightGradientGeometry;
  readonly block: PixelBlock;
  /** The output's gradient. */
  readonly gradient: Panels;
}

/** The panels of the output's gradient, with `lanes` outputs each. */
export const gradientPanels = (
  { groups, outputs, outWidth }: WeightGradientGeometry,
  { images, rows }: PixelBlock,
  lanes: Panels['block'],
): Panels => ({
  ...{ workspace: 'gradientPanels', images, groups, channels: outputs, block: lanes },
  ...{ rows, columns: outWidth, left: 0 },
});

/** A kernel that is being built from a plan. */
export type Building<Plan extends SummedPlan> = Plan & {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2dWeightGradient'>;
};

/** The schedule of such a kernel. `input` is the workspace that the input is packed into. */
export const sumsSchedule = <Plan extends SummedPlan, Tile>(
  name: string,
  { inputLayouts, outputLayout }: WeightGradientRequest,
  plan: Plan,
  tiles: SummedTiles<Plan, Tile>,
  input: Workspace,
): Schedule<'conv2dWeightGradient'> => ({
  ...{ name, inputLayouts, outputLayout },
  workspaces: [
    input,
    { name: plan.gradient.workspace, length: panelsLength(plan.gradient) },
    ...(isSingle(plan) ? [] : [{ name: SUMS, length: tiles.sumsLength(plan) }]),
  ],
  build: (site, k) => sumBlocks({ ...plan, k, site }, tiles),
});

/** Packs the gradient of image `at` of the block, from row `first` on; `start` is the image's first element. */
export function packGradient<Plan extends SummedPlan>(
  { k, site, geometry, gradient }: Building<Plan>,
  place: { readonly start: Expr; readonly first: Expr; readonly at: Operand },
): void {
  const { buffer } = site.inputs[1]!.place;
  const { outHeight: height, outWidth: width } = geometry;
  fillPanels(k, gradient, { buffer, strides: geometry.gradient, height, width }, place);
}

/** The parts in which the ways differ. `Tile` is a tile of weights. */
export interface SummedTiles<Plan extends SummedPlan, Tile> {
  /** The length of the sums of all tiles, in elements. */
  sumsLength(plan: Plan): number;
  /** Packs the operands of the block that begins at this row of this image. */
  pack(all: Building<Plan>, image: Expr, firstRow: Expr): void;
  forEachTile(all: Building<Plan>, body: (tile: Tile) => void): void;
  /** Sums a tile over the pixels of the block that begins at this row. */
  sumTile(all: Building<Plan>, tile: Tile, firstRow: Expr): Sums;
  /** The indices at which the rows of the tile's sums are stored between blocks, and the numbers per row. */
  placesOf(all: Building<Plan>, tile: Tile): readonly Expr[];
  lanesOf(tile: Tile): number;
  storeTile(all: Building<Plan>, tile: Tile, sums: Sums): void;
}

function sumBlocks<Plan extends SummedPlan, Tile>(all: Building<Plan>, tiles: SummedTiles<Plan, Tile>): void {
  const { k, geometry, block } = all;
  const single = isSingle(all);
  const sumBlock = (image: Expr, firstRow: Expr): void => {
    tiles.pack(all, image, firstRow);
    tiles.forEachTile(all, (tile) => {
      const sums = tiles.sumTile(all, tile, firstRow);
      if (single) tiles.storeTile(all, tile, sums);
      else addTile(k, tiles.placesOf(all, tile), sums);
    });
  };
  if (!single) clearRun(k, { buffer: SUMS, at: constant(0) }, tiles.sumsLength(all));
  const sumImages = (image: Expr): void =>
    k.for('firstRow', 0, geometry.outHeight, (firstRow) => sumBlock(image, firstRow), { step: block.rows });
  k.for('n', 0, geometry.images, sumImages, { step: block.images });
  if (single) return;
  tiles.forEachTile(all, (tile) => {
    const sums = loadTile(k, tiles.placesOf(all, tile), tiles.lanesOf(tile));
    tiles.storeTile(all, tile, sums);
  });
}

/** Whether all pixels are one block, so that its sums are the result. */
const isSingle = ({ block, geometry }: SummedPlan): boolean =>
  block.images === geometry.images && block.rows === geometry.outHeight;

const addTile = (k: KernelBuilder, places: readonly Expr[], sums: Sums): void =>
  sums.forEach((vectors, r) => vectors.forEach((sum, v) => addTo(k, SUMS, add(places[r]!, 4 * v), sum)));

const loadTile = (k: KernelBuilder, places: readonly Expr[], lanes: number): Sums =>
  places.map((place, r) =>
    range(Math.ceil(lanes / 4)).map((v) => k.let(`sum${r}${v}`, k.load(SUMS, add(place, 4 * v), 'f32x4'))),
  );

/** The rows of the block that begins at `firstRow`. The last block may have fewer. */
export const rowsOfBlock = (rows: number, outHeight: number, firstRow: Expr): Operand =>
  outHeight % rows === 0 ? rows : min(constant(rows), sub(outHeight, firstRow));
