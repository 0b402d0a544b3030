/**
 * Products of matrices that a workgroup computes together: the right operand is packed in panels first, as weights are, the
 * left one turned around where it is transposed. For one right matrix; those that change with the batch have matmul.ts.
 */
import { createLayout, type Layout } from '../../../kernel/layout.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import { panelBlock } from './panels.ts';
import { asPixels, productOf } from './rows.ts';
import { buildTiled, describeTiled, planTiled } from './tiled.ts';

/** Fewer are not worth a copy of the right operand. */
const FEWEST_ROWS = 16;

export function matmulTiledSchedule({
  attrs,
  inputs,
  output,
  outputLayout,
}: ScheduleRequest<'matmul'>): Schedule<'matmul'> | undefined {
  const [a, b] = inputs.map(({ shape }) => shape) as [readonly number[], readonly number[]];
  const [rows, columns] = output.shape.slice(-2) as [number, number];
  if (b.length > 2 || rows < FEWEST_ROWS) return undefined;
  const depth = a.at(attrs.transposeA ? -2 : -1)!;
  const block = panelBlock(columns, 1)!;
  const plan = planTiled(productOf(output.shape, rows, depth, columns, block));
  if (!plan) return undefined;
  return {
    name: describeTiled(plan),
    inputLayouts: [rowsOf(a, attrs.transposeA), panelsOf(b, attrs.transposeB, block)],
    outputLayout,
    grid: plan.grid,
    build: ({ inputs: [left, right], output: result }, k) =>
      buildTiled(k, plan, {
        ...{ source: left!.place.buffer, weights: right!.place.buffer, output: asPixels(k, result) },
      }),
  };
}

function rowsOf(shape: readonly number[], isTransposed: boolean): Layout {
  const axes = shape.map((_, axis) => axis);
  const [row, column] = axes.slice(-2) as [number, number];
  const inner = isTransposed ? [column, row] : [row, column];
  return createLayout(isTransposed ? 'transposed' : 'rowMajor', shape, [...axes.slice(0, -2), ...inner]);
}

const panelsOf = (shape: readonly number[], isTransposed: boolean, block: number): Layout =>
  isTransposed
    ? createLayout(`oi${block}`, shape, [0, 1, { axis: 0, block }])
    : createLayout(`io${block}`, shape, [1, 0, { axis: 1, block }]);
