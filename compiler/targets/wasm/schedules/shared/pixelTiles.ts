/**
 * Covers a plane of pixels with register tiles. A tile has neighbouring columns; tiles for the remaining columns have
 * as many rows as fit.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { constant, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { restText } from '../../../../lowering/shared/blocks.ts';
import { INDEPENDENT, range } from '../../../../lowering/shared/shorthands.ts';

export interface PixelTile {
  /** The tile's first row and column in the plane. */
  readonly row: Expr;
  readonly column: Expr;
  readonly rows: number;
  readonly columns: number;
}

export interface Plane {
  /** A number if it is a constant. */
  readonly rows: Operand;
  readonly columns: number;
}

export function forTiles(
  k: KernelBuilder,
  { rows, columns }: Plane,
  pixels: number,
  body: (tile: PixelTile) => void,
): void {
  const wide = columns - (columns % pixels);
  if (wide > 0) {
    const alongRow = (row: Expr): void =>
      k.for('ox', 0, wide, (column) => body({ row, column, rows: 1, columns: pixels }), {
        step: pixels,
        ...INDEPENDENT,
      });
    k.for('row', 0, rows, alongRow, INDEPENDENT);
  }
  const rest = columns - wide;
  if (rest === 0) return;
  const narrow = (row: Expr, count: number): void =>
    body({ row, column: constant(wide), rows: count, columns: rest });
  k.block(restText('columns', rest), () => {
    if (typeof rows !== 'number') return k.for('row', 0, rows, (row) => narrow(row, 1), INDEPENDENT);
    const together = Math.min(rows, Math.floor(pixels / rest));
    const whole = rows - (rows % together);
    k.for('row', 0, whole, (row) => narrow(row, together), { step: together, ...INDEPENDENT });
    if (rows > whole) narrow(constant(whole), rows - whole);
  });
}

/** The row and column of each pixel within the tile. */
export const pixelsOf = ({ rows, columns }: PixelTile): (readonly [row: number, column: number])[] =>
  range(rows * columns).map((i) => [Math.floor(i / columns), i % columns]);
