/** matmul for plain JavaScript: rows x columns in local variables, both operands read where they lie. */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, fma } from '../../../kernel/expression.ts';
import type { Expr } from '../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';
import { blocked } from './blocked.ts';

const TILE = { rows: 4, columns: 4 } as const;

export function matmulSchedule(request: ScheduleRequest<'matmul'>): Schedule<'matmul'> | undefined {
  const { inputs, inputLayouts, output, outputLayout } = request;
  // Batches that broadcast are left to the plain loops.
  const isBatched = (shape: readonly number[]) =>
    shape.slice(0, -2).join() === output.shape.slice(0, -2).join();
  if (output.shape.length < 2 || !inputs.every(({ shape }) => isBatched(shape))) return undefined;
  return { name: `blocked, ${TILE.rows} x ${TILE.columns}`, inputLayouts, outputLayout, build };
}

function build(site: Site<'matmul'>, k: KernelBuilder): void {
  const { shape } = site.output.type;
  const [rows, columns] = shape.slice(-2) as [number, number];
  const batch = shape.slice(0, -2);
  k.forEach(
    batch.map((_, i) => `batch${i}`),
    batch,
    (outer) =>
      blocked(k, 'm', rows, TILE.rows, (row, rowCount) =>
        blocked(k, 'n', columns, TILE.columns, (column, columnCount) =>
          buildTile(site, k, outer, { row, rowCount, column, columnCount }),
        ),
      ),
  );
}

interface Tile {
  readonly row: Expr;
  readonly rowCount: number;
  readonly column: Expr;
  readonly columnCount: number;
}

function buildTile(site: Site<'matmul'>, k: KernelBuilder, outer: readonly Expr[], tile: Tile): void {
  const [a, b] = site.inputs;
  const { transposeA, transposeB } = site.attrs;
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const depth = a!.type.shape.at(transposeA ? -2 : -1)!;
  const sums = range(tile.rowCount).map((r) =>
    range(tile.columnCount).map((c) => k.variable(`sum${r}${c}`, 0)),
  );
  k.for('k', 0, depth, (i) => {
    const left = range(tile.rowCount).map((r) => {
      const row = add(tile.row, r);
      return k.let(`a${r}`, a!.load([...outer, ...(transposeA ? [i, row] : [row, i])]));
    });
    range(tile.columnCount).forEach((c) => {
      const column = add(tile.column, c);
      const right = k.let(`b${c}`, b!.load([...outer, ...(transposeB ? [column, i] : [i, column])]));
      left.forEach((value, r) => k.assign(sums[r]![c]!, fma(value, right, sums[r]![c]!)));
    });
  });
  sums.forEach((line, r) =>
    line.forEach((sum, c) => site.output.store([...outer, add(tile.row, r), add(tile.column, c)], sum)),
  );
}
