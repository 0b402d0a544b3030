/**
 * The packed weights of a convolution's input gradient: [groups][C / block][KH][KW][O][block], where the kernel's
 * elements are ordered by phase, the last one first. They are packed again in every training step.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, min, mul, sub } from '../../../../kernel/expression.ts';
import { rowMajor } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forGroupPanels } from '../../../../lowering/shared/blocks.ts';
import type { GradientPhase } from '../../../../lowering/shared/gradientPhases.ts';
import { INDEPENDENT } from '../../../../lowering/shared/shorthands.ts';
import type { Transform } from '../../../../lowering/target.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';

export interface RotatedPacking {
  /** The shape of the weight: [O, C / groups, KH, KW]. */
  readonly shape: readonly number[];
  readonly groups: number;
  /** The number of input channels in a block. */
  readonly block: number;
  readonly rows: readonly GradientPhase[];
  readonly columns: readonly GradientPhase[];
}

/** The name of the layout. It equals that of panels of inputs, but for the order of the kernel's elements. */
export const ROTATED = 'rotated';

export function rotateWeights(
  packing: RotatedPacking,
  { stride, dilation, padding }: WindowAttrs,
): Transform {
  const { groups, block, shape } = packing;
  const rest = [0, 1].map((axis) => padding[axis as 0 | 1] % stride[axis as 0 | 1]);
  const geometry = [...stride, ...dilation, ...rest, packing.rows.length, packing.columns.length];
  const isPlain = stride[0] === 1 && stride[1] === 1;
  return {
    name: `rotate${block}${groups > 1 ? `_g${groups}` : ''}${isPlain ? '' : `_s${geometry.join('_')}`}`,
    from: rowMajor(shape),
    comment: packingText(packing),
    build: (k) => buildRotation(k, packing),
  };
}

/** A description of the packing; I is the number of input channels of a group. */
function packingText({ block, groups, rows, columns }: RotatedPacking): string {
  const order =
    rows.length * columns.length > 1 ? 'phase by phase of the stride, last ones first' : 'last ones first';
  const inGroups = groups > 1 ? ` in each of ${groups} groups` : '';
  return `packed [I / ${block}][KH][KW][O][${block}]${inGroups}, KH and KW ${order}`;
}

/** Output channels packed together: their filters stay in the first-level cache, and whole cache lines are written. */
const OUTPUTS = 16;

function buildRotation(k: KernelBuilder, packing: RotatedPacking): void {
  const { shape, groups, block } = packing;
  const [allOutputs, channels, height, width] = shape as [number, number, number, number];
  const [outputs, area] = [allOutputs / groups, height * width];
  const blocks = Math.ceil(channels / block);
  forGroupPanels(k, groups, channels, block, (group, number, lanes) => {
    const packOutputs = (first: Expr): void => {
      const weights = mul(add(mul(group, outputs), first), channels * area);
      const from = k.let('from', add(weights, mul(number, block * area)));
      const panel = mul(add(mul(group, blocks), number), area * outputs * block);
      const to = k.let('to', add(panel, mul(first, block)));
      const count = outputs % OUTPUTS === 0 ? constant(OUTPUTS) : min(OUTPUTS, sub(outputs, first));
      packFilters(k, packing, { from, to, count, lanes });
    };
    k.for('firstOutput', 0, outputs, packOutputs, { step: OUTPUTS, ...INDEPENDENT });
  });
}

interface Filters {
  /** The index of their first number, and its index in the packed weights. */
  readonly from: Expr;
  readonly to: Expr;
  /** The number of output channels, and of input channels in the panel without padding. */
  readonly count: Expr;
  readonly lanes: number;
}

function packFilters(k: KernelBuilder, packing: RotatedPacking, { from, to, count, lanes }: Filters): void {
  const { shape, groups, block, rows, columns } = packing;
  const [allOutputs, channels, height, width] = shape as [number, number, number, number];
  const [outputs, area] = [allOutputs / groups, height * width];
  forEachTap(k, rows, columns, width, (source, target) => {
    const tapFrom = k.let('tapFrom', add(from, source));
    const tapTo = k.let('tapTo', add(to, mul(target, outputs * block)));
    k.for('o', 0, count, (o) => {
      const at = k.let('at', add(tapFrom, mul(o, channels * area)));
      const out = k.let('outAt', add(tapTo, mul(o, block)));
      for (let lane = 0; lane < block; lane++)
        k.store('out', add(out, lane), lane < lanes ? k.load('x', add(at, lane * area)) : 0);
    });
  });
}

/** Calls `body` with the index of each element in the kernel's plane, and its index in the packed order. */
function forEachTap(
  k: KernelBuilder,
  rows: readonly GradientPhase[],
  columns: readonly GradientPhase[],
  width: number,
  body: (source: Expr, target: Expr) => void,
): void {
  for (const row of rows)
    k.for('ty', 0, row.taps, (ty) => {
      for (const column of columns)
        k.for('tx', 0, column.taps, (tx) => {
          const ky = sub(row.element, mul(ty, row.step));
          const kx = sub(column.element, mul(tx, column.step));
          const place = mul(add(row.tapsBefore, ty), width);
          body(add(mul(ky, width), kx), add(place, add(tx, column.tapsBefore)));
        });
    });
}
