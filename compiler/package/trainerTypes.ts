/** The types of a trainer: what goes in and comes out, and its methods. */
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
  stepTypes,
  type TrainingSite,
} from '../emit/api/trainingSite.ts';

const gradientFields = (entries: readonly [string, Buffer][]): FieldText[] =>
  entries.map(([name, { element, layout }]) => ({
    name: JSON.stringify(name),
    type: ARRAYS[element],
    doc: describeTensor({ dtype: element, shape: layout.shape }),
  }));

/** All of them. */
export function trainerTypes(site: TrainingSite, api: Api): string {
  const { model, training } = site;
  const gradients = gradientTypes(site);
  const [inputs, outputs] = halvesTypes(site);
  const part =
    training.microBatches > 1 ? [`Of one of the ${training.microBatches} micro-batches of a step.`] : [];
  return moduleSource(
    interfaceSource('TrainerInputs', tensorFields(model.inputs), ['What the network reads.']),
    interfaceSource('TrainingInputs', tensorFields(stepTypes(site)), [
      "What a training step reads: the network's inputs, and what the loss compares with.",
    ]),
    interfaceSource('TrainerOutputs', tensorFields(model.outputs)),
    inputs === 'PartInputs' ? interfaceSource(inputs, tensorFields(partTypes(site, model.inputs)), part) : '',
    outputs === 'PartOutputs' ? interfaceSource(outputs, tensorFields(partOutputs(site)), part) : '',
    interfaceSource('OutputGradients', gradientFields(gradients.outputs), [
      'Gradients of a loss with respect to the outputs.',
    ]),
    interfaceSource('InputGradients', gradientFields(gradients.inputs)),
    interfaceSource('ParameterGradients', gradientFields(gradients.parameters), [
      "In canonical shapes, by PyTorch's names.",
    ]),
    RESULTS,
    trainerInterface(inputs, outputs, api),
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

function trainerInterface(
  halvesInputs: string,
  halvesOutputs: string,
  { calls, trainer: { members } }: Api,
): string {
  const later = (type: string): string => (calls === 'promised' ? `Promise<${type}>` : type);
  const step =
    calls === 'promised'
      ? `/**
   * Forward, loss, backward, update. Calls run in the order in which they are made, and read arrays and
   * hyperparameters when it is their turn: change those when the promise has resolved. Without \`results\` nothing is read back,
   * and the promise resolves when the GPU has accepted the step.
   */
  trainStep(inputs: TrainingInputs, options?: { readonly results?: true }): Promise<StepResult>;
  trainStep(inputs: TrainingInputs, options: { readonly results: boolean }): Promise<StepResult | undefined>;`
      : `/** Forward, loss, backward, update. The result is overwritten by the next call. */
  trainStep(inputs: TrainingInputs): StepResult;`;
  return `export interface Trainer {
  /** You may change these between steps, as a schedule of the learning rate does. */
  readonly hyperparameters: Hyperparameters;
  /** Steps done. */
  readonly step: number;
  ${members.first}${step}
  /** The forward pass in training mode: batch statistics, dropout. Keeps what \`backward\` needs. */
  forward(inputs: ${halvesInputs}): ${later(halvesOutputs)};
  /** Evaluation mode: running statistics, no dropout. */
  predict(inputs: TrainerInputs): ${later('TrainerOutputs')};
  /** From gradients of the outputs to those of inputs and parameters, for the last \`forward\`. */
  backward(gradients: OutputGradients): ${later('Gradients')};
  /** The optimizer step with these gradients: the caller may average several before. */
  applyGradients(gradients: ParameterGradients): ${later('void')};
  /** Weights and running statistics as safetensors, with PyTorch's names and shapes. */
  exportWeights(): ${later('Uint8Array')};
  /** Throws when the file does not fit; \`partial\` takes what fits and says what was left out. */
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): ${later('LeftOut[]')};
  /** Everything that training needs to continue with the same bits. */
  saveState(): ${later('Uint8Array')};
  loadState(bytes: Uint8Array | ArrayBuffer): ${later('void')};
${members.last}
}
`;
}
