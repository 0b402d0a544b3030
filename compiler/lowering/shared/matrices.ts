/** Loops and places of matrix products: operands and results are matrices over the last two axes, batches of any rank. */
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Operand } from '../../kernel/expression.ts';
import { elementIndex } from '../../kernel/layout.ts';
import type { Expr } from '../../kernel/types.ts';
import { broadcastIndex } from '../../ops/shared/pointwise.ts';
import type { TensorAccess } from '../../ops/types.ts';
import { forBlocks, type Blocks } from './blocks.ts';

/** Calls for every matrix of a result with its index along the outer axes, named `<name>0`, `<name>1` ... */
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

export interface MatrixTiling {
  readonly rows: Omit<Blocks, 'extent'>;
  readonly columns: Omit<Blocks, 'extent'>;
  readonly outermost: 'rows' | 'columns';
}

/** Calls for every tile of one matrix of a result. A vector is a matrix of one row. */
export function forMatrixTiles(
  k: KernelBuilder,
  shape: readonly number[],
  outer: readonly Expr[],
  tiling: MatrixTiling,
  body: (tile: MatrixTile) => void,
): void {
  const alongRows = { ...tiling.rows, extent: shape.at(-2) ?? 1 };
  const alongColumns = { ...tiling.columns, extent: shape.at(-1)! };
  if (tiling.outermost === 'rows')
    forBlocks(k, alongRows, (row, rows) =>
      forBlocks(k, alongColumns, (column, columns) => body({ outer, row, rows, column, columns })),
    );
  else
    forBlocks(k, alongColumns, (column, columns) =>
      forBlocks(k, alongRows, (row, rows) => body({ outer, row, rows, column, columns })),
    );
}

/** The index of an element of a matrix; of a vector, which is one row, it has no row. */
export const rowElement = (
  rank: number,
  outer: readonly Expr[],
  row: Operand,
  column: Operand,
): readonly Operand[] => (rank > 1 ? [...outer, row, column] : [column]);

/** Where an element of an operand's matrix lies; batches broadcast. */
export function matrixElement(
  { type, place }: TensorAccess,
  outer: readonly Expr[],
  row: Operand,
  column: Operand,
): Expr {
  const batch = broadcastIndex(type.shape.slice(0, -2), outer);
  return elementIndex(place.layout, [...batch, row, column]);
}
