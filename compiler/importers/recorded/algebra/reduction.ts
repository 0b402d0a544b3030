/** Reductions along axes: known tensors are computed at import, live ones by layers. */
import { sizeOf } from '../../../ir/types.ts';
import { call, live, shapeOf, type Recorder, type Value } from '../calls.ts';
import { allocate, isFloat, stridesOf, type Known } from '../known.ts';
import { cast } from './arithmetic.ts';
import { reshape } from './movement.ts';

interface Fold {
  readonly start: number;
  readonly step: (sum: number, x: number) => number;
  readonly finish?: (sum: number, count: number) => number;
}

const FOLDS = {
  reduceSum: { start: 0, step: (sum, x) => sum + x },
  reduceMean: { start: 0, step: (sum, x) => sum + x, finish: (sum, count) => sum / count },
  reduceMax: { start: -Infinity, step: Math.max },
  reduceMin: { start: Infinity, step: Math.min },
  reduceProd: { start: 1, step: (sum, x) => sum * x },
  reduceL1: { start: 0, step: (sum, x) => sum + Math.abs(x) },
  reduceL2: { start: 0, step: (sum, x) => sum + x * x, finish: Math.sqrt },
  reduceSumSquare: { start: 0, step: (sum, x) => sum + x * x },
} as const satisfies Readonly<Record<string, Fold>>;

export type Reduction = keyof typeof FOLDS;

/** The reduction of no elements is the operation's neutral value. */
export function reduce(
  r: Recorder,
  op: Reduction,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  const shape = shapeOf(x);
  if (x.kind === 'known') return reduceKnown(r, op, x, axes, keepDims);
  if (axes.length === 0) return op === 'reduceL1' || op === 'reduceL2' ? call(r, x.dtype, 'abs', [x]) : x;
  const whole = axes.length === shape.length;
  const options = { axes: whole ? undefined : axes, keepDims: keepDims ? true : undefined };
  const floats = call(r, 'f32', op, [live(r, cast(r, x, 'f32'))], options);
  return cast(r, floats, isFloat(x.dtype) ? 'f32' : x.dtype);
}

function reduceKnown(
  r: Recorder,
  op: Reduction,
  x: Known,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  const fold: Fold = FOLDS[op];
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const [from, to] = [stridesOf(x.shape), stridesOf(kept)];
  const data = allocate(x.dtype, kept).fill(fold.start);
  for (let i = 0; i < x.data.length; i++) {
    const place = x.shape.reduce(
      (sum, extent, axis) =>
        sum + (axes.includes(axis) ? 0 : (Math.floor(i / from[axis]!) % extent) * to[axis]!),
      0,
    );
    data[place] = fold.step(data[place]!, x.data[i]!);
  }
  const count = sizeOf(axes.map((axis) => x.shape[axis]!));
  if (fold.finish) for (let i = 0; i < data.length; i++) data[i] = fold.finish(data[i]!, count);
  const result: Known = { ...x, shape: kept, data };
  return keepDims
    ? result
    : reshape(
        r,
        result,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
}
