/**
 * The loops that ways to a weight gradient have in common: block after block of pixels, sums of a tile of weights in
 * registers, which are added to memory between the blocks. No sum of f32 is long.
 *
 *     for each block of pixels: pack what the tiles read
 *       for each tile of weights: sum over the pixels, add to the sums of the blocks before
 *     for each tile of weights: store
 *
 * If all pixels are one block, sums go straight to the result.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, min, sub, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import type { Sums } from '../../../../lowering/shared/sums.ts';
import type { Workspace } from '../../../../lowering/target.ts';
import { addTo, clearRun } from '../shared/run.ts';
import { isSingle, type PixelBlock, type WeightGradientGeometry } from './weightGradientPlan.ts';

const SUMS = 'sums';

/** `Tile` is a tile of weights. */
export interface SummedTiles<Tile> {
  readonly geometry: WeightGradientGeometry;
  readonly block: PixelBlock;
  /** Of the sums of all tiles, in elements. */
  readonly length: number;
  /** Copies what the tiles read of the block that begins with this row of this image. */
  pack(image: Expr, firstRow: Expr): void;
  forEachTile(body: (tile: Tile) => void): void;
  /** Over the pixels of the block that begins with this row. */
  sumTile(tile: Tile, firstRow: Expr): Sums;
  /** Where each row of the tile's sums lies between the blocks, and how many vectors a row has. */
  placesOf(tile: Tile): readonly Expr[];
  vectorsOf(tile: Tile): number;
  storeTile(tile: Tile, sums: Sums): void;
}

export const sumsWorkspace = (
  block: PixelBlock,
  geometry: WeightGradientGeometry,
  length: number,
): readonly Workspace[] => (isSingle(block, geometry) ? [] : [{ name: SUMS, length }]);

export function sumBlocks<Tile>(k: KernelBuilder, of: SummedTiles<Tile>): void {
  const { geometry, block } = of;
  const single = isSingle(block, geometry);
  const sumBlock = (image: Expr, firstRow: Expr): void => {
    of.pack(image, firstRow);
    of.forEachTile((tile) => {
      const sums = of.sumTile(tile, firstRow);
      if (single) of.storeTile(tile, sums);
      else addTile(k, of, tile, sums);
    });
  };
  if (!single) clearRun(k, { buffer: SUMS, at: constant(0) }, of.length);
  k.for(
    'n',
    0,
    geometry.images,
    (image) =>
      k.for('firstRow', 0, geometry.outHeight, (firstRow) => sumBlock(image, firstRow), { step: block.rows }),
    { step: block.images },
  );
  if (!single) of.forEachTile((tile) => of.storeTile(tile, loadTile(k, of, tile)));
}

function addTile<Tile>(k: KernelBuilder, of: SummedTiles<Tile>, tile: Tile, sums: Sums): void {
  const places = of.placesOf(tile);
  sums.forEach((vectors, r) => vectors.forEach((sum, v) => addTo(k, SUMS, add(places[r]!, 4 * v), sum)));
}

const loadTile = <Tile>(k: KernelBuilder, of: SummedTiles<Tile>, tile: Tile): Sums =>
  of
    .placesOf(tile)
    .map((place, r) =>
      range(of.vectorsOf(tile)).map((v) => k.let(`sum${r}${v}`, k.load(SUMS, add(place, 4 * v), 'f32x4'))),
    );

/** Rows of the block that begins with this one: the last block may have fewer. */
export const rowsOfBlock = (rows: number, outHeight: number, firstRow: Expr): Operand =>
  outHeight % rows === 0 ? rows : min(constant(rows), sub(outHeight, firstRow));
