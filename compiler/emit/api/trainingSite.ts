/** The input for printing a package's trainer: names, types and phases of its training program. */
import {
  hyperparameterOf,
  inputGradientName,
  isGradientName,
  outputGradientName,
  parameterGradientName,
} from '../../autodiff/trainingGraph.ts';
import { storageNames } from '../storage.ts';
import { nodeOf } from '../../ir/types.ts';
import type { Buffer, PhaseName, Program } from '../../program/types.ts';
import type { TensorTypes } from './tensors.ts';
import { imagesOf, type CompiledModel, type CompiledTraining } from '../model.ts';

/**
 * The hyperparameter that a buffer holds, if it does. The trainer writes these buffers; they are no inputs of the
 * network.
 */
export const hyperName = (buffer: Buffer): string | undefined => hyperparameterOf(buffer.publicName ?? '');
export const isSeed = (buffer: Buffer): boolean => buffer.publicName === 'seed';

export interface TrainingSite {
  readonly model: CompiledModel;
  readonly training: CompiledTraining;
  readonly program: Program;
  readonly outputs: ReadonlyMap<string, Buffer>;
}

export function trainingSite(model: CompiledModel, training: CompiledTraining): TrainingSite {
  const { program } = training;
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  return {
    ...{ model, training, program },
    outputs: new Map(outputs.map((buffer) => [buffer.publicName!, buffer])),
  };
}

export const output = (site: TrainingSite, name: string): Buffer | undefined => site.outputs.get(name);

/** The types with another number of images: of one micro-batch instead of the whole batch, or the reverse. */
const withBatch = (types: TensorTypes, change: (images: number) => number): TensorTypes =>
  Object.fromEntries(
    Object.entries(types).map(([name, { dtype, shape }]) => [
      name,
      { dtype, shape: shape.map((extent, axis) => (axis === 0 ? change(extent) : extent)) },
    ]),
  );

/** The types of a separate `forward`, which works on one micro-batch. */
export const partTypes = ({ training }: TrainingSite, types: TensorTypes): TensorTypes =>
  withBatch(types, (images) => images / training.microBatches);

/** The names of the types of the halves' inputs and outputs. */
export const halvesTypes = (site: TrainingSite): readonly [inputs: string, outputs: string] => {
  const isSplit = site.training.microBatches > 1;
  const isSame = !isSplit && Object.keys(partOutputs(site)).join() === Object.keys(site.model.outputs).join();
  return [isSplit ? 'PartInputs' : 'TrainerInputs', isSame ? 'TrainerOutputs' : 'PartOutputs'];
};

/** The outputs of the trainer's `forward`: a network may have more outputs in training than in inference. */
export const partOutputs = ({ training: { graph } }: TrainingSite): TensorTypes =>
  Object.fromEntries(
    graph.outputs
      .filter(({ name }) => name !== 'loss' && !isGradientName(name))
      .map(({ name, value }) => [name, nodeOf(graph, value).type]),
  );

/** The inputs of a training step, with the whole batch. */
export const stepTypes = ({ training }: TrainingSite): TensorTypes => ({
  ...training.inputs,
  ...wholeTargets(training),
});

/** The outputs of a training step, with the whole batch. Inference may have other batches. */
export const stepOutputs = ({ model, training }: TrainingSite): TensorTypes =>
  model.batches ? withBatch(model.outputs, () => imagesOf(training)) : model.outputs;

/** The targets with the whole batch; the program has those of one micro-batch. */
export const wholeTargets = ({ targets, microBatches }: CompiledTraining): TensorTypes =>
  withBatch(targets, (images) => images * microBatches);

/** The buffers of the caller's inputs, by public names. */
export const inputsNamed = ({ program }: TrainingSite, names: readonly string[]): [string, Buffer][] =>
  names.flatMap((name) =>
    program.buffers
      .filter(({ role, publicName }) => role === 'input' && publicName === name)
      .map((buffer): [string, Buffer] => [name, buffer]),
  );

export interface TrainingPhases {
  readonly step: {
    readonly prepare: readonly PhaseName[];
    readonly run: readonly PhaseName[];
    /** Runs after the last micro-batch, if there are micro-batches. */
    readonly update?: PhaseName;
  };
  readonly halves: {
    readonly forward: readonly PhaseName[];
    readonly backward: readonly PhaseName[];
    readonly update: readonly PhaseName[];
  };
}

/** The phases that run in a whole step and in each half. */
export function phasesOf({ program, training }: TrainingSite): TrainingPhases {
  const present = (name: PhaseName): PhaseName[] =>
    program.phases.some((phase) => phase.name === name) ? [name] : [];
  return {
    step: {
      prepare: present('prepare'),
      run: ['forward', 'loss', 'step'],
      ...(training.microBatches > 1 && { update: 'update' }),
    },
    halves: {
      forward: ['forward'],
      backward: ['backward', ...present('inputGradient')],
      update: ['update'],
    },
  };
}

export const hasWeights = (program: Program): boolean => {
  const storage = storageNames(program, new Map());
  return program.phases.some(({ calls }) => storage.used(calls).includes('w'));
};

export const gradientTypes = (
  site: TrainingSite,
): { outputs: [string, Buffer][]; inputs: [string, Buffer][]; parameters: [string, Buffer][] } => {
  const pick = (names: readonly string[], gradientName: (name: string) => string) =>
    names.flatMap((name): [string, Buffer][] => {
      const buffer = output(site, gradientName(name));
      return buffer ? [[name, buffer]] : [];
    });
  return {
    outputs: pick(Object.keys(partOutputs(site)), outputGradientName),
    inputs: pick(Object.keys(site.model.inputs), inputGradientName),
    parameters: pick(
      site.training.parameters.filter(({ role }) => role === 'weight').map(({ name }) => name),
      parameterGradientName,
    ),
  };
};
