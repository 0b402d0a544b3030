/**
 * Matrix products that workgroups compute (tiled.ts), in up to three dispatches. First the right operand is packed in
 * panels like weights, and the left one is transposed if necessary. A batch of left matrices has either one right
 * matrix for all, or one for each.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, lt, min, mul, select } from '../../../../kernel/expression.ts';
import { rowMajor } from '../../../../kernel/layout.ts';
import { roundUp } from '../../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { TensorAccess } from '../../../../ops/types.ts';
import { asPixels, productOf } from '../shared/correlation/rows.ts';
import { buildTiled, describeTiled, planTiled } from '../shared/correlation/tiled.ts';
import { panelBlock } from '../shared/panelBlock.ts';

/** The fewest rows for which copying the right operand is worthwhile. */
const FEWEST_ROWS = 16;
const [PANELS, TURNED] = ['panels', 'turned'];

export function matmulTiledSchedule({
  attrs,
  inputs,
  output,
  outputLayout,
}: ScheduleRequest<'matmul'>): Schedule<'matmul'> | undefined {
  const [a, b] = inputs.map(({ shape }) => shape) as [readonly number[], readonly number[]];
  const [rows, columns] = output.shape.slice(-2) as [number, number];
  const batches = batchesOf(a, b);
  if (batches === undefined || rows < FEWEST_ROWS) return undefined;
  const depth = a.at(attrs.transposeA ? -2 : -1)!;
  const block = panelBlock(columns, 1)!;
  // With one right matrix, all left matrices are one.
  const left = batches === 1 ? output.shape : output.shape.slice(-2);
  const plan = planTiled(productOf(left, rows, depth, columns, block), { batches });
  if (!plan) return undefined;
  const panels: Panels = { batches, depth, columns, block, isTransposed: attrs.transposeB };
  const turned = attrs.transposeA ? [{ name: TURNED, length: sizeOf(a) }] : [];
  return {
    name: describeTiled(plan),
    inputLayouts: inputs.map(({ shape }) => rowMajor(shape)),
    outputLayout,
    workspaces: [{ name: PANELS, length: batches * roundUp(columns, block) * depth }, ...turned],
    build: ({ inputs: [x, right], output: result }, k) => {
      k.block('the right operand in panels', () => pack(k, right!, panels));
      if (attrs.transposeA) k.block('the left operand, transposed', () => turn(k, x!));
      const source = attrs.transposeA ? TURNED : x!.place.buffer;
      buildTiled(k, plan, { source, weights: PANELS, output: asPixels(k, result) });
    },
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** The number of right matrices: one for all left matrices, or one for each; otherwise undefined. */
function batchesOf(a: readonly number[], b: readonly number[]): number | undefined {
  const [left, right] = [a.slice(0, -2), b.slice(0, -2)];
  if (sizeOf(right) === 1) return 1;
  return `${left}` === `${right}` ? sizeOf(left) : undefined;
}

interface Panels {
  readonly batches: number;
  readonly depth: number;
  readonly columns: number;
  readonly block: number;
  readonly isTransposed: boolean;
}

/** Packs the right operand. The last panel is padded with zeros. */
function pack(k: KernelBuilder, { place }: TensorAccess, panels: Panels): void {
  const { batches, depth, columns, block, isTransposed } = panels;
  const width = roundUp(columns, block);
  const names = ['matrix', 'panel', 'i', 'lane'];
  k.forEach(names, [batches, width / block, depth, block], ([matrix, panel, i, lane]) => {
    const column = k.let('column', add(mul(panel!, block), lane!));
    const last = width === columns ? column : min(column, constant(columns - 1));
    const inMatrix = isTransposed ? add(mul(last, depth), i!) : add(mul(i!, columns), last);
    const loaded = k.load(place.buffer, add(mul(matrix!, depth * columns), inMatrix));
    const line = add(mul(add(mul(matrix!, width / block), panel!), depth), i!);
    const isThere = width === columns ? undefined : lt(column, columns);
    k.store(
      PANELS,
      add(mul(line, block), lane!),
      isThere ? select(isThere, loaded, constant(0, 'f32')) : loaded,
    );
  });
}

/** Transposes [.., depth, rows] to [.., rows, depth]. */
function turn(k: KernelBuilder, { type, place }: TensorAccess): void {
  const { shape } = type;
  const [depth, rows] = shape.slice(-2) as [number, number];
  k.forEach(['matrix', 'row', 'i'], [sizeOf(shape) / (depth * rows), rows, depth], ([matrix, row, i]) => {
    const from = add(add(mul(matrix!, depth * rows), mul(i!, rows)), row!);
    const to = add(add(mul(matrix!, depth * rows), mul(row!, depth)), i!);
    k.store(TURNED, to, k.load(place.buffer, from));
  });
}
