/** The table of a package's files in its README, and the sizes of what a page downloads. */
import { isInline, type PackageFiles, type PackageOptions } from '../emit/model.ts';
import type { TargetedModel } from '../emit/target.ts';
import { batchFolder } from '../emit/types.ts';
import { formatBytes } from '../program/bytes.ts';
import { classifierOf } from './fitModule.ts';
import { namedOnly } from './preference.ts';

type Row = readonly [names: string, what: string];

const MANIFEST: Row = ['`package.json`', 'the entries of the package'];

export function readmeFiles(
  models: readonly TargetedModel[],
  options: PackageOptions,
  files: PackageFiles,
): string {
  const [model] = models as [TargetedModel];
  const isOne = models.length === 1;
  const rows = isOne ? [...moduleRows(model, options), MANIFEST] : chooserRows(models);
  const inside = isOne
    ? ''
    : `\n\n${models.map((one) => `In \`${one.target.name}/\`:\n\n${table(moduleRows(one, options))}`).join('\n\n')}`;
  const sizes = models.map((one) => sizesText(files, isOne ? '' : `${one.target.name}/`)).join('\n');
  return `${table(rows)}${inside}

Each \`.ts\` file comes with its \`.js\` and \`.d.ts\`. What a program loads:

${sizes}`;
}

const table = (rows: readonly (Row | string)[]): string =>
  [
    '| file | what it is |',
    '| --- | --- |',
    ...rows.map((row) => (typeof row === 'string' ? row : `| ${row[0]} | ${row[1]} |`)),
  ].join('\n');

/** The JavaScript of a module, without what only training needs, and each of its other files. */
function sizesText(files: PackageFiles, folder: string): string {
  const own = [...files].filter(([name]) => name.startsWith(folder));
  const bytes = (contents: string | Uint8Array): number =>
    typeof contents === 'string' ? new TextEncoder().encode(contents).length : contents.length;
  const code = own.filter(([name]) => name.endsWith('.js') && !name.includes('training/'));
  const assets = own.filter(([, contents]) => typeof contents !== 'string');
  const sum = code.reduce((total, [, contents]) => total + bytes(contents), 0);
  return [
    `- \`${folder}*.js\`: ${formatBytes(sum)}`,
    ...assets.map(([name, contents]) => `- \`${name}\`: ${formatBytes(bytes(contents))}`),
  ].join('\n');
}

const neverText = (models: readonly TargetedModel[]): string =>
  namedOnly(models.map(({ target }) => target))
    .map(({ name }) => `, never \`${name}\``)
    .join('');

const chooserRows = (models: readonly TargetedModel[]): Row[] => [
  [
    '`index.ts`',
    `the API: \`load({ target })\`, by default the fastest target that works${neverText(models)}; \`info\`, types`,
  ],
  ['`runtime.ts`', 'what it takes from the runtime of cnnc'],
  MANIFEST,
  ...models.map(({ target }): Row => [
    `\`${target.name}/\``,
    'the module for this target, which can also be imported directly',
  ]),
];

function moduleRows(model: TargetedModel, options: PackageOptions): (Row | string)[] {
  const images = `${model.preprocess ? ', images' : ''}${model.detection ? ', boxes' : ''}`;
  return [
    ['`index.ts`', 'the API: `load`, `info`, types'],
    ['`forward.ts`', 'the network as a list of kernel calls'],
    model.target.words.kernelRows(options, model),
    ['`memory.ts`', 'the places of activations and weights in memory'],
    ...batchRows(model),
    ...preparingRows(model),
    ...trainingRows(model),
    ['`runtime.ts`', `reading weights, checks${images}`],
    ['`graph.txt`', 'the graph after all passes'],
    ['`layers.json`', 'the kernel calls as data, for tools'],
    ...weightsRows(model, options),
  ];
}

/** The folders of the programs for larger batches. */
const batchRows = ({ batches = [] }: TargetedModel): Row[] =>
  batches.map(({ images }) => [
    `\`${batchFolder(images)}/\``,
    `the network for ${images} images, its memory and its kernel calls as data`,
  ]);

const hasPrepare = ({ program }: TargetedModel): boolean =>
  program.phases.some(({ name }) => name === 'prepare');

/** The files of a package that prepares its weights itself. */
function preparingRows(model: TargetedModel): Row[] {
  const { training, canonical } = model;
  if (!training && !canonical) return [];
  const places = training
    ? "the places of parameters and of the optimizer's state in memory"
    : 'the tensors of the weight file, and their places in memory';
  const when = training
    ? 'folds and packs the parameters after they change'
    : 'folds and packs them when weights are loaded';
  return [['`parameters.ts`', places], ...(hasPrepare(model) ? [['`prepare.ts`', when] as const] : [])];
}

const trainingRows = (model: TargetedModel): Row[] =>
  model.training
    ? [
        [
          '`training/`',
          `the trainer, its phases as lists of kernel calls${classifierOf(model) ? ', and `fit`' : ''}`,
        ],
      ]
    : [];

function weightsRows({ weights: { form } }: TargetedModel, options: PackageOptions): Row[] {
  const what = {
    moving: "weights and running statistics, with PyTorch's names and shapes",
    fixed: 'folded and packed weights; filters that grow are packed at load',
    packed: 'folded and packed weights',
  }[form];
  return isInline(options, 'weights')
    ? [['`weightsBase64.ts`', `${what}, in base64`]]
    : [['`weights.safetensors`', what]];
}
