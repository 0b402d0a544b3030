/**
 * layerNorm: normalizes by the mean and variance over the last `normalizedRank` axes, separately for each index of
 * the leading axes; then weight * xhat + bias, both with the shape of the normalized axes (Ba et al. 2016).
 */
import { f32, sameShape, type TensorType, type ValueId } from '../ir/types.ts';
import { perResult } from './shared/cost.ts';
import {
  applyAffine,
  defineNormalization,
  defineNormalizationGradient,
  inferNormalizationGradient,
  type LayerNormAttrs,
  layerNormalization,
  normalizedGradientText,
  normalizedText,
} from './shared/normalization.ts';
import { float, int } from './shared/onnx.ts';
import type { OpDefinition, Reject } from './types.ts';
import { axisLetters } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    layerNorm: LayerNormAttrs;
    /** The gradient of x for a gradient of the normalized x, before weight and bias. */
    layerNormGradient: LayerNormAttrs;
  }
}

/** The shape that is normalized together. The weight has the same shape. */
function normalizedShape({ shape }: TensorType, rank: number, reject: Reject): readonly number[] {
  if (!(Number.isInteger(rank) && rank >= 1 && rank <= shape.length)) {
    reject('CNNC1204', `${rank} axes cannot be normalized, the input has rank ${shape.length}`);
  }
  return shape.slice(shape.length - rank);
}

export const layerNorm: OpDefinition<'layerNorm'> = {
  name: 'layerNorm',
  operands: ['x', 'weight?', 'bias?'],
  formula({ normalizedRank, epsilon }, inputs) {
    const together = axisLetters(inputs[0]!.shape.length).slice(-normalizedRank);
    return normalizedText(inputs, epsilon, together, together.join(', '));
  },
  sight: 'whole plane',
  keepsExamples: ([x], { normalizedRank }) => normalizedRank < x!.shape.length,
  infer([x, weight, bias], { normalizedRank }, reject) {
    const expected = normalizedShape(x!, normalizedRank, reject);
    for (const [name, type] of Object.entries({ weight, bias })) {
      if (type && !sameShape(type.shape, expected)) {
        reject(
          'CNNC1202',
          `the ${name} has shape [${type.shape.join(',')}], the normalized axes have [${expected.join(',')}]`,
        );
      }
    }
    return x!;
  },

  gradient({ attrs, inputs: [x, weight, bias], gradient, g, needs }) {
    const ofInput = (): ValueId => {
      const ofNormalized = weight === undefined ? gradient : g.node('mul', [gradient, weight]);
      return g.node('layerNormGradient', [ofNormalized, x!], attrs);
    };
    const ofWeight = (): ValueId => {
      const product = g.node('mul', [gradient, g.node('layerNorm', [x!], attrs)]);
      return overLeadingAxes(product, weight!);
    };
    const overLeadingAxes = (value: ValueId, operand: ValueId): ValueId => {
      const leading = g.shapeOf(value).length - g.shapeOf(operand).length;
      const axes = Array.from({ length: leading }, (_, axis) => axis);
      return g.node('reduceSum', [value], { axes, keepDims: false });
    };
    return [
      needs(0) ? ofInput() : undefined,
      weight !== undefined && needs(1) ? ofWeight() : undefined,
      bias !== undefined && needs(2) ? overLeadingAxes(gradient, bias) : undefined,
    ];
  },

  define({ attrs, inputs: [x, weight, bias], output }, k) {
    const { shape } = x!.type;
    const affine = shape.length - attrs.normalizedRank;
    defineNormalization(k, layerNormalization(k, shape, attrs), x!, output, (normalized, index) =>
      applyAffine(normalized, weight, bias, index.slice(affine)),
    );
  },

  cost: perResult(4),
  samples: [
    {
      name: 'the last axis',
      inputs: [f32(2, 3, 7), f32(7), f32(7)],
      attrs: { normalizedRank: 1, epsilon: 1e-5 },
    },
    {
      name: 'images',
      inputs: [f32(2, 3, 4, 5), f32(3, 4, 5), f32(3, 4, 5)],
      attrs: { normalizedRank: 3, epsilon: 1e-5 },
    },
    { name: 'no bias', inputs: [f32(3, 5), f32(5)], attrs: { normalizedRank: 1, epsilon: 1e-3 } },
    { name: 'no weight, all axes', inputs: [f32(3, 5)], attrs: { normalizedRank: 2, epsilon: 1e-5 } },
  ],
  onnx: ({ e, inputs, types, attrs: { normalizedRank, epsilon } }) => {
    const shape = types[0]!.shape.slice(-normalizedRank);
    const [x, weight = e.filled(shape, 1), bias] = inputs;
    return e.emit('LayerNormalization', [x, weight, bias], {
      axis: int(-normalizedRank),
      epsilon: float(epsilon),
    });
  },
};

export const layerNormGradient: OpDefinition<'layerNormGradient'> = {
  name: 'layerNormGradient',
  operands: ['gradient', 'x'],
  formula: ({ normalizedRank, epsilon }, [, x]) =>
    normalizedGradientText(epsilon, axisLetters(x!.shape.length).slice(-normalizedRank).join(', ')),
  infer: (inputs, { normalizedRank }, reject) =>
    inferNormalizationGradient(inputs, reject, (x) => void normalizedShape(x, normalizedRank, reject)),
  gradient: 'notDifferentiable',
  define: ({ attrs, inputs: [gradient, x], output }, k) =>
    defineNormalizationGradient(k, layerNormalization(k, x!.type.shape, attrs), gradient!, x!, output),
  cost: perResult(8),
  samples: [
    {
      name: 'the last axis',
      inputs: [f32(2, 3, 7), f32(2, 3, 7)],
      attrs: { normalizedRank: 1, epsilon: 1e-5 },
    },
    { name: 'two axes', inputs: [f32(2, 3, 5), f32(2, 3, 5)], attrs: { normalizedRank: 2, epsilon: 1e-3 } },
  ],
};
