/**
 * Loops and positions of matrix products. Operands and results are matrices over the last two axes, with batches of
 * any rank.
 */
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Operand } from '../../kernel/expression.ts';
import { elementIndex } from '../../kernel/layout.ts';
import type { Expr } from '../../kernel/types.ts';
import { broadcastIndex } from '../../ops/shared/pointwise.ts';
import type { TensorAccess } from '../../ops/types.ts';
import { forBlocks } from './blocks.ts';

/**
 * Calls the body for every matrix of a result, with its index along the outer axes, named `<name>0`, `<name>1` ...
 */
export function forMatrices(
  k: KernelBuilder,
  shape: readonly number[],
  body: (outer: readonly Expr[]) => void,
  name = 'n',
): void {
  const outer = shape.slice(0, -2);
  const names = outer.map((_, axis) => `${name}${axis}`);
  k.forEach(names, outer, body);
}

export interface MatrixTile {
  /** The matrix' index along the outer axes. */
  readonly outer: readonly Expr[];
  readonly row: Expr;
  readonly rows: number;
  readonly column: Expr;
  readonly columns: number;
}

type TileLoop = readonly [along: 'rows' | 'columns', name: string, block: number];

/** How the loops cut a matrix into tiles. */
export type MatrixTiling = readonly [outer: TileLoop, inner: TileLoop];

/** Calls the body for every tile of one matrix of a result. A vector is a matrix with one row. */
export function forMatrixTiles(
  k: KernelBuilder,
  shape: readonly number[],
  outer: readonly Expr[],
  [first, second]: MatrixTiling,
  body: (tile: MatrixTile) => void,
): void {
  const loop = ([along, name, block]: TileLoop, inner: (at: Expr, count: number) => void): void =>
    forBlocks(
      k,
      { name, what: along, extent: along === 'rows' ? (shape.at(-2) ?? 1) : shape.at(-1)!, block },
      inner,
    );
  loop(first, (a, aCount) =>
    loop(second, (b, bCount) =>
      body(
        first[0] === 'rows'
          ? { outer, row: a, rows: aCount, column: b, columns: bCount }
          : { outer, row: b, rows: bCount, column: a, columns: aCount },
      ),
    ),
  );
}

/** Calls the body for every tile of all matrices of a result. */
export const forAllTiles = (
  k: KernelBuilder,
  shape: readonly number[],
  tiling: MatrixTiling,
  body: (tile: MatrixTile) => void,
): void => forMatrices(k, shape, (outer) => forMatrixTiles(k, shape, outer, tiling, body));

/** The index of an element of a matrix. The index into a vector, which is one row, has no row. */
export const rowElement = (
  rank: number,
  outer: readonly Expr[],
  row: Operand,
  column: Operand,
): readonly Operand[] => (rank > 1 ? [...outer, row, column] : [column]);

/** The position of an element of an operand's matrix. Batches broadcast. */
export function matrixElement(
  { type, place }: TensorAccess,
  outer: readonly Expr[],
  row: Operand,
  column: Operand,
): Expr {
  const batch = broadcastIndex(type.shape.slice(0, -2), outer);
  return elementIndex(place.layout, [...batch, row, column]);
}
