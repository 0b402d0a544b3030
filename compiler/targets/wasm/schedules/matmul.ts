/**
 * matmul over the last two axes, in register tiles. The left operand may have any strides.
 *
 *     right operand not transposed: sums are vectors of four columns. If many rows read them, eight columns are first copied
 *                                   to a panel, because in the operand they are a row apart, often in the same cache set
 *     right operand transposed:     dot products along the inner axis
 *
 * Undefined if both operands are transposed, and for results that are too narrow for vectors.
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, mul } from '../../../kernel/expression.ts';
import { rowMajor, strideOf, type Layout } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import { forBlocks } from '../../../lowering/shared/blocks.ts';
import { dotTile, storeDots, type DotLines } from '../../../lowering/shared/dotProducts.ts';
import {
  forMatrices,
  forMatrixTiles,
  matrixElement,
  type MatrixTile,
  type MatrixTiling,
} from '../../../lowering/shared/matrices.ts';
import { storeAlong } from '../../../lowering/shared/storeAlong.ts';
import { sumVariables, zeroVectors } from '../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site, TensorAccess } from '../../../ops/types.ts';
import { dotLines, outerTile, type OuterLines } from './shared/products.ts';

const OUTER_TILE = { rows: 4, columns: 8 } as const;
const DOT_TILE = { rows: 2, columns: 4 } as const;

const PANEL = 'panel';
/** The least rows and the least inner extent for which copying a panel is faster. */
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

/** Whether every axis has a single stride. */
const isStrided = ({ factors, shape }: Layout): boolean => factors.length === shape.length;

interface Matmul extends MatmulPlan {
  readonly k: KernelBuilder;
  readonly site: Site<'matmul'>;
}

function buildMatmul(site: Site<'matmul'>, k: KernelBuilder, plan: MatmulPlan): void {
  const matmul: Matmul = { ...plan, k, site };
  forMatrices(k, site.output.type.shape, (outer) =>
    plan.isDot ? dotProducts(matmul, outer) : outerProducts(matmul, outer),
  );
}

const DOT_TILING: MatrixTiling = [
  ['columns', 'column', DOT_TILE.columns],
  ['rows', 'row', DOT_TILE.rows],
];

function dotProducts({ k, site, depth }: Matmul, outer: readonly Expr[]): void {
  const [a, b] = site.inputs;
  const lines = (access: TensorAccess, first: Expr, count: number): DotLines => {
    const at = k.let('from', matrixElement(access, outer, first, 0));
    return dotLines(k, { buffer: access.place.buffer, at, count, stride: depth });
  };
  forMatrixTiles(k, site.output.type.shape, outer, DOT_TILING, ({ row, rows, column, columns }) => {
    const sums = dotTile(k, lines(a!, row, rows), lines(b!, column, columns), depth);
    storeDots(k, site.output, sums, (r) => [...outer, add(row, r), column]);
  });
}

function outerProducts(matmul: Matmul, outer: readonly Expr[]): void {
  const { k, rows: allRows, columns: allColumns, hasPanel } = matmul;
  const alongColumns = { name: 'column', what: 'columns', extent: allColumns, block: OUTER_TILE.columns };
  const alongRows = { name: 'row', what: 'rows', extent: allRows, block: OUTER_TILE.rows };
  forBlocks(k, alongColumns, (column, columns) => {
    if (hasPanel && columns === OUTER_TILE.columns) fillPanel(matmul, outer, column);
    forBlocks(k, alongRows, (row, rows) => buildOuterTile(matmul, { outer, row, rows, column, columns }));
  });
}

/** Copies eight columns of the right operand to the panel, row by row. */
function fillPanel({ k, site, depth }: Matmul, outer: readonly Expr[], column: Expr): void {
  const b = site.inputs[1]!;
  const from = k.let('panelFrom', matrixElement(b, outer, 0, column));
  const stride = b.type.shape.at(-1)!;
  k.for('line', 0, depth, (line) => {
    for (let v = 0; v < OUTER_TILE.columns; v += 4) {
      const value = k.load(b.place.buffer, add(add(from, mul(line, stride)), v), 'f32x4');
      k.store(PANEL, add(mul(line, OUTER_TILE.columns), v), value);
    }
  });
}

function buildOuterTile(matmul: Matmul, tile: MatrixTile): void {
  const { k, site, depth, hasPanel } = matmul;
  const { outer, row, rows, column, columns } = tile;
  const b = site.inputs[1]!;
  const sums = sumVariables(k, rows, zeroVectors(Math.ceil(columns / 4)));
  const right =
    hasPanel && columns === OUTER_TILE.columns
      ? { buffer: PANEL, at: constant(0), step: OUTER_TILE.columns, columns }
      : {
          buffer: b.place.buffer,
          at: k.let('bAt', matrixElement(b, outer, 0, column)),
          step: b.type.shape.at(-1)!,
          columns,
        };
  outerTile(k, sums, leftLines(matmul, outer, row, rows), right, depth);
  sums.forEach((line, r) =>
    line.forEach((sum, v) =>
      storeAlong(k, site.output, [...outer, add(row, r), add(column, 4 * v)], sum, columns - 4 * v),
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
    at: k.let('aAt', transposeA ? matrixElement(a, outer, 0, row) : matrixElement(a, outer, row, 0)),
    count,
    stride: strideOf(layout, rowAxis),
    step: strideOf(layout, innerAxis),
  };
}
