/**
 * The layers, the gradients and the optimizers against PyTorch, target or no target: the joint graph of a
 * training step, run in f64 through every operation's plain loops, interpreted for the gradients, compiled for
 * the three steps.
 */
import { describe, expect, it } from 'vitest';
import { buildGraph, type Graph } from 'cnnc';
import { optimizers } from '../../compiler/autodiff/optimizers/index.ts';
import {
  hyperInputName,
  inputGradientName,
  outputGradientName,
  parameterGradientName,
  trainingGraph,
} from '../../compiler/autodiff/trainingGraph.ts';
import type { Hyperparameter } from '../../compiler/autodiff/optimizers/types.ts';
import type { Node } from '../../compiler/ir/types.ts';
import { evaluateGraph, type Bindings, type Evaluation } from '../../compiler/ops/evaluate.ts';
import { describeWithTestdata } from '../support/testdata.ts';
import { compileLoops } from './compiledLoops.ts';
import {
  hyperparametersOf,
  modelOf,
  optimizerNames,
  oracleCases,
  oracleError,
  type OracleCase,
  type OracleOptimizer,
} from './oracle.ts';

/** Both sides compute in f64; what is left is the rounding of stored numbers and of constants (1e-7). */
const TOLERANCE = 1e-5;

/** The graph of one step; PyTorch decays biases too. */
function stepGraph(oracle: OracleCase, optimizer: OracleOptimizer): Graph {
  const frozen = () => oracle.mode === 'eval';
  return trainingGraph(buildGraph(modelOf(oracle), { training: true, frozen }), {
    optimizer: optimizers[optimizer],
    isTrained: () => true,
    decays: () => true,
  });
}

const parametersOf = (graph: Graph): Node<'parameter'>[] =>
  graph.nodes.filter((node): node is Node<'parameter'> => node.op === 'parameter');

/** Parameters, running statistics and the optimizer's state before the first step. */
function startValues(graph: Graph, { tensors }: OracleCase): Bindings {
  const values = parametersOf(graph).map(({ attrs, type }) => {
    const size = type.shape.reduce((product, extent) => product * extent, 1);
    const given = tensors[`param:${attrs.name}`] ?? tensors[`buffer:${attrs.name}`];
    const start = attrs.role === 'state' ? new Float64Array(size) : given!.data;
    return [attrs.name, start] as const;
  });
  return Object.fromEntries(values);
}

interface Step extends Evaluation {
  /** Everything that the step changed, by name. */
  readonly after: Bindings;
}

function runStep(
  graph: Graph,
  evaluate: (bindings: Bindings) => Evaluation,
  oracle: OracleCase,
  optimizer: OracleOptimizer,
  step: number,
  before: Bindings,
): Step {
  const hyper = hyperparametersOf(oracle, optimizer);
  const scalars = {
    ...hyper,
    biasCorrection1: 1 - (hyper.beta1 ?? 0) ** step,
    biasCorrection2: 1 - (hyper.beta2 ?? 0) ** step,
  };
  const { input, target } = oracle.tensors;
  const evaluation = evaluate({
    input: input!.data,
    target: target!.data,
    ...Object.fromEntries(
      Object.entries(scalars).map(([name, value]) => [hyperInputName(name as Hyperparameter), [value]]),
    ),
    ...before,
  });
  const names = new Map(parametersOf(graph).map(({ id, attrs }) => [id, attrs.name]));
  const after = graph.updates.map(
    ({ target: parameter, value }) => [names.get(parameter)!, evaluation.values[value]!] as const,
  );
  return { ...evaluation, after: Object.fromEntries(after) };
}

function expectTensor(oracle: OracleCase, name: string, actual: ArrayLike<number> | undefined): void {
  const expected = oracle.tensors[name]!;
  expect(actual, name).toBeDefined();
  expect(oracleError(actual!, expected), name).toBeLessThanOrEqual(TOLERANCE);
}

describeWithTestdata('the oracle in f64', () => {
  describe.each(oracleCases().map((oracle) => [oracle.name, oracle] as const))('%s', (_, oracle) => {
    it('has the parameters of PyTorch, in its order', () => {
      const forward = buildGraph(modelOf(oracle), { training: true });
      const named = (role: string) =>
        parametersOf(forward).flatMap(({ attrs }) => (attrs.role === role ? [attrs.name] : []));
      expect([named('weight'), named('buffer')]).toEqual([oracle.params, oracle.buffers]);
    });

    it('has its output, loss, gradients and running statistics', () => {
      const graph = stepGraph(oracle, 'sgd');
      const interpret = (bindings: Bindings) => evaluateGraph(graph, bindings);
      const { outputs, after } = runStep(graph, interpret, oracle, 'sgd', 1, startValues(graph, oracle));
      expect(graph.outputs[0]!.name).toBe('output');
      expect(outputs[outputGradientName('output')]).toBeDefined();
      expectTensor(oracle, 'output', outputs['output']);
      expectTensor(oracle, 'loss', outputs['loss']);
      expectTensor(oracle, 'grad:input', outputs[inputGradientName('input')]);
      for (const name of oracle.params)
        expectTensor(oracle, `grad:${name}`, outputs[parameterGradientName(name)]);
      const statistics = Object.keys(oracle.tensors).filter((key) => key.startsWith('after:'));
      expect(statistics).toHaveLength(oracle.mode === 'train' ? oracle.buffers.length : 0);
      for (const key of statistics) expectTensor(oracle, key, after[key.slice('after:'.length)]);
    });

    it.each(optimizerNames)('has its parameters and losses after three steps of %s', (optimizer) => {
      const graph = stepGraph(oracle, optimizer);
      const evaluate = compileLoops(graph);
      let values = startValues(graph, oracle);
      const losses: number[] = [];
      for (let step = 1; step <= oracle.steps; step++) {
        const { outputs, after } = runStep(graph, evaluate, oracle, optimizer, step, values);
        losses.push(outputs['loss']![0]!);
        values = { ...values, ...after };
      }
      expectTensor(oracle, `${optimizer}:losses`, losses);
      const trained = oracle.mode === 'train' ? [...oracle.params, ...oracle.buffers] : oracle.params;
      for (const name of trained) expectTensor(oracle, `${optimizer}:${name}`, values[name]);
    });
  });
});
