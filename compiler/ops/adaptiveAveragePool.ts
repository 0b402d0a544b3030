/**
 * adaptiveAveragePool: the mean over bins that divide the plane as evenly as whole numbers allow. Bin y of H' covers
 * the rows floor(y * H / H') to ceil((y + 1) * H / H'), exclusive (PyTorch AdaptiveAvgPool2d). Bins may overlap, and
 * with H' > H several bins contain the same row.
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W'] with [H', W'] = outputSize
 */
import { f32, sizeOf } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, cast, div, mul, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { bytesOf } from './shared/cost.ts';
import { slidingAttributes } from './shared/onnxWindow.ts';
import { checkPlaneSize, checkPlanes } from './shared/planes.ts';
import { noPadding, type Pair } from './shared/window.ts';
import { withNamedEnd, type Range } from './shared/windowLoops.ts';
import { keepsShape } from './shared/facts.ts';
import { pair, scaleBetween } from './shared/sight.ts';
import type { OpDefinition } from './types.ts';
import { floored } from './shared/formula.ts';
import { binRange, pooled } from './shared/poolFormula.ts';
import { poolAttrs } from './shared/pool.ts';

export interface AdaptivePoolAttrs {
  /** [height, width] */
  readonly outputSize: Pair;
}

declare module '../ir/types.ts' {
  interface Attrs {
    adaptiveAveragePool: AdaptivePoolAttrs;
    adaptiveAveragePoolGradient: { readonly inputShape: readonly number[] };
  }
}

/**
 * The bin `at` of `bins` over `extent` rows. With exchanged arguments it is the bins that cover row `at`: bin y
 * covers row r exactly if y * H / H' < r + 1 and (y + 1) * H / H' > r.
 */
function bin(at: Expr, bins: number, extent: number): Range {
  return { from: div(mul(at, extent), bins), to: div(add(mul(add(at, 1), extent), bins - 1), bins) };
}

function binSize(k: KernelBuilder, rows: Range, columns: Range): Expr {
  return k.let('count', cast(mul(sub(rows.to, rows.from), sub(columns.to, columns.from)), 'f32'));
}

export const adaptiveAveragePool: OpDefinition<'adaptiveAveragePool'> = {
  name: 'adaptiveAveragePool',
  operands: ['x'],
  formula({ outputSize }, [x]) {
    const extents = x!.shape.slice(2);
    const kernel = pair((axis) => extents[axis]! / outputSize[axis]);
    if (kernel.every(Number.isInteger)) return pooled('mean', { ...poolAttrs(kernel), kernel });
    const [top, bottom] = binRange('h', outputSize[0], extents[0]!);
    const [left, right] = binRange('w', outputSize[1], extents[1]!);
    return `mean of x[n, c] in rows ${top} to ${bottom} and columns ${left} to ${right}, ends excluded`;
  },
  sight: ([x], _attrs, output) => {
    const scale = scaleBetween(x!, output);
    return { window: pair((axis) => Math.ceil(scale[axis])), stride: scale };
  },
  commutesPerChannel: () => 'factors and summands',
  isIdentity: keepsShape,
  nonNegative: 'if operands are',
  keepsExamples: true,

  infer([x], { outputSize }, reject) {
    checkPlanes(x!, reject);
    checkPlaneSize('output size', outputSize, reject);
    return { dtype: 'f32', shape: [...x!.shape.slice(0, 2), ...outputSize] };
  },

  gradient: ({ inputs: [x], gradient, g }) => [
    g.node('adaptiveAveragePoolGradient', [gradient], { inputShape: g.shapeOf(x!) }),
  ],

  define({ attrs: { outputSize }, inputs: [x], output }, k) {
    const [n, channels, height, width] = x!.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, ...outputSize, channels!], ([image, oy, ox, c]) => {
      const rows = withNamedEnd(k, 'rowEnd', bin(oy!, outputSize[0], height!));
      const columns = withNamedEnd(k, 'columnEnd', bin(ox!, outputSize[1], width!));
      const sum = k.variable('sum', 0);
      k.for('row', rows.from, rows.to, (row) =>
        k.for('column', columns.from, columns.to, (column) =>
          k.assign(sum, add(sum, x!.load([image!, c!, row, column]))),
        ),
      );
      output.store([image!, c!, oy!, ox!], div(sum, binSize(k, rows, columns)));
    });
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: Math.max(sizeOf(inputs[0]!.shape), sizeOf(output.shape)),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: [
    sample('bins that divide the plane', [2, 3, 6, 8], [3, 2]),
    sample('bins that overlap', [1, 2, 7, 10], [3, 4]),
    sample('one bin', [1, 3, 5, 4], [1, 1]),
    sample('more bins than rows', [1, 2, 3, 5], [7, 5]),
    sample('7x7 to 6x6', [1, 1, 7, 7], [6, 6]),
  ],

  onnx: ({ e, inputs: [x], types, attrs: { outputSize } }) => {
    const [, , height, width] = types[0]!.shape;
    const [rows, columns] = outputSize;
    const kernel = [height! / rows, width! / columns];
    // Bins of equal size are windows.
    if (kernel.every(Number.isInteger)) {
      const sliding = { stride: kernel, padding: noPadding, dilation: [1, 1] };
      return e.emit('AveragePool', [x], slidingAttributes(sliding, kernel));
    }
    const along = e.floats([rows, height!], binWeights(rows, height!).flat());
    const across = binWeights(columns, width!);
    const turned = Array.from({ length: width! }, (_, i) => across.map((weights) => weights[i]!));
    return e.emit('MatMul', [e.emit('MatMul', [along, x]), e.floats([width!, columns], turned.flat())]);
  },
};

