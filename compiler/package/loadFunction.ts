/** `load` of a package: for inference, and with `training: true` where the package trains. */
import { functionSource } from '../emit/declarations.ts';
import { phaseStorage } from '../emit/storage.ts';
import { quoted, type Api } from '../emit/api/types.ts';
import type { CompiledModel } from '../emit/model.ts';

export const loadOptions = (host: Api): string => `export interface LoadOptions {
  /** Where the weights are, their bytes, or a Response with them. Default: \`weights.safetensors\` beside this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;${host.loadOptions}
}
`;

const sourceText = ({ name }: CompiledModel): string =>
  `const source = options.weights ?? findFile(${quoted(name)}, 'weights', () => new URL('./weights.safetensors', import.meta.url));`;

/** A network without weights reads no file. */
export const readsWeights = (model: CompiledModel): boolean =>
  model.training !== undefined || phaseStorage(model.program, 'forward').includes('w');

const DOC =
  "Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's.";

export const loadSource = (model: CompiledModel, host: Api): string =>
  model.training ? trainingLoad(model, host) : inferenceLoad(model, host);

function inferenceLoad(model: CompiledModel, host: Api): string {
  const body = host.load(model, readsWeights(model) ? [sourceText(model)] : []);
  const name = body.some((line) => /\boptions\b/.test(line)) ? 'options' : '_options';
  const head = `export async function load(${name}: LoadOptions = {}): Promise<Model>`;
  return functionSource(head, [DOC], body);
}

function trainingLoad(model: CompiledModel, host: Api): string {
  const head = `export async function load(options: LoadOptions | TrainingOptions = {}): Promise<Model | Trainer>`;
  const body = [
    `const hyperparameters = 'training' in options ? readHyperparameters(${quoted(model.name)}, options) : undefined;`,
    ...host.load(model, [sourceText(model)]),
    ...createTrainerText(host),
  ];
  const lines = body.filter((line) => line !== '');
  return `${OVERLOADS}${functionSource(head, [DOC], lines)}`;
}

const OVERLOADS = `export function load(options: TrainingOptions): Promise<Trainer>;
export function load(options?: LoadOptions): Promise<Model>;
`;

const createTrainerText = ({ trainer }: Api): string[] => [
  "const { training } = await import('./training/trainer.js');",
  "const seed = ('seed' in options ? options.seed : undefined) ?? 1;",
  `const trainer = ${trainer.create};`,
  'return trainer as unknown as Trainer;',
];
