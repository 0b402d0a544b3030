/** The types of a trainer: inputs, results, and its methods. */
import { interfaceSource, moduleSource, type FieldText } from '../emit/declarations.ts';
import { ARRAYS } from '../emit/text.ts';
import type { Buffer } from '../program/types.ts';
import { describeTensor, tensorFields } from '../emit/api/tensors.ts';
import type { Api } from '../emit/api/types.ts';
import {
  gradientTypes,
  halvesTypes,
  partOutputs,
  partTypes,
  stepOutputs,
  stepTypes,
  type TrainingSite,
} from '../emit/api/trainingSite.ts';

const gradientFields = (entries: readonly [string, Buffer][]): FieldText[] =>
  entries.map(([name, { element, layout }]) => ({
    name: JSON.stringify(name),
    type: ARRAYS[element],
    doc: describeTensor({ dtype: element, shape: layout.shape }),
  }));

/** Prints all types. `fits` says whether the trainer has `fit`. */
export function trainerTypes(site: TrainingSite, api: Api, fits: boolean): string {
  const { training } = site;
  const gradients = gradientTypes(site);
  const [inputs, outputs] = halvesTypes(site);
  const part = (what: string): string[] =>
    training.microBatches > 1
      ? [`The ${what} of one of the ${training.microBatches} micro-batches of a step.`]
      : [];
  return moduleSource(
    interfaceSource('TrainerInputs', tensorFields(training.inputs), ['The inputs of the network.']),
    interfaceSource('TrainingInputs', tensorFields(stepTypes(site)), [
      "The inputs of a training step: the network's inputs, and the targets of the loss.",
    ]),
    interfaceSource('TrainerOutputs', tensorFields(stepOutputs(site))),
    inputs === 'PartInputs'
      ? interfaceSource(inputs, tensorFields(partTypes(site, training.inputs)), part('inputs'))
      : '',
    outputs === 'PartOutputs'
      ? interfaceSource(outputs, tensorFields(partOutputs(site)), part('outputs'))
      : '',
    interfaceSource('OutputGradients', gradientFields(gradients.outputs), [
      'Gradients of a loss with respect to the outputs.',
    ]),
    interfaceSource('InputGradients', gradientFields(gradients.inputs)),
    interfaceSource('ParameterGradients', gradientFields(gradients.parameters), [
      "Gradients in canonical shapes, with PyTorch's names.",
    ]),
    RESULTS,
    trainerInterface(site, [inputs, outputs], api, fits),
  );
}

const RESULTS = `export interface Gradients {
  readonly inputs: InputGradients;
  readonly parameters: ParameterGradients;
}

export interface StepResult extends TrainerOutputs {
  /** The loss before the update. */
  readonly loss: number;
}
`;

function stepText({ training: { countsExamples } }: TrainingSite, { calls }: Api): string {
  const doc = countsExamples ? ' With `count` only the first examples count.' : '';
  if (calls === 'immediate') {
    const options = countsExamples ? ', options?: CountOption' : '';
    return `/** Forward, loss, backward, update.${doc} The next call overwrites the result. */
  trainStep(inputs: TrainingInputs${options}): StepResult;`;
  }
  const options = (results: string): string => `${countsExamples ? 'CountOption & ' : ''}{ ${results} }`;
  return `/**
   * Forward, loss, backward, update.${doc} Calls run one after the other and read arrays and hyperparameters when they
   * start: change those only after the promise has resolved. With \`results: false\` nothing is read back, and the promise
   * resolves when the GPU has accepted the step.
   */
  trainStep(inputs: TrainingInputs, options?: ${options('readonly results?: true')}): Promise<StepResult>;
  trainStep(
    inputs: TrainingInputs,
    options: ${options('readonly results: boolean')},
  ): Promise<StepResult | undefined>;`;
}

const FIT_MEMBER = `/**
   * Trains on examples for several epochs: shuffled batches, augmentation, validation, the best weights. The code is loaded
   * by the first call.
   */
  fit(options: FitOptions): Promise<FitResult>;
  `;

function trainerInterface(
  site: TrainingSite,
  [halvesInputs, halvesOutputs]: readonly [string, string],
  api: Api,
  fits: boolean,
): string {
  const {
    calls,
    trainer: { members },
  } = api;
  const later = (type: string): string => (calls === 'promised' ? `Promise<${type}>` : type);
  return `export interface Trainer {
  /** The same facts as those of a model. */
  readonly info: typeof info;
  /** May be changed between steps, for example by a learning-rate schedule. */
  readonly hyperparameters: Hyperparameters;
  /** The number of completed steps. */
  readonly step: number;
  ${members.first}${fits ? FIT_MEMBER : ''}${stepText(site, api)}
  /** The forward pass in training mode: batch statistics, dropout. Keeps the activations that \`backward\` needs. */
  forward(inputs: ${halvesInputs}): ${later(halvesOutputs)};
  /** The network in evaluation mode: running statistics, no dropout.${site.model.batches ? ' Takes any number of images.' : ''} */
  ${site.model.batches ? `predict(inputs: Inputs): ${later('Outputs')}` : `predict(inputs: TrainerInputs): ${later('TrainerOutputs')}`};
  /** Computes the gradients of inputs and parameters from those of the outputs, for the last \`forward\`. */
  backward(gradients: OutputGradients): ${later('Gradients')};
  /** Runs the optimizer step with these gradients. The caller may average those of several batches before. */
  applyGradients(gradients: ParameterGradients): ${later('void')};
  /** Weights and running statistics as safetensors, with PyTorch's names and shapes. */
  exportWeights(): ${later('Uint8Array')};
  /** Throws if the file does not fit. \`partial: true\` loads what fits and returns what was left out. */
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): ${later('LeftOut[]')};
  /** Everything that training needs to continue with the same bits. */
  saveState(): ${later('Uint8Array')};
  /** Restores a state that \`saveState\` has written. */
  loadState(bytes: Uint8Array | ArrayBuffer): ${later('void')};
${members.last}
}
`;
}
