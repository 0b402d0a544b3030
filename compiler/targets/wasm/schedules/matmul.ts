/**
 * matmul over the last two axes, in register tiles. The left operand is read wherever it lies.
 *
 *     right operand as it stands: sums are vectors of four columns; eight columns are copied to a panel first where
 *                                 many rows read them (they lie a whole row apart, often in the same places of the cache)
 *     right operand transposed:   dot products along the inner axis
 *
 * Undefined where both operands are transposed, and for results too narrow for vectors.
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, f32Const, mul, splat, type Operand } from '../../../kernel/expression.ts';
import { elementIndex, rowMajor, strideOf, type Layout } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import { broadcastIndex } from '../../../ops/shared/pointwise.ts';
import type { Site, TensorAccess } from '../../../ops/types.ts';
import { forBlocks } from '../../../lowering/shared/blocks.ts';
import { dotTile, inVectors, outerTile, range, type OuterLines } from './shared/products.ts';
import { storeAlong } from '../../../lowering/shared/storeAlong.ts';

const OUTER_TILE = { rows: 4, columns: 8 } as const;
const DOT_TILE = { rows: 2, columns: 4 } as const;

const PANEL = 'panel';
/** Rows and inner extent from which on a panel is worth its copy. */
const PANEL_ROWS = 16;
const PANEL_DEPTH = 32;

interface MatmulPlan {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly isDot: boolean;
  readonly hasPanel: boolean;
}

export function matmulSchedule(request: ScheduleRequest<'matmul'>): Schedule<'matmul'> | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  const plan = planMatmul(request);
  if (!plan) return undefined;
  const { isDot, hasPanel, depth } = plan;
  const tile = isDot ? DOT_TILE : OUTER_TILE;
  const how = isDot ? 'dot products' : hasPanel ? 'panels' : 'matrix product';
  const right = rowMajor(inputs[1]!.shape);
  const left = isDot || !isStrided(inputLayouts[0]!) ? rowMajor(inputs[0]!.shape) : inputLayouts[0]!;
  return {
    name: `${how}, ${tile.rows} x ${tile.columns}`,
    inputLayouts: [left, right],
    outputLayout,
    workspaces: hasPanel ? [{ name: PANEL, length: depth * OUTER_TILE.columns }] : [],
    build: (site, k) => buildMatmul(site, k, plan),
  };
}

function planMatmul({ attrs, inputs, output }: ScheduleRequest<'matmul'>): MatmulPlan | undefined {
  const { transposeA, transposeB } = attrs;
  const [rows, columns] = output.shape.slice(-2) as [number, number];
  const depth = inputs[0]!.shape.at(transposeA ? -2 : -1)!;
  const isDot = transposeB;
  if (transposeA && transposeB) return undefined;
  if (isDot ? depth < 4 : columns < 4) return undefined;
  const hasPanel = !isDot && rows >= PANEL_ROWS && depth >= PANEL_DEPTH;
  return { rows, columns, depth, isDot, hasPanel };
}

/** Every axis has one stride. */
const isStrided = ({ factors, shape }: Layout): boolean => factors.length === shape.length;

interface Matmul extends MatmulPlan {
  readonly k: KernelBuilder;
  readonly site: Site<'matmul'>;
}

function buildMatmul(site: Site<'matmul'>, k: KernelBuilder, plan: MatmulPlan): void {
  const matmul: Matmul = { ...plan, k, site };
  const batch = site.output.type.shape.slice(0, -2);
  k.forEach(
    batch.map((_, axis) => `n${axis}`),
    batch,
    (outer) => (plan.isDot ? dotProducts(matmul, outer) : outerProducts(matmul, outer)),
  );
}

