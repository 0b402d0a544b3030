/**
 * The files of `fit` in a package that trains a classifier of images: `training/fit.ts` states the model's names and
 * sizes, `training/fitLoop.ts` and `training/stores.ts` are copied from runtime/. Nothing imports them statically but
 * the user, so a bundle has them only if they are used.
 */
import { importsSource, moduleSource } from '../emit/declarations.ts';
import { wholeTargets } from '../emit/api/trainingSite.ts';
import { quoted } from '../emit/api/types.ts';
import type { EmitHost } from '../emit/host.ts';
import { imagesOf, type CompiledModel } from '../emit/model.ts';
import type { EmittedFile } from '../emit/types.ts';
import type { Preprocess } from '../frontend/preprocess.ts';
import type { TensorType } from '../ir/types.ts';
import { runtimeFile } from './runtimeFile.ts';

interface Classifier {
  readonly image: string;
  readonly label: string;
  readonly scores: string;
  readonly batch: number;
  readonly extents: readonly number[];
  readonly classes: number;
}

/** The names and sizes that `fit` needs. Undefined if the model is no classifier of images or does not train. */
export function classifierOf(model: CompiledModel): Classifier | undefined {
  const { outputs, training } = model;
  if (!training) return undefined;
  const { inputs } = training;
  const images = entriesOf(inputs, 'f32', 4);
  const targets = wholeTargets(training);
  const labels = entriesOf(targets, 'i32', 1);
  const [scores] = entriesOf(outputs, 'f32', 2);
  const isAlone = Object.keys({ ...inputs, ...targets }).length === 2;
  if (images.length !== 1 || labels.length !== 1 || !isAlone || !scores) return undefined;
  const [[image, { shape }]] = images as [[string, TensorType]];
  const [batch, ...extents] = shape as [number, ...number[]];
  const [scored, classes] = scores[1].shape as [number, number];
  if (scored !== imagesOf(model)) return undefined;
  return { image, label: labels[0]![0], scores: scores[0], batch, extents, classes };
}

const entriesOf = (
  types: Readonly<Record<string, TensorType>>,
  dtype: TensorType['dtype'],
  rank: number,
): [string, TensorType][] =>
  Object.entries(types).filter(([, type]) => type.dtype === dtype && type.shape.length === rank);

/** The types that a package's `index.ts` exports for users of `fit`. */
const FIT_TYPES = [
  ...['Example', 'Examples', 'FitEpoch', 'FitOptions', 'FitProgress', 'FitResult', 'FitStore'],
];

/** The lines of `index.ts` that offer the stores and the types. `folder` holds the module of a target. */
export const fitExports = (model: CompiledModel, folder = '.'): string =>
  classifierOf(model)
    ? `export { fileStore, indexedDbStore } from '${folder}/training/stores.js';
export type { ${FIT_TYPES.join(', ')} } from '${folder}/training/fit.js';
`
    : '';

export function fitFiles(model: CompiledModel, { runtimeText }: EmitHost): [string, EmittedFile][] {
  const classifier = classifierOf(model);
  if (!classifier) return [];
  const copied = (part: Parameters<typeof runtimeFile>[2]): EmittedFile => ({
    kind: 'formatted',
    text: runtimeFile(runtimeText, [], part),
  });
  return [
    ['training/fit.ts', { kind: 'source', text: fitModule(model, classifier) }],
    ['training/fitLoop.ts', copied(['training/fit/types', 'training/fit/fit'])],
    ['training/stores.ts', copied(['training/fit/stores'])],
  ];
}

function fitModule(model: CompiledModel, classifier: Classifier): string {
  const { name, training } = model;
  return moduleSource(
    `/** Trains ${name} on examples for several epochs: batches, validation, the best weights, and stores for the run. */\n`,
    importsSource([
      {
        from: './fitLoop.js',
        names: [
          'fitClassifier',
          ...['FitOptions', 'FitPlan', 'FitResult', 'FitTrainer'].map((type) => `type ${type}`),
        ],
      },
    ]),
    `export type { ${FIT_TYPES.join(', ')} } from './fitLoop.js';\n`,
    `const plan: FitPlan = {
  name: ${quoted(name)},
  image: ${quoted(classifier.image)},
  label: ${quoted(classifier.label)},
  scores: ${quoted(classifier.scores)},
  batch: ${classifier.batch},
  extents: [${classifier.extents.join(', ')}],
  classes: ${classifier.classes},
  countsExamples: ${training!.countsExamples},
  ${model.preprocess ? `levels: ${levelsText(model.preprocess)},` : ''}
};
`,
    `/**
 * Trains on the examples and returns the best weights. \`trainer.fit(options)\` does the same; this function is for hosts
 * that do not allow \`import()\`, such as service workers.
 */
export function fit(trainer: FitTrainer, options: FitOptions): Promise<FitResult> {
  return fitClassifier(trainer, plan, options);
}
`,
  );
}

function levelsText({ scale, mean, std, channels }: Preprocess): string {
  const numbers = (name: string, list: readonly number[] | undefined): string =>
    list ? `, ${name}: [${list.join(', ')}]` : '';
  const order = channels === 'bgr' ? ', isBgr: true' : '';
  return `{ scale: ${scale ?? '1 / 255'}${numbers('mean', mean)}${numbers('std', std)}${order} }`;
}
