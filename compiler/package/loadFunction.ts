/** `load` of a package: for inference, and with `training: true` where the package trains. */
import type { SourceFile } from 'ts-morph';
import { phaseStorage } from '../emit/storage.ts';
import type { Host, PromisingHost } from './host.ts';
import type { CompiledModel } from './types.ts';

export const loadOptions = (host: Host | PromisingHost): string => `export interface LoadOptions {
  /** Where the weights are, or their bytes. Default: \`weights.safetensors\` beside this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer;${host.loadOptions}
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

const DOC =
  "Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's.";

export function writeLoad(file: SourceFile, model: CompiledModel, host: Host | PromisingHost): void {
  if (model.training) writeTrainingLoad(file, model, host);
  else writeInferenceLoad(file, model, host);
}

function writeInferenceLoad(file: SourceFile, model: CompiledModel, host: Host | PromisingHost): void {
  const hasWeights = phaseStorage(model.program, 'forward').includes('w');
  const statements = [...(hasWeights ? [SOURCE] : []), ...host.load(model)];
  const readsOptions = statements.some((statement) => /\boptions\b/.test(statement));
  file.addFunction({
    name: 'load',
    isExported: true,
    isAsync: true,
    parameters: [{ name: readsOptions ? 'options' : '_options', type: 'LoadOptions', initializer: '{}' }],
    returnType: 'Promise<Model>',
    docs: [DOC],
    statements,
  });
}

function writeTrainingLoad(file: SourceFile, model: CompiledModel, host: Host | PromisingHost): void {
  const overload = (type: string, result: string, hasQuestionToken = false) => ({
    isExported: true,
    parameters: [{ name: 'options', type, hasQuestionToken }],
    returnType: `Promise<${result}>`,
  });
  file.addFunction({
    name: 'load',
    isExported: true,
    isAsync: true,
    overloads: [overload('TrainingOptions', 'Trainer'), overload('LoadOptions', 'Model', true)],
    parameters: [{ name: 'options', type: 'LoadOptions | TrainingOptions', initializer: '{}' }],
    returnType: 'Promise<Model | Trainer>',
    docs: [DOC],
    statements: [
      `const hyperparameters = 'training' in options ? readHyperparameters(${JSON.stringify(model.name)}, options) : undefined;`,
      SOURCE,
      ...host.load(model),
      ...createTrainerText(host),
    ].filter((statement) => statement !== ''),
  });
}

const createTrainerText = ({ trainer }: Host | PromisingHost): string[] => [
  "const { training } = await import('./training/trainer.js');",
  "const seed = ('seed' in options ? options.seed : undefined) ?? 1;",
  `const trainer = ${trainer.create};`,
  'return trainer as unknown as Trainer;',
];
