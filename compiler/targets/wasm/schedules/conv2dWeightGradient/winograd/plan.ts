/** Sizes of a weight gradient by Winograd's algorithm: tiles, blocks of tiles, workspaces. */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { range, evenPart } from '../../../../../lowering/shared/shorthands.ts';
import { F2, isWinogradShape } from '../../../../../lowering/shared/winograd.ts';
import type { Workspace } from '../../../../../lowering/target.ts';
import type { Site } from '../../../../../ops/types.ts';
import { stripLength, type Strip } from '../../shared/strip.ts';
import type { WeightGradientGeometry } from '../weightGradientPlan.ts';

export const WORKSPACES = {
  inputStrip: 'inputStrip',
  gradientStrip: 'gradientStrip',
  inputs: 'inputTiles',
  gradients: 'gradientTiles',
  sums: 'sums',
} as const;

/** Rows and columns of the gradient in a tile, and of the input's numbers that they meet. */
export const TILE = F2.outputs;
export const SIDE = F2.inputs;
export const POSITIONS = SIDE ** 2;

/** Output and input channels of a register tile, and of the panels of transformed tiles. */
export const OUTPUTS = 4;
export const INPUTS = 8;

export interface WinogradGradientPlan {
  readonly geometry: WeightGradientGeometry;
  /** Rows and columns of tiles in an image. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** The tiles of a block: some rows of tiles of one image, or all tiles of some images. */
  readonly blockRows: number;
  readonly blockImages: number;
  /** The number of tiles of a whole block. */
  readonly blockTiles: number;
  /** Whether all tiles are one block. */
  readonly isSingle: boolean;
  /** Panels of input channels whose sums are computed together. */
  readonly chunk: number;
  readonly inputStrip: Strip;
  /** Undefined if the gradient is read without a copy. */
  readonly gradientStrip?: Strip;
  /** The distances between the matrices of two positions, in elements. */
  readonly inputMatrix: number;
  readonly gradientMatrix: number;
  readonly sumsMatrix: number;
  readonly workspaces: readonly Workspace[];
}

/** A kernel that is being built from a plan. */
export interface Building extends WinogradGradientPlan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2dWeightGradient'>;
}

/** The number of panels of input channels. */
export const inputPanels = ({ channels }: WeightGradientGeometry): number => Math.ceil(channels / INPUTS);

/** Padding after each matrix: with a size that is a power of two, all would begin in the same set of the cache. */
const SKEW = 16;

/**
 * The most bytes of a block's transformed tiles. Sums that are large come from memory for every block, so blocks are
 * larger then, a quarter of the sums.
 */
const tileBytes = ({ channels, outputs }: WeightGradientGeometry): number =>
  Math.min(4.5, Math.max(1, (4 * POSITIONS * channels * outputs) / 2 ** 22)) * 2 ** 20;

/** The most tiles that are summed in registers. */
const MOST_TILES = 128;

/** The most bytes of a chunk's sums. */
const SUMS_BYTES = 1024 * 1024;

export function planWinogradGradient(geometry: WeightGradientGeometry): WinogradGradientPlan | undefined {
  const { channels, outputs, outHeight, outWidth } = geometry;
  if (!isWinogradShape(geometry) || channels % 4 !== 0 || outputs % 4 !== 0) return undefined;
  const [tileRows, tileColumns] = [Math.ceil(outHeight / TILE), Math.ceil(outWidth / TILE)];
  const block = tileBlock(geometry, tileRows, tileColumns);
  return planTiles({ geometry, tileRows, tileColumns, ...block });
}

/** The largest block that fits. */
function tileBlock(
  geometry: WeightGradientGeometry,
  tileRows: number,
  tileColumns: number,
): Pick<WinogradGradientPlan, 'blockRows' | 'blockImages'> {
  const { images, channels, outputs } = geometry;
  const bytes = 4 * POSITIONS * (channels + outputs);
  const most = Math.min(MOST_TILES, Math.floor(tileBytes(geometry) / bytes));
  const inImage = tileRows * tileColumns;
  if (inImage > most)
    return { blockRows: evenPart(tileRows, Math.max(1, Math.floor(most / tileColumns))), blockImages: 1 };
  const fitting = range(images + 1).filter((count) => images % count === 0 && count * inImage <= most);
  return { blockRows: tileRows, blockImages: Math.max(...fitting) };
}

type Tiles = Pick<
  WinogradGradientPlan,
  'geometry' | 'tileRows' | 'tileColumns' | 'blockRows' | 'blockImages'
>;

function planTiles(tiles: Tiles): WinogradGradientPlan {
  const { geometry, tileRows, tileColumns, blockRows, blockImages } = tiles;
  const { channels, outputs } = geometry;
  const blockTiles = blockRows * tileColumns * blockImages;
  const isSingle = blockRows === tileRows && blockImages === geometry.images;
  const chunk = isSingle ? panelsOfChunk(geometry) : inputPanels(geometry);
  const matrix = (lanes: number, panel: number): number =>
    Math.ceil(lanes / panel) * panel * blockTiles + SKEW;
  const matrices = {
    inputMatrix: matrix(channels, INPUTS),
    gradientMatrix: matrix(outputs, OUTPUTS),
    sumsMatrix: chunk * INPUTS * outputs + SKEW,
  };
  const strips = planStrips(geometry, blockRows, tileColumns);
  return {
    ...{ geometry, tileRows, tileColumns, blockRows, blockImages, blockTiles, isSingle, chunk },
    ...{ ...strips, ...matrices },
    workspaces: [
      ...Object.values(strips).map((strip) => ({ name: strip.workspace, length: stripLength(strip) })),
      { name: WORKSPACES.inputs, length: POSITIONS * matrices.inputMatrix },
      { name: WORKSPACES.gradients, length: POSITIONS * matrices.gradientMatrix },
      { name: WORKSPACES.sums, length: POSITIONS * matrices.sumsMatrix },
    ],
  };
}

/**
 * If all tiles are one block, panels of input channels need not wait for others. The sums of so many of them fit into
 * the second-level cache.
 */
function panelsOfChunk(geometry: WeightGradientGeometry): number {
  const { channels, outputs } = geometry;
  const panels = inputPanels(geometry);
  if (channels % INPUTS !== 0) return panels;
  const most = Math.max(1, Math.floor(SUMS_BYTES / (4 * POSITIONS * INPUTS * outputs)));
  return Math.max(...range(Math.min(most, panels) + 1).filter((count) => panels % count === 0));
}

function planStrips(
  { channels, outputs, window, outHeight, outWidth, gradient }: WeightGradientGeometry,
  blockRows: number,
  tileColumns: number,
): Pick<WinogradGradientPlan, 'inputStrip' | 'gradientStrip'> {
  const [rows, columns] = [blockRows * TILE, tileColumns * TILE];
  const halo = SIDE - TILE;
  const inputStrip: Strip = {
    ...{ workspace: WORKSPACES.inputStrip, channels, left: window.padding[1] },
    ...{ rows: rows + halo, columns: columns + halo },
  };
  const isWhole = outHeight % rows === 0 && outWidth % TILE === 0 && gradient.channel === 1;
  if (isWhole) return { inputStrip };
  const strip = { workspace: WORKSPACES.gradientStrip, rows, columns, channels: outputs, left: 0 };
  return { inputStrip, gradientStrip: strip };
}
