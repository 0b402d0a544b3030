/**
 * The operators for crossEntropy's gradients. p, w, s, l and W are as defined there; sums are over the samples that
 * count.
 *
 *   crossEntropyWeight           W = sum over n of w[y]                                                     []
 *   crossEntropyGradient         gradient / W * ((1 - s) * w[y] * (p[c] - [c = y])
 *                                  + s / C * (p[c] * sum of w - w[c])), 0 where a sample does not count     as logits
 *   crossEntropyWeightsGradient  gradient / W * sum over n of ((1 - s) * [c = y] * l[n, c] + s / C * l[n, c]
 *                                  - [c = y] * loss)                                                        [C]
 */
import { f32, sizeOf, type TensorType } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, div, eq, exp, f32Const, fma, mul, select, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import {
  atClass,
  checkClasses,
  countedText,
  type CrossEntropyAttrs,
  crossEntropySamples,
  isCounted,
  labels,
  logNormalizer,
  negativeLogLikelihood,
} from './crossEntropy.ts';
import { forEachAlong } from './shared/axes.ts';
import { bytesOf, perOperand, perResult, TRANSCENDENTAL_COST } from './shared/cost.ts';
import { positive } from './shared/elementwise.ts';
import type { OpDefinition, Reject, TensorAccess } from './types.ts';
import { short } from './shared/formula.ts';

export interface CrossEntropyWeightAttrs {
  readonly classes: number;
  readonly ignoreIndex: number | null;
}

declare module '../ir/types.ts' {
  interface Attrs {
    crossEntropyWeight: CrossEntropyWeightAttrs;
    crossEntropyGradient: CrossEntropyAttrs;
    crossEntropyWeightsGradient: CrossEntropyAttrs;
  }
}

export const crossEntropyWeight: OpDefinition<'crossEntropyWeight'> = {
  name: 'crossEntropyWeight',
  operands: ['target', 'weights?'],
  formula({ classes, ignoreIndex }, [, weights]) {
    const what = weights ? 'sum of weights[y] over the targets y' : 'how many targets y there are';
    return `${what} from 0 to ${classes - 1}${countedText(ignoreIndex)}`;
  },
  infer([target, weights], { classes }, reject) {
    if (target!.dtype !== 'i32')
      reject('CNNC1203', `the target is ${target!.dtype}, expected i32 class numbers`);
    if (weights && weights.shape.join() !== String(classes)) {
      reject(
        'CNNC1202',
        `the weights have shape [${weights.shape.join()}], expected one for each of ${classes} classes`,
      );
    }
    return { dtype: 'f32', shape: [] };
  },
  gradient: 'notDifferentiable',
  define({ attrs: { classes, ignoreIndex }, inputs: [target, weights], output }, k) {
    const sum = k.variable('weightSum', 0);
    forEachAlong(k, target!.type.shape, allAxes(target!.type), (_outer, each) =>
      each((sample) => {
        const label = k.let('label', target!.load(sample));
        k.if(isCounted(label, classes, ignoreIndex), () => k.assign(sum, add(sum, weightOf(weights, label))));
      }),
    );
    output.store([], sum);
  },
  cost: perOperand(),
  samples: [
    { name: 'counted', inputs: [labels([5], [3, 0, -1, 3, 9])], attrs: { classes: 4, ignoreIndex: 0 } },
    {
      name: 'weighted pixels',
      inputs: [labels([1, 2, 2], [1, 0, 2, 1]), positive(f32(3))],
      attrs: { classes: 3, ignoreIndex: null },
    },
  ],
};

const allAxes = ({ shape }: TensorType): number[] => shape.map((_, axis) => axis);

const weightOf = (weights: TensorAccess | undefined, c: Expr): Expr => weights?.load([c]) ?? f32Const(1);

