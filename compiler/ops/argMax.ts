/**
 * argMax: the index of the largest x along `axis`. Of equal ones it is the first, or with `selectLastIndex` the last
 * (ONNX ArgMax).
 */
import { f32 } from '../ir/types.ts';
import { constant, ge, gt } from '../kernel/expression.ts';
import { checkAxis, forEachAlong } from './shared/axes.ts';
import { perOperand } from './shared/cost.ts';
import { flag, int } from './shared/onnx.ts';
import { reducedIndex, reducedShape } from './shared/reduction.ts';
import type { OpDefinition } from './types.ts';
import { axisLetters, elementAt } from './shared/formula.ts';

export interface ArgMaxAttrs {
  readonly axis: number;
  readonly keepDims: boolean;
  readonly selectLastIndex: boolean;
}

declare module '../ir/types.ts' {
  interface Attrs {
    argMax: ArgMaxAttrs;
  }
}

export const argMax: OpDefinition<'argMax'> = {
  name: 'argMax',
  operands: ['x'],
  formula({ axis, selectLastIndex }, [x]) {
    const letter = axisLetters(x!.shape.length)[axis]!;
    return `the ${selectLastIndex ? 'last' : 'first'} ${letter} with the largest ${elementAt('x', x!)}`;
  },
  infer([x], { axis, keepDims }, reject) {
    checkAxis(axis, x!.shape.length, reject);
    return { dtype: 'i32', shape: reducedShape(x!.shape, { axes: [axis], keepDims }) };
  },
  gradient: 'notDifferentiable',
  define({ attrs: { axis, keepDims, selectLastIndex }, inputs: [x], output }, k) {
    const beats = selectLastIndex ? ge : gt;
    forEachAlong(k, x!.type.shape, [axis], (outer, each) => {
      const largest = k.variable('largest', x!.load(outer));
      const place = k.variable('place', constant(0));
      each((index) => {
        const value = k.let('value', x!.load(index));
        k.if(beats(value, largest), () => {
          k.assign(largest, value);
          k.assign(place, index[axis]!);
        });
      });
      output.store(reducedIndex(outer, { axes: [axis], keepDims }), place);
    });
  },
  cost: perOperand(),
  samples: [
    { name: 'classes', inputs: [{ ...f32(5, 10), values: { kind: 'distinct' } }], attrs: first(1, false) },
    {
      name: 'channels, dims kept',
      inputs: [{ ...f32(2, 5, 3, 4), values: { kind: 'distinct' } }],
      attrs: first(1, true),
    },
    {
      name: 'ties, the first',
      inputs: [{ ...f32(9, 7), values: { kind: 'integers', below: 3 } }],
      attrs: first(1, false),
    },
    {
      name: 'ties, the last',
      inputs: [{ ...f32(9, 7), values: { kind: 'integers', below: 3 } }],
      attrs: { ...first(0, false), selectLastIndex: true },
    },
    { name: 'a vector', inputs: [{ ...f32(9), values: { kind: 'distinct' } }], attrs: first(0, false) },
  ],
  onnx: ({ e, inputs, attrs: { axis, keepDims, selectLastIndex } }) => {
    const place = e.emit('ArgMax', inputs, {
      axis: int(axis),
      keepdims: flag(keepDims),
      select_last_index: flag(selectLastIndex),
    });
    return e.cast(place, 'i32');
  },
};

function first(axis: number, keepDims: boolean): ArgMaxAttrs {
  return { axis, keepDims, selectLastIndex: false };
}
