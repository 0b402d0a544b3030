/** Every operation's samples, exported as ONNX and imported again. */
import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../compiler/frontend/buildGraph.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { opNames } from '../../compiler/ops/index.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { evaluateCase, exportCase, exportedOps, sampleCases, type SampleCase } from './exportSupport.ts';
import { bindingsOf, importBytes } from './support.ts';

/** Attributes of ONNX are f32, as are the constants of a decomposition: 2^-24 each, grown by exp and pow. */
const TOLERANCE = 1e-6;

/** The importer takes no scalar and no u32 as an input. */
const isImported = ({ graph, inputs }: SampleCase): boolean =>
  Object.keys(inputs).length > 0 &&
  graph.nodes.every(({ op, type }) => op !== 'input' || (type.shape.length > 0 && type.dtype !== 'u32'));

function reimported(example: SampleCase): ArrayLike<number> {
  const translated = importBytes(exportCase(example), { name: example.op });
  const weights = bindingsOf(translated, []);
  const { outputs } = evaluateGraph(buildGraph(translated.model, { training: false }), {
    ...weights,
    ...example.inputs,
  });
  return outputs['result']!;
}

describe('exported and imported again', () => {
  const cases = sampleCases();

  it('has most operations and most samples', () => {
    expect(exportedOps.length).toBeGreaterThan(85);
    expect(cases.filter(isImported).length / cases.length).toBeGreaterThan(0.9);
  });

  it('has every operator but those of training and those that the compiler makes for itself', () => {
    const without = opNames.filter((op) => !exportedOps.includes(op) && !op.endsWith('Gradient'));
    const training = [
      'crossEntropy',
      'crossEntropyWeight',
      'bceWithLogits',
      'l1Loss',
      'mseLoss',
      'smoothL1Loss',
    ];
    const random = ['dropout', 'randomNormal', 'randomUniform'];
    const structural = ['constant', 'fusion', 'input', 'parameter'];
    expect(new Set(without)).toEqual(new Set([...training, ...random, ...structural]));
  });

  it.each(cases.filter(isImported).map((example) => [example.name, example] as const))('%s', (_, example) => {
    expect(maxRelativeError(reimported(example), evaluateCase(example)['result']!)).toBeLessThan(TOLERANCE);
  });
});