export const crossEntropyGradient: OpDefinition<'crossEntropyGradient'> = {
  name: 'crossEntropyGradient',
  operands: ['gradient', 'logits', 'target', 'weightSum', 'weights?'],
  formula({ labelSmoothing: s, ignoreIndex }, [, logits, , , weights]) {
    const classes = logits!.shape[1]!;
    const own = `${s > 0 ? `${short(1 - s)} * ` : ''}${weights ? 'w[y] * ' : ''}(p - (c == y))`;
    const all = weights ? '(p * sum(w) - w)' : `(${classes} * p - 1)`;
    const whole = s > 0 ? `(${own} + ${short(s / classes)} * ${all})` : own;
    const names = `p = softmax(logits), y = target${weights ? ', w = weights' : ''}`;
    return `gradient / weightSum * ${whole}, ${names}${countedText(ignoreIndex)}`;
  },
  infer([gradient, logits, target, weightSum, weights], attrs, reject) {
    checkClasses(logits!, target!, weights, attrs, reject);
    checkScalars({ gradient: gradient!, weightSum: weightSum! }, reject);
    return logits!;
  },
  gradient: 'notDifferentiable',
  define({ attrs, inputs: [gradient, logits, target, weightSum, weights], output }, k) {
    const classes = logits!.type.shape[1]!;
    const smoothing = attrs.labelSmoothing;
    forEachAlong(k, logits!.type.shape, [1], (outer, each) => {
      const sample = outer.toSpliced(1, 1);
      const label = k.let('label', target!.load(sample));
      const store = (value: (c: Expr) => Expr) =>
        each((index) => output.store(index, value(index[1]!)), { independent: true });
      const counts = (): void => {
        const { largest, sum } = logNormalizer(k, logits!, sample);
        const share = k.let('share', div(gradient!.load([]), weightSum!.load([])));
        const own = k.let('own', mul(weightOf(weights, label), 1 - smoothing));
        const all = smoothing > 0 ? sumOfWeights(k, weights, classes) : f32Const(0);
        const target = k.let('total', add(own, mul(all, smoothing / classes)));
        store((c) => {
          const p = div(exp(sub(logits!.load(atClass(sample, c)), largest)), sum);
          const uniform = mul(weightOf(weights, c), smoothing / classes);
          const wanted = add(select(eq(c, label), own, 0), smoothing > 0 ? uniform : f32Const(0));
          return mul(sub(mul(p, target), wanted), share);
        });
      };
      k.if(isCounted(label, classes, attrs.ignoreIndex), counts, () => store(() => f32Const(0)));
    });
  },
  cost: perResult(2 * TRANSCENDENTAL_COST),
  samples: crossEntropySamples((logits, target, weights) => [
    f32(),
    logits,
    target,
    positive(f32()),
    ...weights,
  ]),
};

function sumOfWeights(k: KernelBuilder, weights: TensorAccess | undefined, classes: number): Expr {
  if (!weights) return f32Const(classes);
  const sum = k.variable('allWeights', 0);
  k.for('c', 0, classes, (c) => k.assign(sum, add(sum, weights.load([c]))));
  return sum;
}

function checkScalars(scalars: Readonly<Record<string, TensorType>>, reject: Reject): void {
  for (const [name, { shape }] of Object.entries(scalars)) {
    if (shape.length !== 0) reject('CNNC1202', `the ${name} has shape [${shape.join()}], expected a scalar`);
  }
}

/** Computes the normalizers again for each class. Class weights are rarely learned, so this need not be fast. */
export const crossEntropyWeightsGradient: OpDefinition<'crossEntropyWeightsGradient'> = {
  name: 'crossEntropyWeightsGradient',
  operands: ['gradient', 'logits', 'target', 'weightSum', 'loss'],
  formula({ labelSmoothing: s, ignoreIndex }, [, logits]) {
    const own = `(c == y) * (${s > 0 ? `${short(1 - s)} * ` : ''}l - loss)`;
    const whole = s > 0 ? `(${own} + ${short(s / logits!.shape[1]!)} * l)` : own;
    const names = 'l = -logSoftmax(logits), y = target';
    return `gradient / weightSum * sum over n of ${whole}, ${names}${countedText(ignoreIndex)}`;
  },
  infer([gradient, logits, target, weightSum, loss], attrs, reject): TensorType {
    checkClasses(logits!, target!, undefined, attrs, reject);
    checkScalars({ gradient: gradient!, weightSum: weightSum!, loss: loss! }, reject);
    return { dtype: 'f32', shape: [logits!.shape[1]!] };
  },
  gradient: 'notDifferentiable',
  define({ attrs, inputs: [gradient, logits, target, weightSum, loss], output }, k) {
    const classes = logits!.type.shape[1]!;
    const smoothing = attrs.labelSmoothing;
    k.forEach(['weight'], [classes], ([c]) => {
      const sum = k.variable('gradientSum', 0);
      forEachAlong(k, target!.type.shape, allAxes(target!.type), (_outer, each) =>
        each((sample) => {
          const label = k.let('label', target!.load(sample));
          k.if(isCounted(label, classes, attrs.ignoreIndex), () => {
            const normalizer = logNormalizer(k, logits!, sample);
            const own = k.let('likelihood', negativeLogLikelihood(logits!, sample, c!, normalizer));
            const ofTarget = select(eq(c!, label), sub(mul(own, 1 - smoothing), loss!.load([])), 0);
            k.assign(sum, add(sum, fma(own, f32Const(smoothing / classes), ofTarget)));
          });
        }),
      );
      output.store([c!], div(mul(sum, gradient!.load([])), weightSum!.load([])));
    });
  },
  cost: (inputs, _attrs, output) => ({
    multiplyAdds: TRANSCENDENTAL_COST * sizeOf(inputs[1]!.shape) * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  }),
  samples: crossEntropySamples((logits, target) => [f32(), logits, target, positive(f32()), f32()]),
};
