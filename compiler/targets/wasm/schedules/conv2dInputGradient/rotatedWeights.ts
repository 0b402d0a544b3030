/**
 * Weights as a convolution's input gradient reads them: blocks of input channels, the kernel's elements phase by phase
 * and last one first, packed [groups][C / block][KH][KW][O][block]. Made anew in every step of training.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, min, mul, sub, toExpr, type Operand } from '../../../../kernel/expression.ts';
import { createLayout, rowMajor, type Layout } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Transform } from '../../../../lowering/target.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';
import type { GradientPhase } from './gradientPhases.ts';

export interface RotatedPacking {
  /** Of the weight: [O, C / groups, KH, KW]. */
  readonly shape: readonly number[];
  readonly groups: number;
  /** Input channels side by side. */
  readonly block: number;
  readonly rows: readonly GradientPhase[];
  readonly columns: readonly GradientPhase[];
}

/** Of the size and order of the packed weights; the elements of the kernel are in another order. */
export const rotatedLayout = ({ shape, groups, block }: RotatedPacking): Layout =>
  createLayout(`rotated${block}`, shape, [
    0,
    1,
    2,
    3,
    { axis: 0, block: shape[0]! / groups },
    { axis: 1, block },
  ]);

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
    comment: `rotated, [C / ${block}][KH][KW][O][${block}]${groups > 1 ? ` in each of ${groups} groups` : ''}`,
    build: (k) => buildRotation(k, packing),
  };
}

/** Output channels that are packed together: their filters stay in the first-level cache, and whole lines are written. */
const OUTPUTS = 16;

function buildRotation(k: KernelBuilder, { shape, groups, block, rows, columns }: RotatedPacking): void {
  const [allOutputs, channels, height, width] = shape as [number, number, number, number];
  const outputs = allOutputs / groups;
  const area = height * width;
  const blocks = Math.ceil(channels / block);
  const whole = Math.floor(channels / block);
  k.for(
    'group',
    0,
    groups,
    (group) => {
      const pack = (number: Operand, lanes: number): void =>
        k.for(
          'firstOutput',
          0,
          outputs,
          (first) => {
            const weights = mul(add(mul(group, outputs), first), channels * area);
            const from = k.let('from', add(weights, mul(toExpr(number, 'i32'), block * area)));
            const panel = mul(add(mul(group, blocks), number), area * outputs * block);
            const to = k.let('to', add(panel, mul(first, block)));
            const end = outputs % OUTPUTS === 0 ? OUTPUTS : min(OUTPUTS, sub(outputs, first));
            forEachTap(k, rows, columns, width, (source, target) => {
              const tapFrom = k.let('tapFrom', add(from, source));
              const tapTo = k.let('tapTo', add(to, mul(target, outputs * block)));
              k.for('o', 0, end, (o) => {
                const at = k.let('at', add(tapFrom, mul(o, channels * area)));
                const out = k.let('outAt', add(tapTo, mul(o, block)));
                for (let lane = 0; lane < block; lane++)
                  k.store('out', add(out, lane), lane < lanes ? k.load('x', add(at, lane * area)) : 0);
              });
            });
          },
          { step: OUTPUTS, independent: true },
        );
      k.for('block', 0, whole, (number) => pack(number, block), { independent: true });
      if (blocks > whole) pack(constant(whole), channels % block);
    },
    { independent: true },
  );
}

/** The place of an element in the kernel's plane, and its place among the packed ones. */
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
