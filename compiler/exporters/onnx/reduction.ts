/** Reductions along axes. */
import type { ReductionName } from '../../ops/shared/reduction.ts';
import { cast, flag, int, integers, type ExportRule } from './site.ts';

/** To ONNX no axes are all of them. Here they are none: the reduction is of one more axis, of extent 1. */
const reduce =
  <K extends ReductionName>(op: string): ExportRule<K> =>
  ({ e, inputs: [x], attrs, output }) => {
    const { axes, keepDims } = attrs as { readonly axes: readonly number[]; readonly keepDims: boolean };
    if (axes.length > 0) return e.emit(op, [x, integers(e, axes)], { keepdims: flag(keepDims) });
    const widened = e.emit('Unsqueeze', [x, integers(e, [output.shape.length])]);
    return e.emit(op, [widened, integers(e, [output.shape.length])], { keepdims: flag(false) });
  };

const argMax: ExportRule<'argMax'> = ({ e, inputs, attrs: { axis, keepDims, selectLastIndex } }) => {
  const place = e.emit('ArgMax', inputs, {
    axis: int(axis),
    keepdims: flag(keepDims),
    select_last_index: flag(selectLastIndex),
  });
  return cast(e, place, 'i32');
};

export const reduction = {
  argMax,
  reduceL1: reduce<'reduceL1'>('ReduceL1'),
  reduceL2: reduce<'reduceL2'>('ReduceL2'),
  reduceMax: reduce<'reduceMax'>('ReduceMax'),
  reduceMean: reduce<'reduceMean'>('ReduceMean'),
  reduceMin: reduce<'reduceMin'>('ReduceMin'),
  reduceProd: reduce<'reduceProd'>('ReduceProd'),
  reduceSum: reduce<'reduceSum'>('ReduceSum'),
  reduceSumSquare: reduce<'reduceSumSquare'>('ReduceSumSquare'),
};
