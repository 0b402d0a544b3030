/**
 * pixelShuffle: channels become pixels (Shi et al. 2016; ONNX DepthToSpace):
 * out[n, c, y * factor + dy, x * factor + dx] = x[n, channel(c, dy, dx), y, x]. The source channel is
 * (c * factor + dy) * factor + dx in order `crd` (PyTorch) and (dy * factor + dx) * C + c in order `dcr`.
 * pixelUnshuffle is its inverse (ONNX SpaceToDepth is `dcr`).
 *
 *   x   f32[N, C * factor^2, H, W]
 *   out f32[N, C, H * factor, W * factor]
 */
import { f32 } from '../ir/types.ts';
import { add, div, mul, rem } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { perResult } from './shared/cost.ts';
import { int, onnxNode, text } from './shared/onnx.ts';
import { checkPlanes } from './shared/planes.ts';
import type { OpDefinition, Reject } from './types.ts';
import { element, floored } from './shared/formula.ts';

export interface PixelShuffleAttrs {
  readonly factor: number;
  /** Order of the shuffled channel: the channel varies slowest (crd), or the place in the block does (dcr). */
  readonly order: 'crd' | 'dcr';
}

declare module '../ir/types.ts' {
  interface Attrs {
    pixelShuffle: PixelShuffleAttrs;
    pixelUnshuffle: PixelShuffleAttrs;
  }
}

function checkFactor(factor: number, reject: Reject): void {
  if (!(Number.isInteger(factor) && factor >= 1))
    reject('CNNC1104', `the factor is ${factor}, expected a whole number from 1`);
}

export const pixelShuffle: OpDefinition<'pixelShuffle'> = {
  name: 'pixelShuffle',
  operands: ['x'],
  formula({ factor, order }, _inputs, { shape }) {
    if (factor === 1) return 'x[n, c, h, w]';
    const inBlock = `${factor} * (h % ${factor}) + w % ${factor}`;
    const source = order === 'crd' ? `${factor ** 2} * c + ${inBlock}` : `${shape[1]} * (${inBlock}) + c`;
    return element('x', ['n', source, floored('h', factor), floored('w', factor)]);
  },
  sight: (_inputs, { factor }) => ({ window: [1, 1], stride: [1 / factor, 1 / factor] }),
  nonNegative: 'if operands are',
  keepsExamples: true,

  infer([x], { factor }, reject) {
    checkPlanes(x!, reject);
    checkFactor(factor, reject);
    const [n, channels, height, width] = x!.shape;
    if (channels! % factor ** 2 !== 0)
      reject('CNNC1204', `${channels} channels cannot be split into blocks of ${factor}x${factor} pixels`);
    return { dtype: 'f32', shape: [n!, channels! / factor ** 2, height! * factor, width! * factor] };
  },

  gradient: ({ attrs, gradient, g }) => [g.node('pixelUnshuffle', [gradient], attrs)],

  define({ attrs: { factor, order }, inputs: [x], output }, k) {
    const [n, channels, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, y, px, c]) => {
      const [dy, dx] = [rem(y!, factor), rem(px!, factor)];
      const block =
        order === 'crd'
          ? add(mul(add(mul(c!, factor), dy), factor), dx)
          : add(mul(add(mul(dy, factor), dx), channels!), c!);
      output.store([image!, c!, y!, px!], x!.load([image!, block, div(y!, factor), div(px!, factor)]));
    });
  },

  cost: perResult(),

  samples: (['crd', 'dcr'] as const).flatMap((order) => [
    { name: `factor 2, ${order}`, inputs: [f32(2, 12, 3, 2)], attrs: { factor: 2, order } },
    { name: `factor 3, ${order}`, inputs: [f32(1, 18, 2, 3)], attrs: { factor: 3, order } },
    { name: `factor 1, ${order}`, inputs: [f32(1, 3, 4, 5)], attrs: { factor: 1, order } },
  ]),

  onnx: onnxNode('DepthToSpace', ({ factor, order }) => ({
    blocksize: int(factor),
    mode: text(order === 'crd' ? 'CRD' : 'DCR'),
  })),
};

/** pixelUnshuffle: pixels become channels; x f32[N, C, H, W] to f32[N, C * factor^2, H / factor, W / factor]. */
export const pixelUnshuffle: OpDefinition<'pixelUnshuffle'> = {
  name: 'pixelUnshuffle',
  operands: ['x'],
  formula({ factor, order }, [x]) {
    if (factor === 1) return 'x[n, c, h, w]';
    const channels = x!.shape[1]!;
    const [c, inBlock] =
      order === 'crd'
        ? [floored('c', factor ** 2), `c % ${factor ** 2}`]
        : [`c % ${channels}`, floored('c', channels)];
    const [row, column] = [`${factor} * h + floor(i / ${factor})`, `${factor} * w + i % ${factor}`];
    return `${element('x', ['n', c, row, column])}, i = ${inBlock}`;
  },
  sight: (_inputs, { factor }) => ({ window: [factor, factor], stride: [factor, factor] }),

  infer([x], { factor }, reject) {
    checkPlanes(x!, reject);
    checkFactor(factor, reject);
    const [n, channels, height, width] = x!.shape;
    if (height! % factor !== 0 || width! % factor !== 0) {
      reject(
        'CNNC1204',
        `a plane of ${height}x${width} cannot be split into blocks of ${factor}x${factor} pixels`,
      );
    }
    return { dtype: 'f32', shape: [n!, channels! * factor ** 2, height! / factor, width! / factor] };
  },

  gradient: ({ attrs, gradient, g }) => [g.node('pixelShuffle', [gradient], attrs)],

  define({ attrs: { factor, order }, inputs: [x], output }, k) {
    const [n, blocks, height, width] = output.type.shape;
    const channels = x!.type.shape[1]!;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, blocks!], ([image, y, px, block]) => {
      const [c, inBlock]: [Expr, Expr] =
        order === 'crd'
          ? [div(block!, factor ** 2), rem(block!, factor ** 2)]
          : [rem(block!, channels), div(block!, channels)];
      const [row, column] = [
        add(mul(y!, factor), div(inBlock, factor)),
        add(mul(px!, factor), rem(inBlock, factor)),
      ];
      output.store([image!, block!, y!, px!], x!.load([image!, c, row, column]));
    });
  },

  cost: perResult(),

  samples: (['crd', 'dcr'] as const).flatMap((order) => [
    { name: `factor 2, ${order}`, inputs: [f32(2, 3, 6, 4)], attrs: { factor: 2, order } },
    { name: `factor 3, ${order}`, inputs: [f32(1, 2, 6, 9)], attrs: { factor: 3, order } },
  ]),

  onnx: ({ e, inputs: [x], types, attrs: { factor, order }, output }) => {
    // SpaceToDepth has only one order.
    if (order === 'dcr') return e.emit('SpaceToDepth', [x], { blocksize: int(factor) });
    const [n, channels, height, width] = types[0]!.shape;
    const split = e.reshape(x!, [n!, channels!, height! / factor, factor, width! / factor, factor]);
    return e.reshape(e.transpose(split, [0, 1, 3, 5, 2, 4]), output.shape);
  },
};
