/** The compile without its package: what is built and passed once, and what can be switched off. */
import { describe, expect, it } from 'vitest';
import { defineModel, type CompileOptions, type Model } from 'cnnc';
import { compileModel } from '../../compiler/driver/compileModel.ts';
import { passTables } from '../../compiler/driver/disabledPasses.ts';
import { readCompileOptions } from '../../compiler/driver/options.ts';
import { createRecorder } from '../../compiler/driver/recorder.ts';
import { parametersOf } from '../../compiler/driver/weights.ts';
import { writeSafetensors } from '../../compiler/frontend/safetensors.ts';
import { printGraph } from '../../compiler/ir/printer.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { graphPassNames } from '../../compiler/passes/index.ts';
import { targetNames, type TargetName } from '../../compiler/targets/index.ts';
import { compiledFor } from '../support/compiled.ts';
import { expectSameNumbers } from '../support/graphs.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { TOLERANCES } from '../support/packages.ts';
import { runProgram } from '../support/runProgram.ts';
import { randomInput, randomWeights } from '../support/weights.ts';

/** Something for every pass; `builds` counts how often it is built. */
function countedModel(): { readonly model: Model; readonly builds: () => number } {
  let builds = 0;
  const model = defineModel({
    name: 'counted',
    inputs: { image: [2, 2, 8, 8] },
    build(net, { image }) {
      builds++;
      net.tanh(image);
      const padded = net.pad(image, { before: [0, 0, 1, 1], after: [0, 0, 1, 1] });
      const stem = net.conv2d('stem', padded, { channels: 4, kernel: 3, bias: false });
      const x = net.relu(net.batchNorm('stem.bn', stem));
      const both = net.concat([x, net.neg(net.neg(x))]);
      const y = net.conv2d('squeeze', net.relu(net.batchNorm('bn', both)), { channels: 2, kernel: 1 });
      const doubled = net.mul(
        net.add(net.relu(y), net.relu(y)),
        net.add(net.constant({ shape: [], values: [0.5] }), 0.25),
      );
      const scores = (name: string, planes: typeof image) =>
        net.linear(name, net.flatten(net.globalAveragePool(planes)), { features: 10 });
      return { logits: net.add(scores('head', net.batchNorm('last', doubled)), scores('fc', both)) };
    },
  });
  return { model, builds: () => builds };
}

describe('a model is built', () => {
  const all: CompileOptions = { targets: targetNames };

  it.each<readonly [string, CompileOptions, number]>([
    ['once for inference, for all targets', {}, 1],
    ['once more to train', { training: {} }, 2],
    ['as often with recomputation', { training: { maxMemory: 1e9 } }, 2],
    ['as often in micro-batches', { training: { microBatches: 2 } }, 2],
    ['as often where the frozen norms are named', { training: { train: 'fc.*', frozen: () => true } }, 2],
    ['as often where no norm is frozen', { training: { train: '*bn.*,last.*' } }, 2],
    ['once more where a selection freezes norms', { training: { train: 'fc.*' } }, 3],
  ])('%s', (_, options, expected) => {
    const { model, builds } = countedModel();
    expect(compiledFor(model, { ...all, ...options }).models).toHaveLength(targetNames.length);
    expect(builds()).toBe(expected);
  });

  it('once more where a weight file has more than inference needs, whatever is compiled', () => {
    const { model, builds } = countedModel();
    const { inference } = compiledFor(model, {});
    const expected = parametersOf(inference.before);
    const tensors = [...randomWeights(expected)].map(([name, data], i) => ({
      name,
      data,
      shape: expected[i]!.shape,
    }));
    const options = { ...all, weights: writeSafetensors(tensors) };
    expect(compiledFor(model, options).left).toEqual([]);
    expect(builds()).toBe(2);
    const more = [...tensors, { name: 'other', shape: [1], data: new Float32Array(1) }];
    expect(() => compiledFor(model, { ...all, weights: writeSafetensors(more) })).toThrow('other');
    expect(builds()).toBe(4);
  });

  it('and its weights are asked for once', () => {
    let asked = 0;
    const { model } = countedModel();
    const weights: CompileOptions['weights'] = (expected) => {
      asked++;
      return randomWeights(expected);
    };
    const { models } = compiledFor(model, { ...all, weights, training: {} });
    expect(asked).toBe(1);
    const [first, ...others] = models.map(({ training }) => training!.data);
    for (const data of others) expect(data).toBe(first);
  });
});

