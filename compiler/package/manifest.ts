/** `package.json` and `README.md` of a generated package. The package belongs to the user and has no licence field. */
import { formatType, sizeOf, type TensorType } from '../ir/types.ts';
import { plural } from '../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import { classifierOf } from './fitModule.ts';
import { automatic, isPromised, namedOnly } from './preference.ts';
import { totalsOf } from './totals.ts';
import { isInline, type PackageOptions } from '../emit/model.ts';
import type { TargetedModel, TargetRecord } from '../emit/target.ts';

/** The field of `package.json` by which a later compile recognizes the folder as a package of cnnc. */
export const MARK = 'cnnc';
export const PACKAGE_FORMAT = 1;

/** Files that `exports` lists, so that programs can find them by the package's name. */
const assetNames = ({ target }: TargetedModel, options: PackageOptions): string[] => [
  ...target.assets(options),
  ...(isInline(options, 'weights') ? [] : ['weights.safetensors']),
];

/** Prints `package.json`. There is one model for each target. */
export function packageJson(models: readonly TargetedModel[], options: PackageOptions = {}): string {
  const { name, source } = models[0]!;
  const entries = models.flatMap((model) => {
    const folder = models.length > 1 ? `./${model.target.name}/` : './';
    const entry = { types: `${folder}index.d.ts`, default: `${folder}index.js` };
    return [
      ...(models.length > 1 ? [[`./${model.target.name}`, entry] as const] : []),
      ...(classifierOf(model) ? [[`${folder}${FIT}.js`, fitEntry(folder)] as const] : []),
      ...assetNames(model, options).map((asset) => [`${folder}${asset}`, `${folder}${asset}`] as const),
    ];
  });
  const manifest = {
    name,
    version: '1.0.0',
    private: true,
    type: 'module',
    main: './index.js',
    types: './index.d.ts',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      ...Object.fromEntries<unknown>(entries),
      './package.json': './package.json',
    },
    sideEffects: false,
    [MARK]: { format: PACKAGE_FORMAT, source },
  };
  return JSON.stringify(manifest, undefined, 2) + '\n';
}

/** The function `fit`, for hosts that do not allow `import()`. */
const FIT = 'training/fit';
const fitEntry = (folder: string) => ({ types: `${folder}${FIT}.d.ts`, default: `${folder}${FIT}.js` });

const tensorRows = (types: Readonly<Record<string, TensorType>>): string[] =>
  Object.entries(types).map(
    ([name, type]) => `| \`${name}\` | \`${formatType(type)}\` | ${sizeOf(type.shape)} |`,
  );

export function packageReadme(models: readonly TargetedModel[], options: PackageOptions = {}): string {
  const [model] = models as [TargetedModel];
  const [input] = Object.keys(model.inputs);
  const outputs = Object.keys(model.outputs).join(', ');
  const prepared = model.preprocess ? `const ${input} = preprocess(pixels, width, height);\n` : '';
  const imported = ['load', ...(model.preprocess ? ['preprocess'] : []), ...readers(model)].join(', ');
  const [chosen] = automatic(models.map(({ target }) => target));
  const wait = isPromised(chosen!) ? 'await ' : '';
  const isOne = Object.values(model.outputs).every(({ shape }) => shape[0] === 1);
  const found = model.detection && isOne ? `const found = detect({ ${outputs} });\n` : '';
  return `# ${model.name}

Compiled by cnnc from \`${model.source}\`. A module without dependencies, for Node 20 or newer and for browsers${hostsText(models)}.
${options.note === undefined ? '' : `\n${options.note}\n`}
\`\`\`ts
import { ${imported} } from './${model.name}/index.js';

const model = await load();
${prepared}const { ${outputs} } = ${wait}model.forward({ ${Object.keys(model.inputs).join(', ')} });
${found}\`\`\`

| | type | numbers |
| --- | --- | --- |
${[...tensorRows(model.inputs), ...tensorRows(model.outputs)].join('\n')}

${models.map((one) => sizesText(one, models.length > 1)).join('\n')}

| file | what it is |
| --- | --- |
${fileRows(models, options)}

Each \`.ts\` file comes with its \`.js\` and \`.d.ts\`.
${notesText(models, options)}`;
}

