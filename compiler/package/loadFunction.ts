/** `load` of a package: for inference, and for training with `training: true` if the package trains. */
import { functionSource, type ImportText } from '../emit/declarations.ts';
import { phaseStorage } from '../emit/storage.ts';
import { quoted, type Api } from '../emit/api/types.ts';
import type { CompiledModel } from '../emit/model.ts';
import type { TargetedModel } from '../emit/target.ts';
import { classifierOf } from './fitModule.ts';
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

/** The function of runtime/ that refuses unknown options. */
export const optionCheck = ({ training }: CompiledModel): string =>
  training ? 'checkTrainingOptions' : 'checkLoadOptions';

/** A line that refuses unknown options; `more` are those that there are besides the weights. */
export const checkOptionsText = (model: CompiledModel, more: readonly string[]): string => {
  const known = ['weights', ...more].map((name) => `'${name}'`);
  return `${optionCheck(model)}(${quoted(model.name)}, options, [${known.join(', ')}]);`;
};

export const loadSource = (model: TargetedModel, host: Api, isInline: IsInline): string => {
  const source = readsWeights(model) ? [sourceText(model, isInline)] : [];
  return model.training ? trainingLoad(model, host, source) : inferenceLoad(model, host, source);
};

function inferenceLoad(model: TargetedModel, host: Api, source: readonly string[]): string {
  const head = 'export async function load(options: LoadOptions = {}): Promise<Model>';
  const check = checkOptionsText(model, model.target.choice.loadOptions);
  return functionSource(head, [DOC], [check, ...host.load(model, source)]);
}

function trainingLoad(model: TargetedModel, host: Api, source: readonly string[]): string {
  const head = `export async function load(options: LoadOptions | TrainingOptions = {}): Promise<Model | Trainer>`;
  const body = [
    checkOptionsText(model, model.target.choice.loadOptions),
    `const hyperparameters = 'training' in options ? readHyperparameters(${quoted(model.name)}, options) : undefined;`,
    ...host.load(model, source),
    ...createTrainerText(model, host),
  ];
  const lines = body.filter((line) => line !== '');
  return `${OVERLOADS}${functionSource(head, [DOC], lines)}`;
}

const OVERLOADS = `export function load(options: TrainingOptions): Promise<Trainer>;
export function load(options?: LoadOptions): Promise<Model>;
`;

const createTrainerText = (model: CompiledModel, { trainer }: Api): string[] => [
  "const { training } = await import('./training/trainer.js');",
  "const seed = ('seed' in options ? options.seed : undefined) ?? 1;",
  `const trainer = ${trainer.create};`,
  ...(classifierOf(model) ? FIT : ['return Object.assign(trainer, { info }) as unknown as Trainer;']),
];

/** Loaded when it is first called, so that the trainer can be used without it. */
const FIT = [
  `const fit = async (given: FitOptions): Promise<FitResult> => {
    const module = await import('./training/fit.js');
    return module.fit(trainer, given);
  };`,
  'return Object.assign(trainer, { info, fit }) as unknown as Trainer;',
];