describe('the stages', () => {
  const { model } = countedModel();

  it('are the graphs of inference and of the step, once for all targets', () => {
    const seen: string[] = [];
    const options: CompileOptions = {
      targets: targetNames,
      training: {},
      onStage: ({ name }) => void seen.push(name),
    };
    const { stages, inference, training } = compiledFor(model, options);
    expect(stages.map(({ name }) => name)).toEqual(seen);
    expect(seen.filter((name) => /00-model$/.test(name))).toEqual(['00-model', 'training-00-model']);
    expect(new Set(seen).size).toBe(seen.length);
    const graphOf = (name: string) => stages.find((stage) => stage.name === name)!.graph;
    expect(graphOf('00-model')).toBe(inference.before);
    expect(graphOf('13-orderForMemory')).toBe(inference.after);
    expect(graphOf('training-00-model')).toBe(training!.before);
    expect(graphOf('training-10-foldScaleAhead')).toBe(training!.simplified);
    expect(graphOf('training-12-orderForMemory')).toBe(training!.after);
  });

  it('have those of a target where a limit of memory makes it compute again', () => {
    const targets = ['typescript', 'wasm'] as const;
    const arenasOf = ({ models }: Pick<ReturnType<typeof compiledFor>, 'models'>): number[] =>
      models.map(({ training }) => training!.plan.arenaBytes);
    const before = arenasOf(compiledFor(model, { targets, training: {} }));
    // One target is above the limit, the other below.
    const maxMemory = Math.max(...before) - 1;
    expect(Math.min(...before)).toBeLessThan(maxMemory);
    const { stages, models } = compiledFor(model, { targets, training: { maxMemory } });
    for (const [i, { target, training }] of models.entries()) {
      expect(training!.plan.arenaBytes).toBeLessThanOrEqual(maxMemory);
      const own = stages.filter(({ name }) => name.startsWith(`training-${target.name}-`));
      const again = before[i]! > maxMemory ? ['simplified', 'recompute', 'fuse', 'orderForMemory'] : [];
      expect(own.map(({ name }) => name.replace(/^training-\w+-\d\d-/, ''))).toEqual(again);
      if (again.length > 0) expect(own.at(-1)!.graph).toBe(training!.graph);
    }
  });

  it.each(['typescript', 'wasm'] as const)('have those of %s, also where it is the only target', (name) => {
    const options = { targets: [name] };
    const whole = compiledFor(model, { ...options, training: {} });
    const maxMemory = whole.models[0]!.training!.plan.arenaBytes - 1;
    const { stages, models } = compiledFor(model, { ...options, training: { maxMemory } });
    expect(models[0]!.training!.plan.arenaBytes).toBeLessThanOrEqual(maxMemory);
    const own = stages.filter((stage) => stage.name.startsWith(`training-${name}-`));
    expect(own.at(-1)!.graph).toBe(models[0]!.training!.graph);
  });
});

const SWITCHABLE = passTables().flatMap(({ optional }) => optional);

it.each(SWITCHABLE)('without %s graphs and programs compute the same', (name) => {
  const { model } = countedModel();
  const targets = ['typescript', 'wasm'] as const;
  const options: CompileOptions = { targets, batch: 1, disabledPasses: [name], training: {} };
  const { inference, training, stages, models } = compiledFor(model, options);
  expect(stages.filter((stage) => stage.name.endsWith(`-${name}`))).toEqual([]);
  expect(stages.length).toBeGreaterThan(20);
  expectSameNumbers(inference.after, inference.before);
  expectSameNumbers(training!.after, training!.before);
  const weights = randomWeights(parametersOf(inference.before));
  const image = randomInput('image', { dtype: 'f32', shape: [1, 2, 8, 8] });
  const bindings = { ...Object.fromEntries(weights), image };
  const { outputs } = evaluateGraph(inference.before, bindings);
  for (const { target, program, plan } of models) {
    const { name } = target;
    const found = runProgram(program, plan, bindings, { target: name });
    expect(maxRelativeError(found['logits']!, outputs['logits']!), name).toBeLessThan(
      TOLERANCES[name as TargetName],
    );
  }
});

it('every pass changes a graph of that model, so that without it something is missing', () => {
  const { model } = countedModel();
  const { stages } = compiledFor(model, { training: {} });
  const changes = stages.filter(
    ({ graph }, i) => i > 0 && printGraph(graph) !== printGraph(stages[i - 1]!.graph),
  );
  const working = new Set(changes.map(({ name }) => name.replace(/^.*\d\d-/, '')));
  expect(graphPassNames.optional.filter((name) => !working.has(name))).toEqual([]);
});

it('what is measured are the frontend, every pass, and the work of every target', () => {
  const { model } = countedModel();
  const timingsOf = (disabledPasses: readonly string[]) => {
    const { settings } = readCompileOptions(model, { targets: targetNames, training: {}, disabledPasses });
    const recorder = createRecorder();
    compileModel(model, settings, { recorder });
    return recorder.timer.timings();
  };
  const timings = timingsOf([]);
  const runsOf = (group: string) =>
    Object.fromEntries(timings.filter((one) => one.group === group).map(({ name, runs }) => [name, runs]));
  expect(runsOf('frontend')).toEqual({
    'inference graph': 1,
    'training graph': 1,
    'joint graph': 1,
    weights: 1,
  });
  const passes = Object.fromEntries(graphPassNames.optional.map((name) => [name, 2]));
  // 13 passes of inference, 10 and 2 of training, and what each of these three starts from.
  expect(runsOf('graph passes')).toEqual({ ...passes, removeDeadNodes: 4, bandRows: 1, verifier: 28 });
  expect(runsOf('lowering')).toEqual(Object.fromEntries(targetNames.map((name) => [name, 2])));
  const measured = timings.map(({ name }) => name);
  expect(SWITCHABLE.filter((name) => !measured.includes(name))).toEqual([]);
  const left = timingsOf(SWITCHABLE).map(({ name }) => name);
  expect(SWITCHABLE.filter((name) => left.includes(name))).toEqual([]);
  expect(timings.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
});
