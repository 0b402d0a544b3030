/** Sizes of a convolution by Winograd's algorithm: blocks of tiles and of channels, workspaces. */
import { type ConvGeometry, type PlacedConvolution } from '../../../../../lowering/shared/convolution.ts';
import { range, roundUp } from '../../../../../lowering/shared/shorthands.ts';
import { isWinogradShape, type Winograd } from '../../../../../lowering/shared/winograd.ts';
import { stripLength, type Strip } from '../../shared/strip.ts';
import { PLAIN_PIXELS, relaxedRows, rowTiles, stepTime, type RowTiles } from '../../shared/tileSize.ts';

export const WORKSPACES = {
  strip: 'strip',
  columns: 'columns',
  inputs: 'tiles',
  filters: 'filters',
  products: 'products',
} as const;

/** Output channels of a panel. */
export const PANEL = 8;

export interface WinogradPlan {
  readonly geometry: PlacedConvolution;
  readonly winograd: Winograd;
  /** Rows and columns of tiles in an image. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Rows of tiles in a block, which is computed together. They divide the rows of an image. */
  readonly blockRows: number;
  /** Images of a block; 1 unless a block has whole images. */
  readonly blockImages: number;
  /** Tiles of a block. */
  readonly tiles: number;
  /** How register tiles divide the tiles of a block. */
  readonly registerTiles: RowTiles;
  /** Input channels of a block. They divide the channels. */
  readonly blockChannels: number;
  /** Whether filters are transformed once, when the package is loaded. */
  readonly areStored: boolean;
  readonly strip: Strip;
  /** The distance between the matrices of two positions, in elements: for tiles, filters and products. */
  readonly inputMatrix: number;
  readonly filterMatrix: number;
  readonly productMatrix: number;
  /**
   * The number of outputs whose products are kept together: all of them if input channels are in blocks, otherwise
   * those of a line of the cache.
   */
  readonly keptOutputs: number;
  readonly workspaces: readonly { readonly name: string; readonly length: number }[];
}

/** Padding after each matrix: with a size that is a power of two, all would begin in the same set of the cache. */
const SKEW = 16;

/** The most bytes of filters that are transformed in advance. They should stay in the second-level cache. */
const MOST_STORED = 640 * 1024;

/** The length of the products that are kept together. */
export const productsLength = ({
  winograd,
  productMatrix,
}: Pick<WinogradPlan, 'winograd' | 'productMatrix'>): number => winograd.inputs ** 2 * productMatrix;

const filterMatrixOf = (channels: number): number => channels * PANEL + SKEW;

/** The length of all transformed filters, which have the matrices of each panel one after the other. */
export const storedLength = ({ outputs, channels }: ConvGeometry, { inputs }: Winograd): number =>
  Math.ceil(outputs / PANEL) * inputs ** 2 * filterMatrixOf(channels);

/** Whether the algorithm applies and channels are whole vectors. */
const fitsWinograd = (geometry: ConvGeometry): boolean =>
  isWinogradShape(geometry) && geometry.channels % 4 === 0 && geometry.outputs % 4 === 0;

/**
 * The fastest plan. In training, filters are new in each step, so they are never transformed in advance, and blocks of
 * small images have several of them.
 */
export function planWinograd(
  geometry: PlacedConvolution,
  winograd: Winograd,
  isTraining = false,
): WinogradPlan | undefined {
  if (!fitsWinograd(geometry)) return undefined;
  const plans = winogradPlans(geometry, winograd, isTraining);
  const costs = plans.map(planCost);
  return plans[costs.indexOf(Math.min(...costs))];
}

/** All blocks of whole rows and of equal numbers of channels. */
export function winogradPlans(
  geometry: PlacedConvolution,
  winograd: Winograd,
  isTraining: boolean,
): WinogradPlan[] {
  const [tileRows, tileColumns] = [geometry.outHeight, geometry.outWidth].map((extent) =>
    Math.ceil(extent / winograd.outputs),
  ) as [number, number];
  const areStored = !isTraining && 4 * storedLength(geometry, winograd) <= MOST_STORED;
  const image = { geometry, winograd, tileRows, tileColumns, areStored };
  const rows = divisorsOf(tileRows).map((blockRows) => ({ blockRows, blockImages: 1 }));
  const images = isTraining
    ? divisorsOf(geometry.images).map((blockImages) => ({ blockRows: tileRows, blockImages }))
    : [];
  return [...rows, ...images].flatMap((tiles) =>
    divisorsOf(geometry.channels / 4).map((quarter) =>
      planBlocks({ ...image, ...tiles, blockChannels: 4 * quarter }, PLAIN_PIXELS),
    ),
  );
}

const divisorsOf = (count: number): number[] =>
  range(count).flatMap((i) => (count % (i + 1) === 0 ? [i + 1] : []));

/** The same blocks with the register tile of the variant for relaxed SIMD. */
export const relaxedPlan = (plan: WinogradPlan): WinogradPlan => ({
  ...plan,
  registerTiles: rowTiles(plan.tiles, relaxedRows(plan.tiles)),
});

