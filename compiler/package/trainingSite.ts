/** What the modules of a package's `training/` folder are printed from, and the pieces they share. */
import {
  hyperparameterOf,
  inputGradientName,
  isGradientName,
  outputGradientName,
  parameterGradientName,
} from '../autodiff/trainingGraph.ts';
import type { SourceFile } from 'ts-morph';
import { storageNames } from '../emit/storage.ts';
import { nodeOf } from '../ir/types.ts';
import type { Buffer, PhaseName, Program } from '../program/types.ts';
import type { TensorTypes } from './face.ts';
import { runName, type Host } from './host.ts';
import type { CompiledModel, CompiledTraining } from './types.ts';

/** Not an input of the network: the host feeds these itself. */
export const hyperName = (buffer: Buffer): string | undefined => hyperparameterOf(buffer.publicName ?? '');
export const isSeed = (buffer: Buffer): boolean => buffer.publicName === 'seed';

export interface TrainingSite {
  readonly model: CompiledModel;
  readonly training: CompiledTraining;
  readonly program: Program;
  readonly outputs: ReadonlyMap<string, Buffer>;
}

/** On a target whose calls return when all is done. */
export interface Site extends TrainingSite {
  readonly host: Host;
}

export function trainingSite(model: CompiledModel, training: CompiledTraining): TrainingSite {
  const { program } = training;
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  return {
    ...{ model, training, program },
    outputs: new Map(outputs.map((buffer) => [buffer.publicName!, buffer])),
  };
}

export const siteOf = (model: CompiledModel, training: CompiledTraining, host: Host): Site => ({
  ...trainingSite(model, training),
  host,
});

export const ofRole = ({ program }: TrainingSite, role: Buffer['role']): Buffer[] =>
  program.buffers.filter((buffer) => buffer.role === role);

export const output = (site: TrainingSite, name: string): Buffer | undefined => site.outputs.get(name);

/** An object literal. */
export const list = (entries: readonly string[]): string => `{ ${entries.join(', ')} }`;

/** The views of some buffers by their public names. */
export const viewsOf = (entries: readonly (readonly [string, Buffer])[], memory = 'memory'): string =>
  list(entries.map(([name, buffer]) => `${JSON.stringify(name)}: ${memory}.${buffer.name}`));

/** The fields of runtime/training/trainer.ts' `Scalars`; `memory` is what the numbers are found in. */
export function scalarsText(site: TrainingSite, memory = 'memory'): string {
  const inputs = ofRole(site, 'input');
  const hyper = inputs.flatMap((buffer): [string, Buffer][] => {
    const name = hyperName(buffer);
    return name === undefined ? [] : [[name, buffer]];
  });
  const seed = inputs.find(isSeed);
  return `hyper: ${viewsOf(hyper, memory)},${seed ? ` seed: ${memory}.${seed.name},` : ''}`;
}

/** Types of a whole batch as those of one micro-batch, or the other way round. */
export const withBatch = (types: TensorTypes, change: (images: number) => number): TensorTypes =>
  Object.fromEntries(
    Object.entries(types).map(([name, { dtype, shape }]) => [
      name,
      { dtype, shape: shape.map((extent, axis) => (axis === 0 ? change(extent) : extent)) },
    ]),
  );

/** What `forward` by itself reads and gives: of one micro-batch. */
export const partTypes = ({ training }: TrainingSite, types: TensorTypes): TensorTypes =>
  withBatch(types, (images) => images / training.microBatches);

/** What the types of the halves' inputs and outputs are called. */
export const halvesTypes = (site: TrainingSite): readonly [inputs: string, outputs: string] => {
  const isSplit = site.training.microBatches > 1;
  const isSame = !isSplit && Object.keys(partOutputs(site)).join() === Object.keys(site.model.outputs).join();
  return [isSplit ? 'PartInputs' : 'TrainerInputs', isSame ? 'TrainerOutputs' : 'PartOutputs'];
};

/** What `forward` gives: in training a net may have more outputs than in use. */
export const partOutputs = ({ training: { graph } }: TrainingSite): TensorTypes =>
  Object.fromEntries(
    graph.outputs
      .filter(({ name }) => name !== 'loss' && !isGradientName(name))
      .map(({ name, value }) => [name, nodeOf(graph, value).type]),
  );

/** What a training step reads, of the whole batch. */
export const stepTypes = ({ model, training }: TrainingSite): TensorTypes => ({
  ...model.inputs,
  ...wholeTargets(training),
});

/** The program's are those of one micro-batch. */
export const wholeTargets = ({ targets, microBatches }: CompiledTraining): TensorTypes =>
  withBatch(targets, (images) => images * microBatches);

/** Copies arguments of these names to where the network reads them. */
export const copyInputs = (site: TrainingSite, names: readonly string[]): string =>
  ofRole(site, 'input')
    .filter(({ publicName }) => names.includes(publicName!))
    .map(({ name, publicName }) => `memory.${name}.set(inputs.${publicName});`)
    .join('\n');

/** The same for micro-batch `part` of what was given. */
export const takeInputs = (site: TrainingSite, names: readonly string[]): string =>
  ofRole(site, 'input')
    .filter(({ publicName }) => names.includes(publicName!))
    .map(({ name, publicName }) => `takePart(given.${publicName}, part, memory.${name});`)
    .join('\n');

/** Imports of the phases, and of the arrays that they share. */
export function importPhases(file: SourceFile, names: readonly PhaseName[]): void {
  for (const name of names) {
    const namedImports = [{ name, alias: runName(name) }];
    file.addImportDeclaration({ moduleSpecifier: `./${name}.js`, namedImports });
  }
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
