/**
 * resizeBilinear: linear interpolation along both axes between the two source elements next to the position that
 * `coordinates` defines. Beyond the first and last element these repeat (PyTorch's upsample_bilinear, ONNX Resize
 * linear).
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W'] with [H', W'] = size
 */
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, cast, constant, div, fma, max, min, mul, rem, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { perOperand, perResult } from './shared/cost.ts';
import { text } from './shared/onnx.ts';
import { onnxResize } from './shared/onnxResize.ts';
import {
  axisMap,
  clampedPosition,
  inferResize,
  inferResizeGradient,
  type ResizeGeometry,
  resizeGeometry,
  resizeGradientSamples,
  resizeSamples,
  outputsAround,
  type AxisMap,
  type ResizeAttrs,
  resizesNothing,
} from './shared/resampling.ts';
import { withNamedEnd } from './shared/windowLoops.ts';
import { resizedSight } from './shared/sight.ts';
import type { OpDefinition } from './types.ts';
import { clampedText } from './shared/resizeFormula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    resizeBilinear: ResizeAttrs;
    resizeBilinearGradient: ResizeAttrs & { readonly inputShape: readonly number[] };
  }
}

/** The two source elements next to a position, and the position between them, from 0 to 1. */
interface Neighbours {
  readonly low: Expr;
  readonly high: Expr;
  readonly fraction: Expr;
}

function neighbours(k: KernelBuilder, name: string, map: AxisMap, o: Expr): Neighbours {
  const position = k.let(`${name}Position`, clampedPosition(map, o));
  const low = k.let(`${name}Low`, div(position, map.c));
  const high = k.let(`${name}High`, min(add(low, 1), map.inputs - 1));
  return { low, high, fraction: k.let(`${name}Fraction`, div(cast(rem(position, map.c), 'f32'), map.c)) };
}

const interpolate = (a: Expr, b: Expr, fraction: Expr): Expr => fma(sub(b, a), fraction, a);

export const resizeBilinear: OpDefinition<'resizeBilinear'> = {
  name: 'resizeBilinear',
  operands: ['x'],
  formula(attrs, [x]) {
    const [, , height, width] = x!.shape;
    const row = clampedText(axisMap(attrs, 0, height!), 'h');
    const column = clampedText(axisMap(attrs, 1, width!), 'w');
    return `x[n, c] at row ${row} and column ${column}, linear between elements`;
  },
  sight: resizedSight([2, 2]),
  isIdentity: resizesNothing,
  infer: ([x], attrs, reject) => inferResize(x!, attrs, reject),

  gradient: ({ attrs, inputs: [x], gradient, g }) => [
    g.node('resizeBilinearGradient', [gradient], { ...attrs, inputShape: g.shapeOf(x!) }),
  ],

  define({ attrs, inputs: [x], output }, k) {
    const [, , sourceHeight, sourceWidth] = x!.type.shape;
    const [rowMap, columnMap] = [axisMap(attrs, 0, sourceHeight!), axisMap(attrs, 1, sourceWidth!)];
    const [n, channels, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox'], [n!, height!, width!], ([image, oy, ox]) => {
      const [rows, columns] = [neighbours(k, 'row', rowMap, oy!), neighbours(k, 'column', columnMap, ox!)];
      k.forEach(['c'], [channels!], ([c]) => {
        const along = (row: Expr): Expr => {
          const [left, right] = [columns.low, columns.high].map((column) =>
            x!.load([image!, c!, row, column]),
          );
          return interpolate(k.let('left', left!), right!, columns.fraction);
        };
        const upper = k.let('upper', along(rows.low));
        output.store([image!, c!, oy!, ox!], interpolate(upper, along(rows.high), rows.fraction));
      });
    });
  },

  cost: perResult(3),
  samples: resizeSamples(geometries()),
  onnx: (site) => onnxResize(site, { mode: text('linear') }),
};

/** The weight of source element `at` in output o: 1 - its distance, as f32. */
function weight(k: KernelBuilder, name: string, map: AxisMap, o: Expr, at: Expr): Expr {
  const [position, center] = [k.let(`${name}Position`, clampedPosition(map, o)), mul(at, map.c)];
  const distance = max(sub(position, center), sub(center, position));
  return k.let(`${name}Weight`, div(cast(sub(constant(map.c), distance), 'f32'), map.c));
}

/** resizeBilinearGradient: every source element sums gradient * weight over the outputs that it contributes to. */
export const resizeBilinearGradient: OpDefinition<'resizeBilinearGradient'> = {
  name: 'resizeBilinearGradient',
  operands: ['gradient'],
  formula(attrs) {
    const [, , height, width] = attrs.inputShape;
    const row = `t(${clampedText(axisMap(attrs, 0, height!), 'p')} - h)`;
    const column = `t(${clampedText(axisMap(attrs, 1, width!), 'q')} - w)`;
    return `sum over p, q of gradient[n, c, p, q] * ${row} * ${column}, t(d) = max(0, 1 - abs(d))`;
  },
  infer: ([gradient], attrs, reject) => inferResizeGradient(gradient!, attrs, reject),
  gradient: ({ attrs: { inputShape: _, ...attrs }, gradient, g }) => [
    g.node('resizeBilinear', [gradient], attrs),
  ],

  define({ attrs, inputs: [gradient], output }, k) {
    const [n, channels, height, width] = output.type.shape;
    const [rowMap, columnMap] = [axisMap(attrs, 0, height!), axisMap(attrs, 1, width!)];
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, row, column, c]) => {
      const rows = withNamedEnd(k, 'oyEnd', outputsAround(rowMap, row!));
      const columns = withNamedEnd(k, 'oxEnd', outputsAround(columnMap, column!));
      const sum = k.variable('sum', 0);
      k.for('oy', rows.from, rows.to, (oy) => {
        const rowWeight = weight(k, 'row', rowMap, oy, row!);
        k.for('ox', columns.from, columns.to, (ox) => {
          const share = mul(rowWeight, weight(k, 'column', columnMap, ox, column!));
          k.assign(sum, fma(gradient!.load([image!, c!, oy, ox]), share, sum));
        });
      });
      output.store([image!, c!, row!, column!], sum);
    });
  },

  cost: perOperand(0, 4),

  samples: resizeGradientSamples(geometries()),
};

function geometries(): ResizeGeometry<ResizeAttrs>[] {
  const geometry = resizeGeometry<ResizeAttrs>({ coordinates: 'halfPixel' });
  return [
    geometry('twice as large', [2, 3, 3, 4], [6, 8]),
    geometry('7 by 5 to 4 by 9', [1, 2, 7, 5], [4, 9]),
    geometry('much smaller', [1, 2, 11, 9], [2, 3]),
    geometry('corners aligned, twice as large', [1, 2, 3, 4], [6, 8], { coordinates: 'alignCorners' }),
    geometry('corners aligned, one row', [1, 2, 5, 6], [1, 3], { coordinates: 'alignCorners' }),
    geometry('one element', [1, 2, 1, 1], [3, 4], { coordinates: 'alignCorners' }),
    geometry('asymmetric', [1, 2, 4, 6], [9, 3], { coordinates: 'asymmetric' }),
    geometry('scale that is not the ratio of the sizes', [1, 2, 4, 7], [2, 9], { scale: [0.6, 1.3] }),
    geometry('half pixel, one column at 0', [1, 2, 4, 4], [3, 1], { coordinates: 'pytorchHalfPixel' }),
    geometry('same size', [1, 2, 3, 4], [3, 4]),
  ];
}