type Blocks = Pick<
  WinogradPlan,
  | 'geometry'
  | 'winograd'
  | 'tileRows'
  | 'tileColumns'
  | 'blockRows'
  | 'blockImages'
  | 'blockChannels'
  | 'areStored'
>;

function planBlocks(blocks: Blocks, registerRows: number): WinogradPlan {
  const { geometry, winograd, tileColumns, blockRows, blockImages, blockChannels, areStored } = blocks;
  const { outputs: m, inputs: t } = winograd;
  const tiles = blockImages * blockRows * tileColumns;
  const strip: Strip = {
    workspace: WORKSPACES.strip,
    rows: blockRows * m + 2,
    columns: tileColumns * m + 2,
    channels: blockChannels,
    left: geometry.window.padding[1],
  };
  const inputMatrix = tiles * blockChannels + SKEW;
  const { channels, outputs } = geometry;
  const filterMatrix = filterMatrixOf(areStored ? channels : blockChannels);
  const keptOutputs = blockChannels < channels ? roundUp(outputs, PANEL) : outputs % 16 === 0 ? 16 : PANEL;
  const productMatrix = tiles * keptOutputs + SKEW;
  const workspaces = [
    { name: WORKSPACES.strip, length: stripLength(strip) },
    { name: WORKSPACES.columns, length: t * strip.columns * blockChannels },
    { name: WORKSPACES.inputs, length: t * t * inputMatrix },
    ...(areStored ? [] : [{ name: WORKSPACES.filters, length: t * t * filterMatrix }]),
    { name: WORKSPACES.products, length: productsLength({ winograd, productMatrix }) },
  ];
  return {
    ...{ ...blocks, tiles, registerTiles: rowTiles(tiles, registerRows), strip, keptOutputs },
    ...{ inputMatrix, filterMatrix, productMatrix, workspaces },
  };
}

/** The second-level cache in bytes, as far as a kernel may count on it. */
const CACHE = 640 * 1024;

/** Time of the steps of a plan, in multiply-adds of a vector of four channels. Measured with Node 24. */
const COSTS = {
  /** A vector of filters, transformed here or in advance, of tiles or of results. */
  filters: 3.5,
  stored: 1,
  tiles: 10,
  results: 5,
  /** A vector of products that is read and stored again for the next block of channels. */
  accumulate: 2,
  /** A vector of filters from memory, and a vector of tiles from the third-level cache. */
  fetch: 4,
  spill: 1.5,
  /** The beginning and end of a register tile. */
  tile: 24,
} as const;

/** The estimated time of a plan, in multiply-adds of vectors of four channels. */
export function planCost(plan: WinogradPlan): number {
  const { geometry, winograd, tileRows, blockRows, blockImages, tiles } = plan;
  const { channels, outputs, images } = geometry;
  const positions = winograd.inputs ** 2;
  const blocks = (images / blockImages) * (tileRows / blockRows);
  const channelBlocks = channels / plan.blockChannels;
  const panels = Math.ceil(outputs / PANEL);
  const oneTile = (rows: number): number => channels * stepTime(rows) + channelBlocks * COSTS.tile;
  const registerTiles = rowTiles(tiles, relaxedRows(tiles));
  const [tileVectors, resultVectors] = [channels, outputs].map((n) => (positions * tiles * n) / 4) as [
    number,
    number,
  ];
  const products =
    positions * panels * registerTiles.reduce((sum, { rows, count }) => sum + count * oneTile(rows), 0);
  const filterVectors = positions * panels * 2 * channels;
  const filters = plan.areStored
    ? filterVectors * COSTS.stored
    : filterVectors * COSTS.filters + fetched(9 * channels * outputs);
  const transforms = tileVectors * COSTS.tiles + resultVectors * COSTS.results;
  const sums = channelBlocks > 1 ? resultVectors * channelBlocks * COSTS.accumulate : 0;
  const spilled = tileVectors * panels * COSTS.spill * shareBeyond(keptBytes(plan));
  return blocks * (products + filters + transforms + sums + spilled);
}

/** How much of what panels read again is not in the cache; up to 2, because the third level is slower the more it holds. */
const shareBeyond = (bytes: number): number => Math.min(2, Math.max(0, bytes - CACHE) / 2 ** 20);

const fetched = (numbers: number): number => (4 * numbers > CACHE ? (numbers / 4) * COSTS.fetch : 0);

/** What panels read again: tiles and filters, and products if channels are in blocks. */
function keptBytes({ workspaces, blockChannels, geometry, winograd, areStored }: WinogradPlan): number {
  const stored = areStored ? 4 * storedLength(geometry, winograd) : 0;
  const kept: string[] = [WORKSPACES.inputs, WORKSPACES.filters];
  if (blockChannels < geometry.channels) kept.push(WORKSPACES.products);
  return workspaces.reduce((sum, { name, length }) => sum + (kept.includes(name) ? 4 * length : 0), stored);
}
