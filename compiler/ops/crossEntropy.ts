/**
 * crossEntropy: softmax and negative log-likelihood in one operator (torch.nn.CrossEntropyLoss, reduction 'mean').
 * With p = softmax(logits) over the classes (axis 1), the target y and the class weights w (1 if there are none):
 *
 *   l[n, c] = -log(p[n, c])
 *   loss    = sum over n of ((1 - s) * w[y] * l[n, y] + s / C * sum over c of w[c] * l[n, c])  /  W
 *   W       = sum over n of w[y]
 *
 * with s the label smoothing. Targets that equal `ignoreIndex`, or are no class, are left out of all sums.
 *
 *   logits   f32[N, C, ...]
 *   target   i32[N, ...]
 *   weights  f32[C], optional
 *   out      f32[], NaN if every target is left out
 */
import { f32, type TensorType } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, and, constant, div, exp, inside, log, max, mul, ne, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { forEachAlong } from './shared/axes.ts';
import { perOperand, TRANSCENDENTAL_COST } from './shared/cost.ts';
import { positive } from './shared/elementwise.ts';
import type { OpDefinition, Reject, Sample, SampleInput, TensorAccess } from './types.ts';
import { short } from './shared/formula.ts';

export interface CrossEntropyAttrs {
  /** 0 uses the target alone, 1 weights all classes equally. */
  readonly labelSmoothing: number;
  /** Samples with this target do not count; PyTorch's default is -100. */
  readonly ignoreIndex: number | null;
}

declare module '../ir/types.ts' {
  interface Attrs {
    crossEntropy: CrossEntropyAttrs;
  }
}

export const crossEntropy: OpDefinition<'crossEntropy'> = {
  name: 'crossEntropy',
  operands: ['logits', 'target', 'weights?'],
  formula({ labelSmoothing: s, ignoreIndex }, [logits, , weights]) {
    const own = `${s > 0 ? `${short(1 - s)} * ` : ''}${weights ? 'w[y] * ' : ''}l[y]`;
    const rest = s > 0 ? ` + ${short(s / logits!.shape[1]!)} * sum over c of ${weights ? 'w * ' : ''}l` : '';
    const names = `l = -logSoftmax(logits), y = target${weights ? ', w = weights' : ''}`;
    const mean = weights ? `(sum of ${own}${rest}) / (sum of w[y])` : `mean of ${own}${rest}`;
    return `${mean}, ${names}${countedText(ignoreIndex)}`;
  },

  infer([logits, target, weights], attrs, reject) {
    checkClasses(logits!, target!, weights, attrs, reject);
    return { dtype: 'f32', shape: [] };
  },

  gradient({ attrs, inputs: [logits, target, weights], output, gradient, g, needs }) {
    if (!needs(0) && !needs(2)) return [];
    const classes = g.shapeOf(logits!)[1]!;
    const given = weights === undefined ? [] : [weights];
    const sum = g.node('crossEntropyWeight', [target!, ...given], {
      classes,
      ignoreIndex: attrs.ignoreIndex,
    });
    const ofLogits = () => g.node('crossEntropyGradient', [gradient, logits!, target!, sum, ...given], attrs);
    const ofWeights = () =>
      g.node('crossEntropyWeightsGradient', [gradient, logits!, target!, sum, output], attrs);
    return [
      needs(0) ? ofLogits() : undefined,
      undefined,
      weights !== undefined && needs(2) ? ofWeights() : undefined,
    ];
  },

  define({ attrs, inputs: [logits, target, weights], output }, k) {
    const [classes, smoothing] = [logits!.type.shape[1]!, attrs.labelSmoothing];
    const [loss, weightSum] = [k.variable('loss', 0), k.variable('weightSum', 0)];
    forEachSample(k, target!, (sample) => {
      const label = k.let('label', target!.load(sample));
      k.if(isCounted(label, classes, attrs.ignoreIndex), () => {
        const normalizer = logNormalizer(k, logits!, sample);
        const weighted = (c: Expr) =>
          weigh(negativeLogLikelihood(logits!, sample, c, normalizer), weights, c);
        k.assign(loss, add(loss, mul(weighted(label), 1 - smoothing)));
        k.assign(weightSum, add(weightSum, weights ? weights.load([label]) : 1));
        if (smoothing > 0)
          k.for('c', 0, classes, (c) => k.assign(loss, add(loss, mul(weighted(c), smoothing / classes))));
      });
    });
    output.store([], div(loss, weightSum));
  },

  cost: perOperand(0, TRANSCENDENTAL_COST),

  samples: crossEntropySamples((logits, target, weights) => [logits, target, ...weights]),
};

