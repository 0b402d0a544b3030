/**
 * channelShuffle: transposes the channels, seen as [groups, C / groups] (Zhang et al. 2018, ShuffleNet):
 * out[n, j * groups + i, ...] = x[n, i * (C / groups) + j, ...].
 *
 *   x   f32[N, C, ...spatial]
 *   out f32[N, C, ...spatial]
 */
import { f32 } from '../ir/types.ts';
import { add, div, mul, rem } from '../kernel/expression.ts';
import { checkGroupCount } from './shared/convolution.ts';
import { perResult } from './shared/cost.ts';
import { axisNames } from './shared/pointwise.ts';
import type { OpDefinition } from './types.ts';
import { axisLetters, element, elementAt, floored, times } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    channelShuffle: { readonly groups: number };
  }
}

export const channelShuffle: OpDefinition<'channelShuffle'> = {
  name: 'channelShuffle',
  operands: ['x'],
  formula({ groups }, [x]) {
    const [n, , ...place] = axisLetters(x!.shape.length);
    if (groups === 1) return elementAt('x', x!);
    const source = `${times(x!.shape[1]! / groups, `(c % ${groups})`)} + ${floored('c', groups)}`;
    return element('x', [n!, source, ...place]);
  },
  nonNegative: 'if operands are',
  keepsExamples: true,

  infer([x], { groups }, reject) {
    if (x!.shape.length < 2)
      reject('CNNC1202', `the input has rank ${x!.shape.length}, expected at least 2 (N, C)`);
    const channels = x!.shape[1]!;
    checkGroupCount(groups, reject);
    if (channels % groups !== 0)
      reject('CNNC1204', `${channels} channels cannot be split into ${groups} groups`);
    return x!;
  },

  // The inverse transpose: its number of groups is the number of channels of a group.
  gradient: ({ attrs: { groups }, inputs: [x], gradient, g }) => [
    g.node('channelShuffle', [gradient], { groups: g.shapeOf(x!)[1]! / groups }),
  ],

  define({ attrs: { groups }, inputs: [x], output }, k) {
    const shape = output.type.shape;
    const perGroup = shape[1]! / groups;
    k.forEach(axisNames(shape.length), shape, ([n, c, ...place]) => {
      const source = add(mul(rem(c!, groups), perGroup), div(c!, groups));
      output.store([n!, c!, ...place], x!.load([n!, source, ...place]));
    });
  },

  cost: perResult(),

  samples: [
    { name: 'two groups of three', inputs: [f32(2, 6, 3, 4)], attrs: { groups: 2 } },
    { name: 'three groups of two, rank 2', inputs: [f32(3, 6)], attrs: { groups: 3 } },
    { name: 'one group', inputs: [f32(1, 5, 2, 3)], attrs: { groups: 1 } },
    { name: 'a group a channel', inputs: [f32(1, 5, 2, 3)], attrs: { groups: 5 } },
  ],

  onnx: ({ e, inputs: [x], attrs: { groups }, output }) => {
    const [n, channels, ...spatial] = output.shape;
    const split = e.reshape(x!, [n!, groups, channels! / groups, ...spatial]);
    return e.reshape(e.transpose(split, [0, 2, 1, ...spatial.map((_, i) => i + 3)]), output.shape);
  },
};