/** Averages along an axis as a matrix: for each bin the weight of each element. */
const binWeights = (bins: number, extent: number): number[][] =>
  Array.from({ length: bins }, (_, at) => {
    const [from, to] = [Math.floor((at * extent) / bins), Math.ceil(((at + 1) * extent) / bins)];
    return Array.from({ length: extent }, (_, i) => (i >= from && i < to ? 1 / (to - from) : 0));
  });

function sample(name: string, x: number[], outputSize: Pair) {
  return { name, inputs: [f32(...x)], attrs: { outputSize } };
}

/** adaptiveAveragePoolGradient: every element sums gradient / bin size over the bins that cover it. */
export const adaptiveAveragePoolGradient: OpDefinition<'adaptiveAveragePoolGradient'> = {
  name: 'adaptiveAveragePoolGradient',
  operands: ['gradient'],
  formula({ inputShape }, [gradient]) {
    const [, , rows, columns] = gradient!.shape;
    const [, , height, width] = inputShape;
    const [kh, kw] = [height! / rows!, width! / columns!];
    if (Number.isInteger(kh) && Number.isInteger(kw))
      return `gradient[n, c, ${floored('h', kh)}, ${floored('w', kw)}] / ${kh * kw}`;
    const bins = `the ${rows} by ${columns} bins of the ${height} by ${width} plane`;
    return `sum of gradient / count over those of ${bins} that have (h, w), count: elements of the bin`;
  },

  infer([gradient], { inputShape }, reject) {
    checkPlanes(gradient!, reject, 'gradient');
    if (gradient!.shape.slice(0, 2).join() !== inputShape.slice(0, 2).join()) {
      reject(
        'CNNC1202',
        `the gradient has shape [${gradient!.shape.join(',')}], the input [${inputShape.join(',')}]`,
      );
    }
    return { dtype: 'f32', shape: inputShape };
  },

  gradient: ({ inputs: [dy], gradient, g }) => {
    const [, , height, width] = g.shapeOf(dy!);
    return [g.node('adaptiveAveragePool', [gradient], { outputSize: [height!, width!] })];
  },

  define({ inputs: [gradient], output }, k) {
    const [n, channels, height, width] = output.type.shape;
    const [, , binRows, binColumns] = gradient!.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, row, column, c]) => {
      const rows = withNamedEnd(k, 'oyEnd', bin(row!, height!, binRows!));
      const columns = withNamedEnd(k, 'oxEnd', bin(column!, width!, binColumns!));
      const sum = k.variable('sum', 0);
      k.for('oy', rows.from, rows.to, (oy) =>
        k.for('ox', columns.from, columns.to, (ox) => {
          const count = binSize(k, bin(oy, binRows!, height!), bin(ox, binColumns!, width!));
          k.assign(sum, add(sum, div(gradient!.load([image!, c!, oy, ox]), count)));
        }),
      );
      output.store([image!, c!, row!, column!], sum);
    });
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: Math.max(sizeOf(inputs[0]!.shape), sizeOf(output.shape)),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: [
    { name: 'bins that overlap', inputs: [f32(1, 2, 3, 4)], attrs: { inputShape: [1, 2, 7, 10] } },
    { name: 'more bins than rows', inputs: [f32(2, 2, 7, 5)], attrs: { inputShape: [2, 2, 3, 5] } },
  ],
};
