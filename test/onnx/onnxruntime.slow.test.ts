/**
 * Exported models have the same outputs in onnxruntime as in the compiled program: samples of every operation, and
 * whole nets.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exportOnnx } from '../../compiler/driver/exportOnnx.ts';
import { nodeHost } from '../../compiler/host/node.ts';
import type { Node } from '../../compiler/ir/types.ts';
import { zooModel } from '../support/models.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { describeWithOnnxruntime, runInOnnxruntime, type Feed } from '../support/onnxruntime.ts';
import { hasTestdata, testdata } from '../support/testdata.ts';
import { randomInput } from '../support/weights.ts';
import {
  evaluateCase,
  exportCase,
  livelyWeights,
  runModel,
  sampleCases,
  type SampleCase,
} from './exportSupport.ts';

/** Sums of single precision in another order; polynomials for exp, tanh and erf. */
const SAMPLE_TOLERANCE = 2e-5;
/** The project's own, for whole nets. */
const NET_TOLERANCE = 1e-4;

function feedsOf({ graph, inputs }: SampleCase): Record<string, Feed> {
  const nodes = graph.nodes.filter((node): node is Node<'input'> => node.op === 'input');
  return Object.fromEntries(
    nodes.map(({ attrs: { name }, type }) => [name, { ...type, data: inputs[name]! }] as const),
  );
}

describeWithOnnxruntime('samples in onnxruntime', () => {
  it.each(sampleCases().map((example) => [example.name, example] as const))('%s', async (_, example) => {
    const { result } = await runInOnnxruntime(exportCase(example), feedsOf(example));
    expect(maxRelativeError(result!, evaluateCase(example)['result']!)).toBeLessThan(SAMPLE_TOLERANCE);
  });
});

interface Net {
  readonly name: string;
  /** Weights of the test data; default: initial ones, with running statistics that do something. */
  readonly weights?: string;
}

const NETS: readonly Net[] = [
  { name: 'lenet5', weights: 'mnist-lenet5' },
  { name: 'resnet20', weights: 'cifar10-resnet20-optA' },
  { name: 'resnet20b', weights: 'cifar10-resnet20-optB' },
  { name: 'vww', weights: 'vww-mobilenet0.25-96' },
  { name: 'espcn', weights: 'superres-espcn-x3' },
  { name: 'resnet18' },
  { name: 'mobilenetv2' },
  { name: 'mobilenetv3_small' },
  { name: 'shufflenetv2' },
  { name: 'googlenet' },
  { name: 'densenet121' },
  { name: 'zfnetdeconv' },
  { name: 'vit_tiny_patch16' },
  { name: 'locallyconnected' },
];

/** Against the TypeScript target, on the model's own input shapes. */
async function worstDifference({ name, weights: trained }: Net, folded: boolean): Promise<number> {
  const model = await zooModel(name);
  const weights = trained
    ? readFileSync(testdata(`nets/${trained}/weights.safetensors`))
    : livelyWeights(model);
  const inputs = Object.entries(model.inputs).map(([key, type]) => [key, randomInput(key, type)] as const);
  const expected = runModel(model, weights, Object.fromEntries(inputs));
  const feeds = inputs.map(([key, data]) => [key, { ...model.inputs[key]!, data }] as const);
  const exported = exportOnnx(model, { weights, folded }, nodeHost);
  const outputs = await runInOnnxruntime(exported, Object.fromEntries(feeds));
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(expected).sort());
  const errors = Object.keys(expected).map((key) => maxRelativeError(outputs[key]!, expected[key]!));
  return Math.max(...errors);
}

describeWithOnnxruntime('nets in onnxruntime', () => {
  const known = NETS.filter(({ weights }) => weights === undefined || hasTestdata);
  it.each(known.flatMap((net) => [false, true].map((folded) => ({ ...net, folded }))))(
    '$name, folded: $folded',
    async ({ folded, ...net }) => {
      const difference = await worstDifference(net, folded);
      if (process.env['CNNC_VERBOSE']) console.log(net.name, folded ? 'folded' : 'as built', difference);
      expect(difference).toBeLessThan(NET_TOLERANCE);
    },
  );
});
