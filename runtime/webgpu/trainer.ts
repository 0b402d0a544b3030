/** Loads the trainer of a package on WebGPU. */
import { isStored, readWeights, type NamedParameter } from '../training/parameters.ts';
import { createTrainerCore, type TrainerOptions } from '../training/trainer.ts';
import { loadBytes, type ByteSource } from '../weights.ts';
import type { GpuOptions } from './device.ts';
import { openModel, withSession, type GpuProgram } from './model.ts';
import type { GpuSession } from './session.ts';
import { createCalls, type GpuInference, type GpuTrainer } from './trainerCalls.ts';
import { settle, submit, type TrainerSite } from './trainerSite.ts';
import { createStep } from './trainerSteps.ts';
import { mirrorParameters, writeConstants, type GpuKept, type GpuTraining } from './training.ts';

/** Loads the trainer of a package together with its model for inference. */
export async function loadGpuTrainer(
  program: GpuProgram,
  kept: GpuKept,
  training: GpuTraining,
  source: ByteSource,
  options: GpuOptions,
  settings: TrainerOptions,
): Promise<GpuTrainer> {
  const { name, sizes } = training;
  const binding = Math.max(sizes.binding, program.sizes.binding);
  return withSession(name, { ...sizes, binding }, options, async (session) => {
    const [model, prepare, bytes] = await Promise.all([
      openModel(session, program),
      session.compile(kept.prepare),
      loadBytes(source),
    ]);
    const mirrors = mirrorParameters(training.parameters.filter(isStored));
    readWeights(name, mirrors, bytes);
    writeConstants(session, [...kept.constants, ...training.constants]);
    const inference = { prepare, predict: model.forward };
    return createGpuTrainer(session, training, mirrors, inference, settings, options.onProgress);
  });
}

/** Creates the trainer. `mirrors` hold the first weights. */
async function createGpuTrainer(
  session: GpuSession,
  training: GpuTraining,
  mirrors: readonly NamedParameter[],
  inference: GpuInference,
  settings: TrainerOptions,
  onProgress: GpuOptions['onProgress'],
): Promise<GpuTrainer> {
  const state: TrainerSite['state'] = { given: {} };
  const trainer: TrainerSite = { session, training, mirrors, pending: [], state };
  const step = await createStep(trainer, onProgress);
  const prepare = await session.compile(training.step.prepare);
  const stored = training.parameters.filter(isStored);
  const parts = {
    ...{ name: training.name, parameters: mirrors, step: step.part, halves: () => state.halves! },
    prepare() {
      stored.forEach(({ range }, i) => session.write(range, mirrors[i]!.data));
      submit(trainer, 'load', prepare);
    },
  };
  const core = createTrainerCore(parts, settings);
  await settle(trainer);
  return createCalls(trainer, { core, step, inference });
}
