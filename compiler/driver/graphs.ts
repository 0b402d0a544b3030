/**
 * The half of a compile that does not depend on a target: each graph of a model is built once, and its passes run
 * once.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { buildGraph } from '../frontend/buildGraph.ts';
import type { Model } from '../frontend/model.ts';
import type { Graph } from '../ir/types.ts';
import { passesFor } from '../passes/index.ts';
import { runPasses } from '../passes/run.ts';
import type { Settings } from './options.ts';
import { numbered, passHooks, type Recorder } from './recorder.ts';

/** A graph before and after its passes. */
export interface PassedGraph {
  readonly before: Graph;
  readonly after: Graph;
}

export function buildInference(
  model: Model,
  { inputs }: Pick<Settings, 'inputs'>,
  batch: number | undefined,
  { timer }: Recorder,
): Graph {
  return timer.time('frontend', 'inference graph', () =>
    buildGraph(model, { training: false, batch, inputs }),
  );
}

/** `prefix` is put before the names of the stages. */
export function passInference(
  before: Graph,
  { disabledPasses }: Settings,
  recorder: Recorder,
  prefix = '',
): PassedGraph {
  const note = numbered(recorder, prefix);
  note('model', before);
  const passes = passesFor('inference', { disabled: disabledPasses });
  return { before, after: runPasses(before, passes, passHooks(recorder, note)) };
}

/** Checks that a training step returns the outputs of inference. It may return more. */
export function checkOutputs(model: Model, inference: Graph, training: Graph): void {
  const names = training.outputs.map(({ name }) => name);
  const missing = inference.outputs.find(({ name }) => !names.includes(name));
  if (!missing) return;
  fail(
    'CNNC1032',
    'model',
    { path: model.name, ...model.place },
    `in training, build does not return the output ${missing.name}`,
    [
      `it returns ${names.filter((name) => name !== 'loss').join(', ')}; a training step needs all outputs of inference`,
    ],
  );
}
