/**
 * resizeNearest: every element of the result is a copy of a source element: the one that `rounding` picks at the
 * position that `coordinates` defines (ONNX Resize; PyTorch's upsample_nearest is asymmetric and floor).
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W'] with [H', W'] = size
 */
import { add } from '../kernel/expression.ts';
import { perOperand, perResult } from './shared/cost.ts';
import { text } from './shared/onnx.ts';
import { onnxResize } from './shared/onnxResize.ts';
import {
  axisMap,
  inferResize,
  inferResizeGradient,
  type ResizeGeometry,
  resizeGeometry,
  resizeGradientSamples,
  resizeSamples,
  outputsOf,
  roundedMap,
  sourceIndex,
  type AxisMap,
  type NearestRounding,
  type ResizeAttrs,
  resizesNothing,
} from './shared/resampling.ts';
import { withNamedEnd } from './shared/windowLoops.ts';
import { resizedSight } from './shared/sight.ts';
import type { OpDefinition } from './types.ts';
import { element } from './shared/formula.ts';
import { sourceText } from './shared/resizeFormula.ts';

export interface ResizeNearestAttrs extends ResizeAttrs {
  readonly rounding: NearestRounding;
}

declare module '../ir/types.ts' {
  interface Attrs {
    resizeNearest: ResizeNearestAttrs;
    resizeNearestGradient: ResizeNearestAttrs & { readonly inputShape: readonly number[] };
  }
}

const ONNX_ROUNDINGS = {
  floor: 'floor',
  roundPreferFloor: 'round_prefer_floor',
  ceil: 'ceil',
  roundPreferCeil: 'round_prefer_ceil',
} as const;

function axisMaps(attrs: ResizeNearestAttrs, [, , height, width]: readonly number[]): [AxisMap, AxisMap] {
  const map = (axis: 0 | 1, extent: number) => roundedMap(axisMap(attrs, axis, extent), attrs.rounding);
  return [map(0, height!), map(1, width!)];
}

export const resizeNearest: OpDefinition<'resizeNearest'> = {
  name: 'resizeNearest',
  operands: ['x'],
  formula(attrs, [x]) {
    const [rows, columns] = axisMaps(attrs, x!.shape);
    return element('x', ['n', 'c', sourceText(rows, 'h'), sourceText(columns, 'w')]);
  },
  sight: resizedSight([1, 1]),
  isIdentity: resizesNothing,
  nonNegative: 'if operands are',
  infer: ([x], attrs, reject) => inferResize(x!, attrs, reject),

  gradient: ({ attrs, inputs: [x], gradient, g }) => [
    g.node('resizeNearestGradient', [gradient], { ...attrs, inputShape: g.shapeOf(x!) }),
  ],

  define({ attrs, inputs: [x], output }, k) {
    const [rows, columns] = axisMaps(attrs, x!.type.shape);
    const [n, channels, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, oy, ox, c]) => {
      const [row, column] = [sourceIndex(rows, oy!), sourceIndex(columns, ox!)];
      output.store([image!, c!, oy!, ox!], x!.load([image!, c!, row, column]));
    });
  },

  cost: perResult(),
  samples: resizeSamples(geometries()),
  onnx: (site) =>
    onnxResize(site, { mode: text('nearest'), nearest_mode: text(ONNX_ROUNDINGS[site.attrs.rounding]) }),
};

/** resizeNearestGradient: every source element sums the gradient of the outputs that it was copied to. */
export const resizeNearestGradient: OpDefinition<'resizeNearestGradient'> = {
  name: 'resizeNearestGradient',
  operands: ['gradient'],
  formula(attrs) {
    const [rows, columns] = axisMaps(attrs, attrs.inputShape);
    return `sum of gradient[n, c, p, q] over those with ${sourceText(rows, 'p')} = h and ${sourceText(columns, 'q')} = w`;
  },
  infer: ([gradient], attrs, reject) => inferResizeGradient(gradient!, attrs, reject),
  gradient: ({ attrs: { inputShape: _, ...attrs }, gradient, g }) => [
    g.node('resizeNearest', [gradient], attrs),
  ],

  define({ attrs, inputs: [gradient], output }, k) {
    const [rowMap, columnMap] = axisMaps(attrs, attrs.inputShape);
    const [n, channels, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, row, column, c]) => {
      const rows = withNamedEnd(k, 'oyEnd', outputsOf(rowMap, row!));
      const columns = withNamedEnd(k, 'oxEnd', outputsOf(columnMap, column!));
      const sum = k.variable('sum', 0);
      k.for('oy', rows.from, rows.to, (oy) =>
        k.for('ox', columns.from, columns.to, (ox) =>
          k.assign(sum, add(sum, gradient!.load([image!, c!, oy, ox]))),
        ),
      );
      output.store([image!, c!, row!, column!], sum);
    });
  },

  cost: perOperand(),

  samples: resizeGradientSamples(geometries()),
};

function geometries(): ResizeGeometry<ResizeNearestAttrs>[] {
  const geometry = resizeGeometry<ResizeNearestAttrs>({ coordinates: 'asymmetric', rounding: 'floor' });
  return [
    geometry('twice as large', [2, 3, 3, 4], [6, 8]),
    geometry('7 by 5 to 4 by 9', [1, 2, 7, 5], [4, 9]),
    geometry('half pixel, prefer floor', [1, 2, 4, 5], [7, 3], {
      coordinates: 'halfPixel',
      rounding: 'roundPreferFloor',
    }),
    geometry('half pixel, prefer ceil', [1, 2, 6, 3], [4, 9], {
      coordinates: 'halfPixel',
      rounding: 'roundPreferCeil',
    }),
    geometry('half pixel, floor', [1, 2, 3, 4], [8, 8], { coordinates: 'halfPixel' }),
    geometry('half pixel, ceil', [1, 2, 3, 4], [8, 8], { coordinates: 'halfPixel', rounding: 'ceil' }),
    geometry('corners aligned', [1, 2, 4, 4], [7, 1], {
      coordinates: 'alignCorners',
      rounding: 'roundPreferFloor',
    }),
    geometry('one element', [1, 2, 1, 1], [3, 4], { coordinates: 'alignCorners' }),
    geometry('asymmetric, ceil', [1, 2, 4, 3], [8, 7], { rounding: 'ceil' }),
    geometry('scale that is not the ratio of the sizes', [1, 2, 4, 7], [2, 9], {
      scale: [0.6, 1.3],
      coordinates: 'halfPixel',
    }),
  ];
}
