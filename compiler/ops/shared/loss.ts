/** Losses: the mean of one number per element, a scalar. */
import type { GraphBuilder } from '../../ir/builder.ts';
import { type Attrs, f32, formatType, type OpName, sizeOf, type ValueId } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, div, sub } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import { scalar } from '../leaves.ts';
import type { GradientSite, OpDefinition, Reject, Sample, SampleInput } from '../types.ts';
import { forEachAlong } from './axes.ts';
import { perOperand } from './cost.ts';

interface MeanLossPart<K extends OpName> extends Pick<OpDefinition<K>, 'samples'> {
  /** The loss of one element as text. */
  readonly text: (attrs: Attrs[K]) => string;
  readonly operands: readonly [string, string];
  readonly check?: (attrs: Attrs[K], reject: Reject) => void;
  /** The loss of one element. */
  readonly value: (prediction: Expr, target: Expr, attrs: Attrs[K], k: KernelBuilder) => Expr;
  readonly gradient: (site: LossSite<K>) => readonly (ValueId | undefined)[];
}

/** A gradient site that knows the mean. */
export interface LossSite<K extends OpName> extends GradientSite<K> {
  /** gradient * factor / elements, a scalar. */
  share(factor?: number): ValueId;
}

export function meanLoss<K extends OpName>(name: K, part: MeanLossPart<K>): OpDefinition<K> {
  return {
    name,
    operands: part.operands,
    formula: (attrs) => `mean over all elements of ${part.text(attrs)}`,
    infer([prediction, target], attrs, reject) {
      part.check?.(attrs, reject);
      const types = [prediction!, target!].map(formatType);
      if (types[0] !== types[1])
        reject('CNNC1203', `the ${part.operands.join(' and the ')} differ: ${types.join(' and ')}`);
      if (prediction!.dtype !== 'f32')
        reject('CNNC1203', `the ${part.operands[0]} is ${types[0]}, expected f32`);
      return { dtype: 'f32', shape: [] };
    },
    gradient(site) {
      const elements = sizeOf(site.g.shapeOf(site.inputs[0]!));
      return part.gradient({
        ...site,
        share: (factor = 1) => scaled(site.g, site.gradient, factor / elements),
      });
    },
    define({ attrs, inputs: [prediction, target], output }, k) {
      const { shape } = prediction!.type;
      const axes = shape.map((_, axis) => axis);
      forEachAlong(k, shape, axes, (_outer, each) => {
        const sum = k.variable('sum', 0);
        each((index) => {
          const value = part.value(prediction!.load(index), target!.load(index), attrs, k);
          k.assign(sum, add(sum, value));
        });
        output.store([], div(sum, sizeOf(shape)));
      });
    },
    cost: perOperand(),
    samples: part.samples,
  };
}

interface DifferencePart<K extends OpName> extends Pick<MeanLossPart<K>, 'check' | 'samples' | 'text'> {
  /** The loss of one element, computed from prediction - target. */
  readonly value: (difference: Expr, attrs: Attrs[K], k: KernelBuilder) => Expr;
  /** The gradient of the prediction. The target's gradient is its negative. */
  readonly gradient: (site: LossSite<K>, difference: ValueId) => ValueId;
}

/** A loss that depends on the difference between prediction and target. */
export const differenceLoss = <K extends OpName>(
  name: K,
  { value, gradient, ...part }: DifferencePart<K>,
): OpDefinition<K> =>
  meanLoss<K>(name, {
    ...part,
    operands: ['prediction', 'target'],
    value: (prediction, target, attrs, k) => value(sub(prediction, target), attrs, k),
    gradient(site) {
      const { inputs, g, needs } = site;
      if (!needs(0) && !needs(1)) return [];
      const ofPrediction = gradient(site, g.node('sub', [inputs[0]!, inputs[1]!]));
      return [needs(0) ? ofPrediction : undefined, needs(1) ? g.node('neg', [ofPrediction]) : undefined];
    },
  });

const scaled = (g: GraphBuilder, value: ValueId, factor: number): ValueId =>
  g.node('mul', [value, scalar(g, factor)]);

export function lossSamples<K extends OpName>(attrs: Attrs[K], target?: SampleInput['values']): Sample<K>[] {
  return [[3, 5], [2, 3, 4, 5], []].map((shape) => ({
    name: `rank ${shape.length}`,
    inputs: [f32(...shape), { ...f32(...shape), values: target }],
    attrs,
  }));
}
