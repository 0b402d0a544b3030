/**
 * channelMaxPool: the largest of every `pool` neighbouring channels, maxout (Goodfellow et al. 2013):
 * out[n, c, ...] = max over j < pool of x[n, c * pool + j, ...]; NaN wins.
 *
 *   x   f32[N, C, ...spatial]
 *   out f32[N, C / pool, ...spatial]
 */
import { f32, sizeOf, type ValueId } from '../ir/types.ts';
import { add, max, mul } from '../kernel/expression.ts';
import { perOperand } from './shared/cost.ts';
import { flag } from './shared/onnx.ts';
import { poolAttrs } from './shared/pool.ts';
import { axisNames } from './shared/pointwise.ts';
import type { OpDefinition, SampleInput } from './types.ts';
import { axisLetters, element, times } from './shared/formula.ts';

export interface ChannelMaxPoolAttrs {
  /** Number of channels in a pool. */
  readonly pool: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    channelMaxPool: ChannelMaxPoolAttrs;
  }
}

export const channelMaxPool: OpDefinition<'channelMaxPool'> = {
  name: 'channelMaxPool',
  operands: ['x'],
  formula({ pool }, _inputs, { shape }) {
    const [n, , ...place] = axisLetters(shape.length);
    return `max over i < ${pool} of ${element('x', [n!, `${times(pool, 'c')} + i`, ...place])}`;
  },

  infer([x], { pool }, reject) {
    if (x!.shape.length < 2)
      reject('CNNC1202', `the input has rank ${x!.shape.length}, expected at least 2 (N, C)`);
    const [n, channels, ...spatial] = x!.shape;
    if (!(Number.isInteger(pool) && pool >= 1))
      reject('CNNC1104', `the pool is ${pool}, expected a whole number from 1`);
    if (channels! % pool !== 0)
      reject('CNNC1204', `${channels} channels cannot be split into pools of ${pool}`);
    return { dtype: 'f32', shape: [n!, channels! / pool, ...spatial] };
  },

  // If a pool's channels and the spatial elements are seen as planes of pool x spatial, a pool is a column window.
  gradient({ attrs: { pool }, inputs: [x], output, gradient, g }) {
    const [n, channels, ...spatial] = g.shapeOf(x!);
    const asPlanes = (value: ValueId, rows: number): ValueId =>
      g.node('reshape', [value], { shape: [n!, channels! / pool, rows, sizeOf(spatial)] });
    const planes = [asPlanes(gradient, 1), asPlanes(x!, pool), asPlanes(output, 1)];
    const result = g.node('maxPoolGradient', planes, poolAttrs([pool, 1]));
    return [g.node('reshape', [result], { shape: g.shapeOf(x!) })];
  },

  define({ attrs: { pool }, inputs: [x], output }, k) {
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, ([n, c, ...place]) => {
      const first = k.let('first', mul(c!, pool));
      const best = k.variable('best', x!.load([n!, first, ...place]));
      k.for('j', 1, pool, (j) => k.assign(best, max(best, x!.load([n!, add(first, j), ...place]))));
      output.store([n!, c!, ...place], best);
    });
  },

  cost: perOperand(),

  samples: [
    sample('pairs', 2, [2, 6, 3, 4]),
    sample('fives, rank 2', 5, [3, 10]),
    sample('all channels', 3, [1, 3, 4, 5]),
    sample('threes, rank 3', 3, [2, 6, 7]),
  ],

  onnx: ({ e, inputs: [x], attrs: { pool }, output }) => {
    const [n, channels, ...spatial] = output.shape;
    const split = e.reshape(x!, [n!, channels!, pool, ...spatial]);
    return e.emit('ReduceMax', [split, e.integers([2])], { keepdims: flag(false) });
  },
};

function sample(name: string, pool: number, shape: number[]) {
  const inputs: SampleInput[] = [{ ...f32(...shape), values: { kind: 'distinct' } }];
  return { name, inputs, attrs: { pool } };
}
