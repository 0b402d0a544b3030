/** `package.json` and `README.md` of a generated package. It belongs to the user; it carries no licence of ours. */
import { formatType, sizeOf, type TensorType } from '../ir/types.ts';
import { plural } from '../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import { automatic, isPromised, namedOnly } from './preference.ts';
import { totalsOf } from './totals.ts';
import { isInline, type PackageOptions } from '../emit/model.ts';
import type { TargetedModel, TargetRecord } from '../emit/target.ts';

/** In `package.json`, so that a later compile knows the folder as its own. */
export const MARK = 'cnnc';
export const PACKAGE_FORMAT = 1;

/** Files that a program may want to find by the package's name, beside its module. */
const assetNames = ({ target }: TargetedModel, options: PackageOptions): string[] => [
  ...target.assets(options),
  ...(isInline(options, 'weights') ? [] : ['weights.safetensors']),
];

/** One model for each target. */
export function packageJson(models: readonly TargetedModel[], options: PackageOptions = {}): string {
  const { name, source } = models[0]!;
  const entries = models.flatMap((model) => {
    const folder = models.length > 1 ? `./${model.target.name}/` : './';
    const entry = { types: `${folder}index.d.ts`, default: `${folder}index.js` };
    return [
      ...(models.length > 1 ? [[`./${model.target.name}`, entry] as const] : []),
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

Each \`.ts\` stands beside its \`.js\` and \`.d.ts\`.
${notesText(models, options)}`;
}

/** What makes something of the outputs. */
function readers({ preprocess, detection }: TargetedModel): string[] {
  if (detection) return ['detect'];
  return preprocess ? ['topK'] : [];
}

/** What the targets want users to know, each once. */
function notesText(models: readonly TargetedModel[], options: PackageOptions): string {
  const site = { options, isOneOfSeveral: models.length > 1 };
  return models.map((model) => model.target.words.notes(model, site)).join('');
}

function hostsText(models: readonly TargetedModel[]): string {
  const targets = models.map(({ target }) => target);
  if (targets.length === 1) return targets[0]!.words.alone;
  const wordsOf = (some: readonly TargetRecord[]): string[] => some.map(({ words }) => words.runs);
  const [chosen, named] = [wordsOf(automatic(targets)), wordsOf(namedOnly(targets))];
  const asked = named.length > 0 ? `, and ${named.join(' and ')} where that is asked for` : '';
  return `: ${chosen.join(' where it is there, ')}${chosen.length > 1 ? ' elsewhere' : ''}${asked}`;
}

const neverText = (models: readonly TargetedModel[]): string =>
  namedOnly(models.map(({ target }) => target))
    .map(({ name }) => `, never \`${name}\``)
    .join('');

function sizesText(model: TargetedModel, isOneOfSeveral: boolean): string {
  const { multiplyAdds, kernelCalls, weightBytes } = totalsOf(model);
  const lines = [
    `${formatCount(model.parameterCount)} parameters, ${formatCount(multiplyAdds)} multiply-adds a call in ${plural(kernelCalls, 'kernel call')}.`,
    `Weights ${formatBytes(weightBytes)}, arena ${formatBytes(model.plan.arenaBytes)}; ${model.target.words.memory}nothing is allocated per call.`,
  ];
  return isOneOfSeveral ? `- \`${model.target.name}\`: ${lines.join(' ')}` : lines.join('\n');
}

function fileRows(models: readonly TargetedModel[], options: PackageOptions): string {
  const [model] = models as [TargetedModel];
  if (models.length === 1) return moduleRows(model, options);
  const folders = models.map(
    ({ target }) => `| \`${target.name}/\` | the module for this target, which can be imported alone |`,
  );
  return [
    `| \`index.ts\` | the API: \`load({ target })\`, by default the fastest that works${neverText(models)}; \`info\`, types |`,
    ...folders,
  ].join('\n');
}

const moduleRows = (model: TargetedModel, options: PackageOptions): string =>
  `| \`index.ts\` | the API: \`load\`, \`info\`, types |
| \`forward.ts\` | the network, a line a kernel call |
${model.target.words.kernelRows(options)}
| \`memory.ts\` | where activations and weights lie |
| \`runtime.ts\` | reading weights, checks${model.preprocess ? ', images' : ''}${model.detection ? ', boxes' : ''} |
| \`graph.txt\` | the graph that was lowered |
| \`layers.json\` | the kernel calls, for programs to read |
| ${isInline(options, 'weights') ? '\`weightsBase64.ts\` | folded and packed weights, in base64' : '\`weights.safetensors\` | folded and packed weights'} |`;