/** The functions that the example applies to the outputs. */
function readers({ preprocess, detection }: TargetedModel): string[] {
  if (detection) return ['detect'];
  return preprocess ? ['topK'] : [];
}

/** The notes of the targets for users of the package. */
function notesText(models: readonly TargetedModel[], options: PackageOptions): string {
  const site = { options, isOneOfSeveral: models.length > 1 };
  return models.map((model) => model.target.words.notes(model, site)).join('');
}

function hostsText(models: readonly TargetedModel[]): string {
  const targets = models.map(({ target }) => target);
  if (targets.length === 1) return targets[0]!.words.alone;
  const wordsOf = (some: readonly TargetRecord[]): string[] => some.map(({ words }) => words.runs);
  const [chosen, named] = [wordsOf(automatic(targets)), wordsOf(namedOnly(targets))];
  const asked = named.length > 0 ? `, and ${named.join(' or ')} only if you choose that target` : '';
  return `. It runs ${chosen.join(' if the host supports it, otherwise ')}${asked}`;
}

const neverText = (models: readonly TargetedModel[]): string =>
  namedOnly(models.map(({ target }) => target))
    .map(({ name }) => `, never \`${name}\``)
    .join('');

function sizesText(model: TargetedModel, isOneOfSeveral: boolean): string {
  const { multiplyAdds, kernelCalls, weightBytes } = totalsOf(model);
  const lines = [
    `${formatCount(model.parameterCount)} parameters, ${formatCount(multiplyAdds)} multiply-adds per call in ${plural(kernelCalls, 'kernel call')}.`,
    `Weights ${formatBytes(weightBytes)}, arena ${formatBytes(model.plan.arenaBytes)}. ${model.target.words.memory}`,
  ];
  return isOneOfSeveral ? `- \`${model.target.name}\`: ${lines.join(' ')}` : lines.join('\n');
}

function fileRows(models: readonly TargetedModel[], options: PackageOptions): string {
  const [model] = models as [TargetedModel];
  if (models.length === 1) return moduleRows(model, options);
  const folders = models.map(
    ({ target }) =>
      `| \`${target.name}/\` | the module for this target, which can also be imported directly |`,
  );
  return [
    `| \`index.ts\` | the API: \`load({ target })\`, by default the fastest target that works${neverText(models)}; \`info\`, types |`,
    ...folders,
  ].join('\n');
}

const moduleRows = (model: TargetedModel, options: PackageOptions): string =>
  `| \`index.ts\` | the API: \`load\`, \`info\`, types |
| \`forward.ts\` | the network as a list of kernel calls |
${model.target.words.kernelRows(options)}
| \`memory.ts\` | the places of activations and weights in memory |
${preparingRows(model)}| \`runtime.ts\` | reading weights, checks${model.preprocess ? ', images' : ''}${model.detection ? ', boxes' : ''} |
| \`graph.txt\` | the graph after all passes |
| \`layers.json\` | the kernel calls as data, for tools |
| ${weightsRow(model, options)} |`;

/** The files of a package that folds and packs its weights itself. */
function preparingRows({ training, canonical }: TargetedModel): string {
  if (training)
    return `| \`parameters.ts\` | the places of parameters and of the optimizer's state in memory |
| \`prepare.ts\` | folds and packs the parameters after they change |
| \`training/\` | the trainer, and its phases as lists of kernel calls |
`;
  if (!canonical) return '';
  const prepares = canonical.staging.reads.length > 1;
  return `| \`parameters.ts\` | the tensors of the weight file, and their places in memory |
${prepares ? '| `prepare.ts` | folds and packs them when weights are loaded |\n' : ''}`;
}

function weightsRow({ training, canonical }: TargetedModel, options: PackageOptions): string {
  const what =
    training || canonical
      ? "weights and running statistics, with PyTorch's names and shapes"
      : 'folded and packed weights';
  return isInline(options, 'weights')
    ? `\`weightsBase64.ts\` | ${what}, in base64`
    : `\`weights.safetensors\` | ${what}`;
}
