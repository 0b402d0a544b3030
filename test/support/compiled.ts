/** Compiles models for tests of the result. Nothing is written. */
import type { Model } from 'cnnc';
import { compileModel, type Compiled } from '../../compiler/driver/compileModel.ts';
import { openWeightSource } from '../../compiler/driver/files.ts';
import {
  readCompileOptions,
  type CompileOptions,
  type TrainingSettings,
} from '../../compiler/driver/options.ts';
import { createRecorder } from '../../compiler/driver/recorder.ts';
import { buildTrained, passTraining } from '../../compiler/driver/trainingGraphs.ts';
import { compileTrainingStep, type TrainingStep } from '../../compiler/driver/trainingStep.ts';
import { nodeHost } from '../../compiler/host/node.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import type { TargetedModel } from '../../compiler/emit/target.ts';

/** Compiles for all targets that the options name, without tuning. */
export function compiledFor(model: Model, options: Omit<CompileOptions, 'tune'>): Compiled {
  const { settings, files } = readCompileOptions(model, options);
  return compileModel(model, settings, { weights: openWeightSource(files, nodeHost) });
}

/** Compiles for the first target. */
export const compiledModel = (model: Model, options: CompileOptions): TargetedModel =>
  compiledFor(model, options).models[0]!;

/** The step of a target that need not be in the table. */
export function trainingStepOf(
  model: Model,
  training: TrainingSettings,
  target: Target,
  batch?: number,
): TrainingStep {
  const { settings } = readCompileOptions(model, { batch, training });
  const recorder = createRecorder();
  const read = settings.training!;
  const trained = buildTrained(model, settings, read, recorder);
  const graphs = passTraining(model, trained, settings, read, recorder);
  return compileTrainingStep(graphs, target, settings, recorder);
}