/** One loop over all samples, in order. */
function forEachSample(k: KernelBuilder, target: TensorAccess, visit: (sample: Expr[]) => void): void {
  const { shape } = target.type;
  const axes = shape.map((_, axis) => axis);
  forEachAlong(k, shape, axes, (_outer, each) => each(visit));
}

/** The index of a sample's class in the logits. */
export const atClass = ([n, ...position]: readonly Expr[], c: Expr): Expr[] => [n!, c, ...position];

/** Which targets are left out, as text. */
export const countedText = (ignoreIndex: number | null): string =>
  ignoreIndex === null ? '' : `, without y = ${ignoreIndex}`;

/** Whether a target counts. A target that is no class is never used as an index. */
export function isCounted(label: Expr, classes: number, ignoreIndex: number | null): Expr {
  const isClass = inside(label, classes);
  return ignoreIndex === null ? isClass : and(isClass, ne(label, ignoreIndex));
}

export interface LogNormalizer {
  readonly largest: Expr;
  /** The sum of exp(x - largest) over a sample's classes. */
  readonly sum: Expr;
}

export function logNormalizer(
  k: KernelBuilder,
  logits: TensorAccess,
  sample: readonly Expr[],
): LogNormalizer {
  const classes = logits.type.shape[1]!;
  const at = (c: Expr) => logits.load(atClass(sample, c));
  const largest = k.variable('largest', at(constant(0)));
  k.for('c', 1, classes, (c) => k.assign(largest, max(largest, at(c))));
  const sum = k.variable('sum', 0);
  k.for('c', 0, classes, (c) => k.assign(sum, add(sum, exp(sub(at(c), largest)))));
  return { largest, sum };
}

/** -log(p) of a sample's class. */
export const negativeLogLikelihood = (
  logits: TensorAccess,
  sample: readonly Expr[],
  c: Expr,
  { largest, sum }: LogNormalizer,
): Expr => sub(log(sum), sub(logits.load(atClass(sample, c)), largest));

const weigh = (value: Expr, weights: TensorAccess | undefined, c: Expr): Expr =>
  weights ? mul(value, weights.load([c])) : value;

export function checkClasses(
  logits: TensorType,
  target: TensorType,
  weights: TensorType | undefined,
  attrs: CrossEntropyAttrs,
  reject: Reject,
): void {
  const [n, classes, ...position] = logits.shape;
  if (classes === undefined)
    reject('CNNC1202', `the logits have rank ${logits.shape.length}, expected at least 2 (N, C, ...)`);
  if (target.dtype !== 'i32') reject('CNNC1203', `the target is ${target.dtype}, expected i32 class numbers`);
  const expected = [n, ...position].join();
  if (target.shape.join() !== expected)
    reject('CNNC1202', `the target has shape [${target.shape.join()}], the logits expect [${expected}]`);
  if (weights && weights.shape.join() !== String(classes)) {
    reject(
      'CNNC1202',
      `the weights have shape [${weights.shape.join()}], the logits have ${classes} classes`,
    );
  }
  const { labelSmoothing } = attrs;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
    reject('CNNC1104', `the label smoothing is ${labelSmoothing}, expected 0 to 1`);
}

/** Samples for the loss and its gradients, with the operands in the order of each operator. */
export function crossEntropySamples<
  K extends 'crossEntropy' | 'crossEntropyGradient' | 'crossEntropyWeightsGradient',
>(
  order: (logits: TensorType, target: SampleInput, weights: SampleInput[]) => SampleInput[],
): (Sample<K> & Sample<'crossEntropy'>)[] {
  const images = labels([1, 2, 3], [0, 4, 3, 9, 1, -100]);
  const plain = { labelSmoothing: 0, ignoreIndex: null };
  return [
    { name: 'classes', inputs: order(f32(4, 10), labels([4], [3, 0, 9, 3]), []), attrs: plain },
    {
      name: 'smoothed',
      inputs: order(f32(3, 5), labels([3], [4, 0, 2]), []),
      attrs: { ...plain, labelSmoothing: 0.1 },
    },
    {
      name: 'weighted, smoothed, one ignored',
      inputs: order(f32(4, 3), labels([4], [2, 1, 0, 2]), [positive(f32(3))]),
      attrs: { labelSmoothing: 0.2, ignoreIndex: 1 },
    },
    {
      name: 'pixels, two of them no class',
      inputs: order(f32(1, 5, 2, 3), images, [positive(f32(5))]),
      attrs: { labelSmoothing: 0, ignoreIndex: -100 },
    },
  ];
}

export function labels(shape: number[], data: number[]): SampleInput {
  return { dtype: 'i32', shape, values: { kind: 'exact', data } };
}
