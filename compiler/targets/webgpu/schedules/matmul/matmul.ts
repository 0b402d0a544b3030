/**
 * matmul over the last two axes. Both operands are read without packing; an invocation computes a few rows of some
 * columns. If only the right operand is transposed, both are read along the inner axis.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, boolConst, constant, lt, min } from '../../../../kernel/expression.ts';
import { rowMajor } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forBlocks } from '../../../../lowering/shared/blocks.ts';
import { dotTile } from '../../../../lowering/shared/dotProducts.ts';
import { inVectors } from '../../../../lowering/shared/lanes.ts';
import { forMatrices, matrixElement } from '../../../../lowering/shared/matrices.ts';
import { INDEPENDENT, range } from '../../../../lowering/shared/shorthands.ts';
import { storeAlong } from '../../../../lowering/shared/storeAlong.ts';
import type { Sums } from '../../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest, ScheduleRule } from '../../../../lowering/target.ts';
import type { Site, TensorAccess } from '../../../../ops/types.ts';
import type { Family } from '../../families.ts';
import { dotLines, outerTile, type Lines } from '../shared/products.ts';
import { matmulTiledSchedule } from './matmulTiled.ts';

interface Tile {
  readonly isDot: boolean;
  readonly rows: number;
  readonly columns: number;
}

const DOT_TILE = { rows: 4, columns: 4 } as const;
const OUTER_TILE = { rows: 8, columns: 16 } as const;

export const matmulRule =
  (family: Family): ScheduleRule<'matmul'> =>
  (request) =>
    (family === 'tiled' ? matmulTiledSchedule(request) : undefined) ?? blockedSchedule(request);

function blockedSchedule(request: ScheduleRequest<'matmul'>): Schedule<'matmul'> {
  const { inputs, output, outputLayout, attrs } = request;
  const isDot = attrs.transposeB && !attrs.transposeA;
  const [rows, columns] = output.shape.slice(-2) as [number, number];
  const most = isDot ? DOT_TILE : OUTER_TILE;
  const tile = {
    isDot,
    rows: Math.min(rows, most.rows),
    columns: Math.min(most.columns, 4 * Math.ceil(columns / 4)),
  };
  return {
    name: `${isDot ? 'dot products' : 'matrix product'}, ${tile.rows} x ${tile.columns}`,
    inputLayouts: inputs.map(({ shape }) => rowMajor(shape)),
    outputLayout,
    build: (site, k) => buildMatmul(site, k, tile),
  };
}

function buildMatmul(site: Site<'matmul'>, k: KernelBuilder, tile: Tile): void {
  const shape = site.output.type.shape;
  const [rows, columns] = shape.slice(-2) as [number, number];
  forMatrices(k, shape, (outer) =>
    forBlocks(
      k,
      { name: 'column', what: 'columns', extent: columns, block: tile.columns },
      (column, count) => {
        const alongRows = (row: Expr): void => buildTile(site, k, tile, { outer, row, column, count });
        k.for('row', 0, rows, alongRows, { step: tile.rows, ...INDEPENDENT });
      },
    ),
  );
}

interface TilePlace {
  readonly outer: readonly Expr[];
  readonly row: Expr;
  readonly column: Expr;
  readonly count: number;
}

function buildTile(site: Site<'matmul'>, k: KernelBuilder, tile: Tile, place: TilePlace): void {
  const { outer, row, column, count } = place;
  const rows = site.output.type.shape.at(-2)!;
  const isWhole = rows % tile.rows === 0;
  const sums = sumTile(site, k, tile, place);
  sums.forEach((line, r) => {
    const at = add(row, r);
    k.if(isWhole || r === 0 ? boolConst(true) : lt(at, rows), () =>
      line.forEach((sum, v) =>
        storeAlong(k, site.output, [...outer, at, add(column, 4 * v)], sum, count - 4 * v),
      ),
    );
  });
}

/** The sums of a tile: rows of vectors of columns. */
function sumTile(site: Site<'matmul'>, k: KernelBuilder, tile: Tile, place: TilePlace): Sums {
  const [a, b] = site.inputs as [TensorAccess, TensorAccess];
  const { transposeA, transposeB } = site.attrs;
  const depth = a.type.shape.at(transposeA ? -2 : -1)!;
  const left = leftLines(site, k, tile, place);
  const start = (column: Expr): Expr =>
    transposeB ? matrixElement(b, place.outer, column, 0) : matrixElement(b, place.outer, 0, column);
  const { buffer } = b.place;
  if (tile.isDot) {
    const starts = range(place.count).map((c) => k.let(`bAt${c}`, start(add(place.column, c))));
    return dotTile(k, dotLines(left), dotLines({ buffer, starts }), depth, '_').map(inVectors);
  }
  const width = b.type.shape.at(-1)!;
  const right = { buffer, start: k.let('bAt', start(place.column)), count: place.count };
  const [stride, step] = transposeB ? [width, 1] : [1, width];
  return outerTile(k, left, { ...right, stride, step }, depth);
}

/** The rows of the left operand. For rows beyond the last one, the last one is read again. */
function leftLines(
  { inputs: [a], attrs: { transposeA }, output }: Site<'matmul'>,
  k: KernelBuilder,
  tile: Tile,
  { outer, row }: TilePlace,
): Lines {
  const rows = output.type.shape.at(-2)!;
  const starts = range(tile.rows).map((r) => {
    const at = rows % tile.rows === 0 || r === 0 ? add(row, r) : min(add(row, r), constant(rows - 1));
    return k.let(`aAt${r}`, transposeA ? matrixElement(a!, outer, 0, at) : matrixElement(a!, outer, at, 0));
  });
  return { buffer: a!.place.buffer, starts, step: transposeA ? a!.type.shape.at(-1)! : 1 };
}
