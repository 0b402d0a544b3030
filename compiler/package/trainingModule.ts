/**
 * `training/trainer.ts`, for every target: the types of the trainer, and the record `training`, which states the places
 * of tensors and the phases that run. runtime/training/ implements the trainer; its plan.ts has the type of the record.
 */
import { accumulatorName } from '../autodiff/trainingGraph.ts';
import { importsSource, moduleSource } from '../emit/declarations.ts';
import { docComment } from '../emit/text.ts';
import type { Buffer, PhaseName } from '../program/types.ts';
import { quoted, type Api, type TrainerText, type TrainingMemory } from '../emit/api/types.ts';
import { classifierOf } from './fitModule.ts';
import { labelInputs } from './labels.ts';
import {
  gradientTypes,
  hyperName,
  inputsNamed,
  isSeed,
  output,
  partOutputs,
  phasesOf,
  stepTypes,
  trainingSite,
  type TrainingSite,
} from '../emit/api/trainingSite.ts';
import { trainerTypes } from './trainerTypes.ts';
import type { CompiledModel, CompiledTraining } from '../emit/model.ts';

export function trainingModule(model: CompiledModel, training: CompiledTraining, api: Api): string {
  const { trainer } = api;
  const site = trainingSite(model, training);
  const types = [
    ...trainer.runtimeTypes,
    ...(training.countsExamples ? ['CountOption'] : []),
    ...['Hyperparameters', 'LeftOut', 'LoadWeightsOptions'],
  ];
  const fits = classifierOf(model) !== undefined;
  return moduleSource(
    headerOf(site),
    importsSource([
      ...trainer.imports(site),
      {
        from: '../index.js',
        names: ['info', ...(model.batches ? ['Inputs', 'Outputs'] : [])],
        isTypeOnly: true,
      },
      ...(fits ? [{ from: './fitLoop.js', names: ['FitOptions', 'FitResult'], isTypeOnly: true }] : []),
      { from: '../runtime.js', names: types.sort(), isTypeOnly: true },
    ]),
    trainerTypes(site, api, fits),
    recordText(site, trainer),
  );
}

function headerOf({ model, training: { optimizer, microBatches } }: TrainingSite): string {
  const step = `Trains ${model.name}: a step is forward, loss, backward and update (${optimizer})`;
  return docComment(
    microBatches > 1
      ? [
          `${step},`,
          `the first three for each of ${microBatches} micro-batches, whose gradients are averaged.`,
        ]
      : [`${step}.`],
  );
}

const recordText = (site: TrainingSite, trainer: TrainerText): string => `/** ${trainer.recordDoc} */
export const training: ${trainer.recordType(site)} = {
  name: ${quoted(site.model.name)},
  microBatches: ${site.training.microBatches},
  ${trainer.fields(site).join('\n')}
  step: ${stepText(site, trainer)},
  halves: ${halvesText(site, trainer)},
};
`;

function stepText(site: TrainingSite, trainer: TrainerText): string {
  const { model, training } = site;
  const tensors = (entries: Entries) => tensorsText(entries, 'step', trainer);
  const labels = labelInputs(training.graph).map(
    ({ name, classes, ignored }) =>
      `{ name: ${quoted(name)}, classes: ${classes}${ignored === undefined ? '' : `, ignored: ${ignored}`} }`,
  );
  const { prepare, run, update } = phasesOf(site).step;
  const phases = (names: readonly PhaseName[]) => phasesText(site, names, 'step', trainer);
  return `{
    inputs: ${tensors(inputsNamed(site, Object.keys(stepTypes(site))))},
    outputs: ${tensors(outputsNamed(site, Object.keys(model.outputs)))},
    ${scalarsText(site, 'step', trainer)}
    loss: ${trainer.place(output(site, 'loss')!, 'step')},
    labels: [${labels.join(', ')}],
    ${training.countsExamples ? 'countsExamples: true,' : ''}
    prepare: [${phases(prepare)}],
    run: [${phases(run)}],
    ${update ? `update: ${phases([update])},` : ''}
  }`;
}

function halvesText(site: TrainingSite, trainer: TrainerText): string {
  const { model, training } = site;
  const gradients = gradientTypes(site);
  const tensors = (entries: Entries) => tensorsText(entries, 'halves', trainer);
  const sum = (name: string): string => `, sum: ${quoted(accumulatorName(name))}`;
  const { forward, backward, update } = phasesOf(site).halves;
  const phases = (names: readonly PhaseName[]) => phasesText(site, names, 'halves', trainer);
  return `{
    inputs: ${tensors(inputsNamed(site, Object.keys(model.inputs)))},
    outputs: ${tensors(outputsNamed(site, Object.keys(partOutputs(site))))},
    ${scalarsText(site, 'halves', trainer)}
    outputGradients: ${tensors(gradients.outputs)},
    inputGradients: ${tensors(gradients.inputs)},
    parameterGradients: ${tensorsText(gradients.parameters, 'halves', trainer, training.microBatches > 1 ? sum : undefined)},
    forward: [${phases(forward)}],
    backward: [${phases(backward)}],
    update: [${phases(update)}],
  }`;
}

/** Public names and their buffers in the program. */
type Entries = readonly (readonly [string, Buffer])[];

/** `{ name, shape, dtype, place }` of each tensor, and further fields from `more`. */
function tensorsText(
  entries: Entries,
  memory: TrainingMemory,
  trainer: TrainerText,
  more: (name: string) => string = () => '',
): string {
  const lines = entries.map(([name, buffer]) => {
    const { element, layout } = buffer;
    const type = `shape: [${layout.shape.join(', ')}], dtype: '${element}'`;
    return `{ name: ${quoted(name)}, ${type}, place: ${trainer.place(buffer, memory)}${more(name)} },`;
  });
  return `[${lines.join('\n')}]`;
}

const phasesText = (
  site: TrainingSite,
  names: readonly PhaseName[],
  memory: TrainingMemory,
  trainer: TrainerText,
): string => names.map((name) => trainer.phase(site, name, memory)).join(', ');

/** The fields of `ScalarPlaces` in runtime/training/plan.ts. */
function scalarsText(site: TrainingSite, memory: TrainingMemory, trainer: TrainerText): string {
  const inputs = site.program.buffers.filter(({ role }) => role === 'input');
  const hyper = inputs.flatMap((buffer) => {
    const name = hyperName(buffer);
    return name === undefined ? [] : [`${name}: ${trainer.place(buffer, memory)}`];
  });
  const seed = inputs.find(isSeed);
  return `hyper: { ${hyper.join(', ')} },${seed ? ` seed: ${trainer.place(seed, memory)},` : ''}`;
}

const outputsNamed = (site: TrainingSite, names: readonly string[]): Entries =>
  names.map((name) => [name, output(site, name)!] as const);
