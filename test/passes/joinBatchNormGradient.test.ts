/** What is joined, and what is not: a part that somebody else reads, two parts only, the same value twice. */
import { describe, expect, it } from 'vitest';
import type { ValueId } from '../../compiler/ir/types.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { joinBatchNormGradient } from '../../compiler/passes/joinBatchNormGradient.ts';
import { graphOf, randomBindings } from '../support/graphs.ts';
import { maxRelativeError } from '../support/numbers.ts';

type Writer = Parameters<Parameters<typeof graphOf>[0]>[0];
type Parts = Readonly<Record<'direct' | 'byMean' | 'byVariance' | 'other', ValueId>>;

const SHAPE = [2, 3, 4, 4];

function graphWith(build: (w: Writer, parts: Parts) => Record<string, ValueId>) {
  return graphOf((w) => {
    const channels = (name: string) => w.input(name, [3]);
    const [gradient, x] = [w.input('gradient', SHAPE), w.input('x', SHAPE)];
    const variance = w.g.node('abs', [channels('variance')]);
    const epsilon = 1e-2;
    return build(w, {
      direct: w.g.node('batchNormInputGradient', [gradient, channels('weight'), variance], { epsilon }),
      byMean: w.g.node('batchMeanGradient', [channels('meanGradient')], { inputShape: SHAPE }),
      byVariance: w.g.node('batchVarianceGradient', [channels('varianceGradient'), x, channels('mean')], {}),
      other: w.input('other', SHAPE),
    });
  });
}

const sum = (w: Writer, ...terms: ValueId[]): ValueId =>
  terms.reduce((left, right) => w.g.node('add', [left, right]));

function opsBehind(graph: ReturnType<typeof graphOf>): string[] {
  const after = joinBatchNormGradient.run(graph);
  const bindings = randomBindings(graph);
  const [before, now] = [graph, after].map((one) => evaluateGraph(one, bindings).outputs);
  for (const [name, numbers] of Object.entries(before!))
    expect(maxRelativeError(now![name]!, numbers), name).toBeLessThan(1e-12);
  return after.nodes.map(({ op }) => op).filter((op) => op !== 'input' && op !== 'abs');
}

describe('joinBatchNormGradient', () => {
  it('joins the three parts, in any order, beside other terms', () => {
    const graph = graphWith((w, { direct, byMean, byVariance, other }) => ({
      y: sum(w, byVariance, sum(w, other, byMean), direct),
    }));
    expect(opsBehind(graph)).toEqual(['batchNormTrainingGradient', 'add']);
  });

  it('keeps what is added twice', () => {
    const graph = graphWith((w, { direct, byMean, byVariance }) => ({
      y: sum(w, sum(w, direct, direct), byMean, byVariance),
    }));
    const ops = opsBehind(graph);
    expect(ops.filter((op) => op === 'batchNormInputGradient').length).toBeLessThanOrEqual(1);
  });

  it('leaves a part alone that somebody else reads', () => {
    const graph = graphWith((w, { direct, byMean, byVariance }) => ({
      y: sum(w, direct, byMean, byVariance),
      z: w.g.node('neg', [byVariance]),
    }));
    expect(opsBehind(graph)).not.toContain('batchNormTrainingGradient');
  });

  it('leaves two parts alone', () => {
    const graph = graphWith((w, { direct, byVariance }) => ({ y: sum(w, direct, byVariance) }));
    expect(opsBehind(graph)).not.toContain('batchNormTrainingGradient');
  });
});
