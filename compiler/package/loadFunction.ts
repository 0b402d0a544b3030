/** `load` of a package: for inference, and for training with `training: true` if the package trains. */
import { functionSource, type ImportText } from '../emit/declarations.ts';
import { phaseStorage } from '../emit/storage.ts';
import { quoted, type Api } from '../emit/api/types.ts';
import type { CompiledModel } from '../emit/model.ts';
import { INLINE_WEIGHTS, INLINE_WEIGHTS_FILE } from './inlineWeights.ts';

/** Whether the weights are in the JavaScript. */
type IsInline = boolean;

export const loadOptions = (host: Api, isInline: IsInline): string => `export interface LoadOptions {
  /** URL or path of the weights, their bytes, or a Response with them. Default: ${isInline ? 'those in this package' : '`weights.safetensors` next to this file'}. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;${host.loadOptions}
}
`;

const sourceText = ({ name }: CompiledModel, isInline: IsInline): string => {
  const otherwise = isInline
    ? `decodeBase64(${INLINE_WEIGHTS})`
    : `findFile(${quoted(name)}, 'weights', () => new URL('./weights.safetensors', import.meta.url))`;
  return `const source = options.weights ?? ${otherwise};`;
};

/** The imports that the declaration of `source` needs. */
export function sourceImports(model: CompiledModel, isInline: IsInline): ImportText[] {
  if (!readsWeights(model)) return [];
  if (!isInline) return [{ from: './runtime.js', names: ['findFile'] }];
  return [
    { from: './runtime.js', names: ['decodeBase64'] },
    { from: INLINE_WEIGHTS_FILE.replace(/^(.*)\.ts$/, './$1.js'), names: [INLINE_WEIGHTS] },
  ];
}

/** A network without weights reads no file. */
export const readsWeights = (model: CompiledModel): boolean =>
  model.training !== undefined || phaseStorage(model.program, 'forward').includes('w');

const DOC =
  'Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model.';

export const loadSource = (model: CompiledModel, host: Api, isInline: IsInline): string => {
  const source = readsWeights(model) ? [sourceText(model, isInline)] : [];
  return model.training ? trainingLoad(model, host, source) : inferenceLoad(model, host, source);
};

function inferenceLoad(model: CompiledModel, host: Api, source: readonly string[]): string {
  const body = host.load(model, source);
  const name = body.some((line) => /\boptions\b/.test(line)) ? 'options' : '_options';
  const head = `export async function load(${name}: LoadOptions = {}): Promise<Model>`;
  return functionSource(head, [DOC], body);
}

function trainingLoad(model: CompiledModel, host: Api, source: readonly string[]): string {
  const head = `export async function load(options: LoadOptions | TrainingOptions = {}): Promise<Model | Trainer>`;
  const body = [
    `const hyperparameters = 'training' in options ? readHyperparameters(${quoted(model.name)}, options) : undefined;`,
    ...host.load(model, source),
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