function dotProducts(matmul: Matmul, outer: readonly Expr[]): void {
  const { k, site, rows, columns, depth } = matmul;
  const [a, b] = site.inputs;
  const lines = (access: TensorAccess, first: Expr, count: number) => ({
    buffer: access.place.buffer,
    at: k.let('from', startOf(access, outer, first, 0)),
    count,
    stride: depth,
  });
  forBlocks(k, { name: 'column', extent: columns, block: DOT_TILE.columns }, (column, columnCount) =>
    forBlocks(k, { name: 'row', extent: rows, block: DOT_TILE.rows }, (row, rowCount) => {
      const sums = dotTile(k, lines(a!, row, rowCount), lines(b!, column, columnCount), depth);
      sums.forEach((line, r) =>
        storeAlong(k, site.output, [...outer, add(row, r), column], inVectors(line)[0]!, columnCount),
      );
    }),
  );
}

function outerProducts(matmul: Matmul, outer: readonly Expr[]): void {
  const { k, rows, columns, hasPanel } = matmul;
  forBlocks(k, { name: 'column', extent: columns, block: OUTER_TILE.columns }, (column, count) => {
    if (hasPanel && count === OUTER_TILE.columns) fillPanel(matmul, outer, column);
    forBlocks(k, { name: 'row', extent: rows, block: OUTER_TILE.rows }, (row, rowCount) =>
      buildOuterTile(matmul, outer, { row, rowCount, column, count }),
    );
  });
}

/** Eight columns of the right operand, row behind row. */
function fillPanel({ k, site, depth }: Matmul, outer: readonly Expr[], column: Expr): void {
  const b = site.inputs[1]!;
  const from = k.let('panelFrom', startOf(b, outer, 0, column));
  const stride = b.type.shape.at(-1)!;
  k.for('line', 0, depth, (line) => {
    for (let v = 0; v < OUTER_TILE.columns; v += 4) {
      const value = k.load(b.place.buffer, add(add(from, mul(line, stride)), v), 'f32x4');
      k.store(PANEL, add(mul(line, OUTER_TILE.columns), v), value);
    }
  });
}

interface TilePlace {
  readonly row: Expr;
  readonly rowCount: number;
  readonly column: Expr;
  readonly count: number;
}

function buildOuterTile(matmul: Matmul, outer: readonly Expr[], place: TilePlace): void {
  const { k, site, depth, hasPanel } = matmul;
  const { row, rowCount, column, count } = place;
  const b = site.inputs[1]!;
  const zero = splat(f32Const(0));
  const vectors = range(Math.ceil(count / 4));
  const sums = range(rowCount).map((r) => vectors.map((v) => k.variable(`sum${r}${v}`, zero, 'f32x4')));
  const right =
    hasPanel && count === OUTER_TILE.columns
      ? { buffer: PANEL, at: constant(0), step: OUTER_TILE.columns, columns: count }
      : {
          buffer: b.place.buffer,
          at: k.let('bAt', startOf(b, outer, 0, column)),
          step: b.type.shape.at(-1)!,
          columns: count,
        };
  outerTile(k, sums, leftLines(matmul, outer, row, rowCount), right, depth);
  sums.forEach((line, r) =>
    line.forEach((sum, v) =>
      storeAlong(k, site.output, [...outer, add(row, r), add(column, 4 * v)], sum, count - 4 * v),
    ),
  );
}

function leftLines({ k, site }: Matmul, outer: readonly Expr[], row: Expr, count: number): OuterLines {
  const a = site.inputs[0]!;
  const { transposeA } = site.attrs;
  const { buffer, layout } = a.place;
  const last = a.type.shape.length - 1;
  const [rowAxis, innerAxis] = transposeA ? [last, last - 1] : [last - 1, last];
  return {
    buffer,
    at: k.let('aAt', transposeA ? startOf(a, outer, 0, row) : startOf(a, outer, row, 0)),
    count,
    stride: strideOf(layout, rowAxis),
    step: strideOf(layout, innerAxis),
  };
}

/** Where an element of an operand's matrix lies; batches broadcast. */
function startOf(
  { type, place }: TensorAccess,
  outer: readonly Expr[],
  first: Operand,
  second: Operand,
): Expr {
  const batch = broadcastIndex(type.shape.slice(0, -2), outer);
  return elementIndex(place.layout, [...batch, first, second]);
}
