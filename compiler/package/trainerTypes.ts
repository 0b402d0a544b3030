/** The types of a trainer: what goes in and comes out, and its methods. */
import type { SourceFile } from 'ts-morph';
import { ARRAYS } from '../emit/text.ts';
import type { Buffer } from '../program/types.ts';
import { describeTensor, tensorProperties } from '../emit/api/tensors.ts';
import type { Api } from '../emit/api/types.ts';
import {
  gradientTypes,
  halvesTypes,
  partOutputs,
  partTypes,
  stepTypes,
  type TrainingSite,
} from '../emit/api/trainingSite.ts';

const arrayProperties = (entries: readonly [string, Buffer][], what: string) =>
  entries.map(([name, buffer]) => ({
    name: JSON.stringify(name),
    type: ARRAYS[buffer.element],
    isReadonly: true,
    docs: [`${what}${describeTensor({ dtype: buffer.element, shape: buffer.layout.shape })}`],
  }));

/** All of them. */
export function writeTrainerTypes(file: SourceFile, site: TrainingSite, api: Api): void {
  const { model, training } = site;
  const gradients = gradientTypes(site);
  const add = (name: string, docs: string[], properties: ReturnType<typeof tensorProperties>) =>
    file.addInterface({ name, isExported: true, docs, properties });
  add('TrainerInputs', ['What the network reads.'], tensorProperties(model.inputs));
  add(
    'TrainingInputs',
    ["What a training step reads: the network's inputs, and what the loss compares with."],
    tensorProperties(stepTypes(site)),
  );
  add('TrainerOutputs', [], tensorProperties(model.outputs));
  const [inputs, outputs] = halvesTypes(site);
  const docs =
    training.microBatches > 1 ? [`Of one of the ${training.microBatches} micro-batches of a step.`] : [];
  if (inputs === 'PartInputs') add('PartInputs', docs, tensorProperties(partTypes(site, model.inputs)));
  if (outputs === 'PartOutputs') add('PartOutputs', docs, tensorProperties(partOutputs(site)));
  add(
    'OutputGradients',
    ['Gradients of a loss with respect to the outputs.'],
    arrayProperties(gradients.outputs, ''),
  );
  add('InputGradients', [], arrayProperties(gradients.inputs, ''));
  add(
    'ParameterGradients',
    ["In canonical shapes, by PyTorch's names."],
    arrayProperties(gradients.parameters, ''),
  );
  file.addInterface({
    name: 'Gradients',
    isExported: true,
    properties: [
      { name: 'inputs', type: 'InputGradients', isReadonly: true },
      { name: 'parameters', type: 'ParameterGradients', isReadonly: true },
    ],
  });
  file.addInterface({
    name: 'StepResult',
    isExported: true,
    extends: ['TrainerOutputs'],
    properties: [{ name: 'loss', type: 'number', isReadonly: true, docs: ['Before the step.'] }],
  });
  file.addStatements(trainerInterface(inputs, outputs, api));
}

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
  return `
export interface Trainer {
  /** May be changed between steps: schedules do. */
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
  /** The optimizer step for given gradients, so that others can average them first. */
  applyGradients(gradients: ParameterGradients): ${later('void')};
  /** Weights and running statistics as safetensors, with PyTorch's names and shapes. */
  exportWeights(): ${later('Uint8Array')};
  /** Throws when the file does not fit; \`partial\` takes what fits and says what was left out. */
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): ${later('LeftOut[]')};
  /** Everything that is needed to go on bit for bit. */
  saveState(): ${later('Uint8Array')};
  loadState(bytes: Uint8Array | ArrayBuffer): ${later('void')};
${members.last}
}
`;
}
