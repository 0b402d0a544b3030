/** Losses: the mean of one number per element, a scalar. */
import type { GraphBuilder } from '../../ir/builder.ts';
import { type Attrs, f32, formatType, type OpName, sizeOf, type ValueId } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, div } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import { scalar } from '../leaves.ts';
import type { GradientSite, OpDefinition, Reject, Sample, SampleInput } from '../types.ts';
import { forEachAlong } from './axes.ts';
import { bytesOf } from './cost.ts';

interface MeanLossPart<K extends OpName> extends Pick<OpDefinition<K>, 'name' | 'samples'> {
  readonly operands: readonly [string, string];
  readonly check?: (attrs: Attrs[K], reject: Reject) => void;
  /** One element's loss. */
  readonly value: (prediction: Expr, target: Expr, attrs: Attrs[K], k: KernelBuilder) => Expr;
  readonly gradient: (site: LossSite<K>) => readonly (ValueId | undefined)[];
}

/** A gradient site that knows the mean. */
export interface LossSite<K extends OpName> extends GradientSite<K> {
  /** gradient * factor / elements, a scalar. */
  share(factor?: number): ValueId;
}

export function meanLoss<K extends OpName>(part: MeanLossPart<K>): OpDefinition<K> {
  return {
    name: part.name,
    operands: part.operands,
    infer([prediction, target], attrs, reject) {
      part.check?.(attrs, reject);
      const types = [prediction!, target!].map(formatType);
      if (types[0] !== types[1])
        reject(`the ${part.operands.join(' and the ')} differ: ${types.join(' and ')}`);
      if (prediction!.dtype !== 'f32') reject(`the ${part.operands[0]} is ${types[0]}, expected f32`);
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
    cost: (inputs, _attrs, output) => ({
      multiplyAdds: sizeOf(inputs[0]!.shape),
      bytes: bytesOf([...inputs, output]),
    }),
    samples: part.samples,
  };
}

const scaled = (g: GraphBuilder, value: ValueId, factor: number): ValueId =>
  g.node('mul', [value, scalar(g, factor)]);

export function lossSamples<K extends OpName>(attrs: Attrs[K], target?: SampleInput['values']): Sample<K>[] {
  return [[3, 5], [2, 3, 4, 5], []].map((shape) => ({
    name: `rank ${shape.length}`,
    inputs: [f32(...shape), { ...f32(...shape), values: target }],
    attrs,
  }));
}
