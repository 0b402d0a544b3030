/** Sizes of a convolution by Winograd's algorithm: tiles, blocks of tiles, workspaces. */
import { type ConvGeometry, type PlacedConvolution } from '../../../../../lowering/shared/convolution.ts';
import { range, roundUp } from '../../../../../lowering/shared/shorthands.ts';
import { isWinogradShape, type Winograd } from '../../../../../lowering/shared/winograd.ts';
import { CACHED_BYTES } from '../../shared/cache.ts';
import { stripLength, type Strip } from '../../shared/strip.ts';
import { PLAIN_PIXELS, relaxedRows } from '../../shared/tileSize.ts';
import { filterMatrix } from './filter.ts';

export const WORKSPACES = {
  strip: 'strip',
  inputs: 'tiles',
  products: 'products',
  scratch: 'scratch',
} as const;

export interface WinogradPlan {
  readonly geometry: PlacedConvolution;
  readonly winograd: Winograd;
  /** Rows and columns of tiles in an image. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Rows of tiles in a block, which is computed together. */
  readonly blockRows: number;
  /** Tiles of a block, rounded up to whole register tiles. */
  readonly blockTiles: number;
  /** Winograd's tiles in a register tile. */
  readonly registerRows: number;
  readonly strip: Strip;
  /** The distance between the matrices of two positions, in elements, for tiles and for products. */
  readonly inputMatrix: number;
  readonly productMatrix: number;
  readonly workspaces: readonly { readonly name: string; readonly length: number }[];
}

/** Padding after each matrix: with a size that is a power of two, all would begin in the same set of the cache. */
const SKEW = 16;

/** The most that all workspaces may take. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Whether the algorithm applies and channels are whole vectors. */
const fitsWinograd = (geometry: ConvGeometry): boolean =>
  isWinogradShape(geometry) && geometry.channels % 4 === 0 && geometry.outputs % 4 === 0;

export function planWinograd(geometry: PlacedConvolution, winograd: Winograd): WinogradPlan | undefined {
  if (!fitsWinograd(geometry)) return undefined;
  const [tileRows, tileColumns] = [geometry.outHeight, geometry.outWidth].map((extent) =>
    Math.ceil(extent / winograd.outputs),
  ) as [number, number];
  const plans = range(tileRows).map((i) =>
    planBlocks({ geometry, winograd, tileRows, tileColumns, blockRows: i + 1, registerRows: PLAIN_PIXELS }),
  );
  const fitting = plans.filter((plan, i) => i === 0 || bytesOf(plan) <= MOST_BYTES);
  return fitting.reduce((best, plan) => (traffic(plan) < traffic(best) ? plan : best));
}

/** The same blocks with the register tile of the variant for relaxed SIMD. */
export const relaxedPlan = (plan: WinogradPlan): WinogradPlan =>
  planBlocks({ ...plan, registerRows: relaxedRows(plan.blockRows * plan.tileColumns) });

type Blocks = Pick<
  WinogradPlan,
  'geometry' | 'winograd' | 'tileRows' | 'tileColumns' | 'blockRows' | 'registerRows'
>;

function planBlocks({
  geometry,
  winograd,
  tileRows,
  tileColumns,
  blockRows,
  registerRows,
}: Blocks): WinogradPlan {
  const { channels, outputs, window } = geometry;
  const m = winograd.outputs;
  const blockTiles = roundUp(blockRows * tileColumns, registerRows);
  const strip: Strip = {
    workspace: WORKSPACES.strip,
    rows: blockRows * m + 2,
    columns: tileColumns * m + 2,
    channels,
    left: window.padding[1],
  };
  const inputMatrix = blockTiles * channels + SKEW;
  const productMatrix = blockTiles * outputs + SKEW;
  const positions = winograd.inputs ** 2;
  const workspaces = [
    { name: WORKSPACES.strip, length: stripLength(strip) },
    { name: WORKSPACES.inputs, length: positions * inputMatrix },
    { name: WORKSPACES.products, length: positions * productMatrix },
    { name: WORKSPACES.scratch, length: positions * 4 },
  ];
  return {
    ...{ geometry, winograd, tileRows, tileColumns, blockRows, blockTiles, registerRows },
    ...{ strip, inputMatrix, productMatrix, workspaces },
  };
}

const bytesOf = ({ workspaces }: WinogradPlan): number =>
  workspaces.reduce((sum, { length }) => sum + 4 * length, 0);

/** Bytes that do not come from the second-level cache: filters once per block, and blocks that do not fit into it. */
function traffic(plan: WinogradPlan): number {
  const { geometry, winograd, tileRows, blockRows } = plan;
  const blocks = Math.ceil(tileRows / blockRows);
  const filters = 4 * winograd.inputs ** 2 * filterMatrix(geometry.outputs, geometry.channels);
  const spilled = bytesOf(plan) > CACHED_BYTES ? 2 * bytesOf(plan) : 0;
  // Register tiles that are not full cost as much as whole ones, which counts here as bytes.
  const idle = plan.blockTiles * blocks - tileRows * plan.tileColumns;
  return blocks * (filters + spilled) + idle * geometry.outputs * 64;
}
