/**
 * globalLpPool: (sum of |x|^p)^(1 / p) over all axes from the third on (ONNX). These axes keep extent 1.
 *
 *   x   f32[N, C, ...spatial]
 *   out f32[N, C, 1, ...]
 */
import { f32 } from '../ir/types.ts';
import { add } from '../kernel/expression.ts';
import { perOperand } from './shared/cost.ts';
import { forSpatial, globalShape, wholePlaneGradient } from './shared/globalPool.ts';
import { checkNormOrder, magnitudePower, onnxPower, root } from './shared/lp.ts';
import { flag, int } from './shared/onnx.ts';
import type { OpDefinition, SampleInput } from './types.ts';
import { axisLetters, elementAt, over } from './shared/formula.ts';
import { powerText, rootText } from './shared/poolFormula.ts';

export interface GlobalLpPoolAttrs {
  readonly p: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    globalLpPool: GlobalLpPoolAttrs;
  }
}

export const globalLpPool: OpDefinition<'globalLpPool'> = {
  name: 'globalLpPool',
  operands: ['x'],
  formula({ p }, [x]) {
    const places = axisLetters(x!.shape.length).slice(2);
    return rootText(over('sum', places, powerText(elementAt('x', x!), p)), p);
  },
  sight: 'whole plane',

  infer([x], { p }, reject) {
    checkNormOrder(p, reject);
    return { dtype: 'f32', shape: globalShape(x!.shape, reject) };
  },

  gradient: ({ attrs: { p }, inputs: [x], output, gradient, g }) => [
    wholePlaneGradient(g, gradient, x!, output, (planes, window) =>
      g.node('lpPoolGradient', planes, { ...window, p }),
    ),
  ],

  define({ attrs: { p }, inputs: [x], output }, k) {
    const shape = x!.type.shape;
    k.forEach(['n', 'c'], shape.slice(0, 2), (channel) => {
      const sum = k.variable('sum', 0);
      forSpatial(k, shape, (place) =>
        k.assign(sum, add(sum, magnitudePower(k, x!.load([...channel, ...place]), p))),
      );
      output.store([...channel, ...shape.slice(2).map(() => 0)], root(sum, p));
    });
  },

  cost: perOperand(),

  samples: [
    sample('p 2, odd plane', 2, 2, 3, 5, 7),
    sample('p 3', 3, 1, 4, 3, 2),
    sample('p 1, rank 3', 1, 2, 5, 6),
    sample('p 2, rank 5', 2, 1, 2, 3, 2, 4),
  ],

  onnx: ({ e, inputs: [x], types, attrs: { p } }) => {
    if (Number.isInteger(p)) return e.emit('GlobalLpPool', [x], { p: int(p) });
    const axes = e.integers(types[0]!.shape.map((_, axis) => axis).slice(2));
    const sum = e.emit('ReduceSum', [onnxPower(e, e.emit('Abs', [x]), p), axes], { keepdims: flag(true) });
    return onnxPower(e, sum, 1 / p);
  },
};

function sample(name: string, p: number, ...shape: number[]) {
  const inputs: SampleInput[] = [{ ...f32(...shape), values: { kind: 'away', from: [0] } }];
  return { name, inputs, attrs: { p } };
}
