/** `load` of a package: for inference, and with `training: true` where the package trains. */
import type { SourceFile } from 'ts-morph';
import { phaseStorage } from '../targets/typescript/storage.ts';
import type { CompiledModel } from './types.ts';

export const LOAD_OPTIONS = `export interface LoadOptions {
  /** Where the weights are, or their bytes. Default: \`weights.safetensors\` beside this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer;
}`;

export function writeTrainingFace(file: SourceFile): void {
  file.addStatements(`\nexport interface TrainingOptions extends LoadOptions, Partial<Hyperparameters> {
  readonly training: true;
  /** What dropout draws from; default 1. */
  readonly seed?: number;
}

export type { Trainer } from './training/trainer.js';`);
}

const SOURCE = "const source = options.weights ?? new URL('./weights.safetensors', import.meta.url);";

export function writeLoad(file: SourceFile, model: CompiledModel): void {
  if (model.training) writeTrainingLoad(file, model);
  else writeInferenceLoad(file, phaseStorage(model.program, 'forward').includes('w'));
}

/** A network without weights reads no file. */
function writeInferenceLoad(file: SourceFile, hasWeights: boolean): void {
  file.addFunction({
    name: 'load',
    isExported: true,
    isAsync: true,
    parameters: [{ name: hasWeights ? 'options' : '_options', type: 'LoadOptions', initializer: '{}' }],
    returnType: 'Promise<Model>',
    docs: [
      "Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's.",
    ],
    statements: hasWeights
      ? [
          SOURCE,
          'const weights = bindWeights(parseSafetensors(await loadBytes(source)));',
          'return { info, forward: createForward(weights), close: () => {} };',
        ]
      : ['return { info, forward: createForward(), close: () => {} };'],
  });
}

function writeTrainingLoad(file: SourceFile, model: CompiledModel): void {
  const prepare = model.program.phases.find((phase) => phase.name === 'prepare');
  const used = prepare ? phaseStorage(model.program, 'prepare') : [];
  const variables = { m: '', w: 'weights', p: 'parameters' } as const;
  const name = JSON.stringify(model.name);
  const forwardArguments = phaseStorage(model.program, 'forward')
    .filter((one) => one !== 'm')
    .map((one) => variables[one]);
  file.addFunction({
    name: 'load',
    isExported: true,
    isAsync: true,
    overloads: [
      {
        isExported: true,
        parameters: [{ name: 'options', type: 'TrainingOptions' }],
        returnType: 'Promise<Trainer>',
      },
      {
        isExported: true,
        parameters: [{ name: 'options', type: 'LoadOptions', hasQuestionToken: true }],
        returnType: 'Promise<Model>',
      },
    ],
    parameters: [{ name: 'options', type: 'LoadOptions | TrainingOptions', initializer: '{}' }],
    returnType: 'Promise<Model | Trainer>',
    docs: [
      "Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's.",
    ],
    statements: [
      "const hyperparameters = 'training' in options ? readHyperparameters(" +
        name +
        ', options) : undefined;',
      SOURCE,
      'const parameters = createParameters();',
      `readWeights(${name}, nameParameters(parameters), await loadBytes(source));`,
      prepare ? 'const weights = createWeights();' : '',
      prepare
        ? `const prepareInference = (): void => prepare(${used.map((one) => variables[one]).join(', ')});`
        : 'const prepareInference = (): void => {};',
      'prepareInference();',
      `const forward = createForward(${forwardArguments.join(', ')});`,
      'if (!hyperparameters) return { info, forward, close: () => {} };',
      "const { createTrainer } = await import('./training/trainer.js');",
      "const seed = ('seed' in options ? options.seed : undefined) ?? 1;",
      'return createTrainer(parameters, (inputs) => forward(inputs), prepareInference, seed, hyperparameters);',
    ].filter((statement) => statement !== ''),
  });
}
