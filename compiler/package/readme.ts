/**
 * `README.md` of a generated package: how this package is used, what its weights are, how it trains if it does, and what
 * its files are.
 */
import { plural } from '../diagnostics/diagnostic.ts';
import { formatType, sizeOf, type TensorType } from '../ir/types.ts';
import { batchesText } from '../emit/batches.ts';
import {
  arenaBytesOf,
  isInline,
  takesOthers,
  type PackageFiles,
  type PackageOptions,
  type WeightOrigin,
} from '../emit/model.ts';
import type { TargetedModel, TargetRecord } from '../emit/target.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import { automatic, isPromised, namedOnly } from './preference.ts';
import { readmeFiles } from './readmeFiles.ts';
import {
  batchOf,
  fitSnippet,
  nodeSnippet,
  pageSnippet,
  trainingSnippet,
  workerCallSnippet,
  workerSnippet,
  type SnippetSite,
} from './readmeSnippets.ts';
import { readsWeights } from './loadFunction.ts';
import { totalsOf } from './totals.ts';

/** `files` are all others of the package. */
export function packageReadme(
  models: readonly TargetedModel[],
  options: PackageOptions,
  files: PackageFiles,
): string {
  const [model] = models as [TargetedModel];
  const [chosen] = automatic(models.map(({ target }) => target));
  const site: SnippetSite = { model, wait: isPromised(chosen!) ? 'await ' : '' };
  const parts = [
    `# ${model.name}`,
    `Compiled by cnnc from \`${model.source}\`. A module without dependencies, for Node 20 or newer and for browsers${hostsText(models)}.`,
    options.note ?? '',
    `| | type | numbers |\n| --- | --- | --- |\n${[...tensorRows(model, model.inputs), ...tensorRows(model, model.outputs)].join('\n')}`,
    batchText(model),
    `The programs below are in the folder that holds \`${model.name}/\`.`,
    `## In Node\n\n${nodeSnippet(site)}`,
    pageText(site),
    workerText(site),
    weightsText(models, options),
    trainingText(site),
    `## Size\n\n${models.map((one) => sizesText(one, models.length > 1)).join('\n')}`,
    `## Files\n\n${readmeFiles(models, options, files)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n${notesText(models, options)}`;
}

/** What a call takes. */
function batchText(model: TargetedModel): string {
  if (model.batches)
    return `\`forward\` takes any number of images, one after the other. They run in groups of ${batchesText(model)}.`;
  const batch = batchOf(model);
  return batch === 1
    ? ''
    : `A call takes a batch of ${batch}: the numbers of ${batch} examples, one after the other.`;
}

const pageText = (site: SnippetSite): string => `## In a page

The page and the package must be served over http, for example by \`npx http-server\`: a browser loads no modules from
\`file:\` addresses.

${pageSnippet(site)}`;

const workerText = (site: SnippetSite): string => `## In a worker

A call takes time, in which a page does not react to its user. A worker keeps the page responsive.

${workerSnippet(site)}

In the page's module, with the inputs as above:

${workerCallSnippet(site)}`;

const ORIGINS: {
  readonly [K in WeightOrigin['kind']]: (origin: WeightOrigin & { readonly kind: K }) => string;
} = {
  random: ({ seed }) =>
    `The weights are random (seed ${seed}), so the results mean nothing. \`cnnc compile --weights FILE\` takes trained ones.`,
  file: ({ file }) => `The weights come from \`${file}\`.`,
  model: ({ file }) => `The weights are the model's own, from \`${file}\`.`,
  given: () => 'The weights are those that a program passed to the compiler.',
};

const originText = <K extends WeightOrigin['kind']>(origin: WeightOrigin & { readonly kind: K }): string =>
  ORIGINS[origin.kind](origin);

function weightsText(models: readonly TargetedModel[], options: PackageOptions): string {
  const [model] = models as [TargetedModel];
  if (!readsWeights(model)) return '';
  const { form, origin, sha256 } = model.weights;
  const place = isInline(options, 'weights') ? '`weightsBase64.ts`' : '`weights.safetensors`';
  return `## Weights

${originText(origin)}
${FORMS[form](place)}${takesOthers(model) ? REPLACED : ''}
\`info.weights.sha256\` is the hash of the model's own weights: \`${sha256()}\`.`;
}

const REPLACED = ' `model.loadWeights(bytes)` replaces them in a loaded model.';

const FORMS = {
  moving: (
    place: string,
  ) => `${place} has them with PyTorch's names and shapes, and \`load\` folds and packs them.
\`load({ weights })\` takes other weights of this model, such as a state dict of PyTorch or what a trainer exports: a URL, a
path or bytes of a safetensors file.`,
  fixed: (place: string) =>
    `They are fixed (\`--fixed-weights\`): ${place} has them folded, and packed unless that would make them much larger. \`load\` takes no other weights.`,
  packed: (place: string) =>
    `They are fixed (\`--packed-weights\`): ${place} has them as the kernels read them, and \`load\` takes no other weights.`,
} as const;

function trainingText(site: SnippetSite): string {
  const snippet = trainingSnippet(site);
  if (!snippet) return '';
  const fit = fitSnippet(site);
  return `## Training

This package also trains, with the optimizer \`${site.model.training!.optimizer}\`. A step takes a whole batch, changes the weights and returns the loss:

${snippet}

\`exportWeights()\` returns a safetensors file with PyTorch's names and shapes. A package of the same model that was compiled
without \`--train\` takes it as well, with \`load({ weights })\` or \`model.loadWeights(weights)\`.${
    fit
      ? `

\`trainer.fit\` is the loop over shuffled batches, with validation, augmentation, a signal to stop and stores:

${fit}`
      : ''
  }`;
}

/** The rows of inputs or outputs. In a package for several batches the numbers are those of one image. */
const tensorRows = ({ batches }: TargetedModel, types: Readonly<Record<string, TensorType>>): string[] =>
  Object.entries(types).map(([name, type]) => {
    const [, ...rest] = type.shape;
    return batches
      ? `| \`${name}\` | \`${type.dtype}[${['images', ...rest].join(',')}]\` | ${sizeOf(rest)} for each image |`
      : `| \`${name}\` | \`${formatType(type)}\` | ${sizeOf(type.shape)} |`;
  });

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

function sizesText(model: TargetedModel, isOneOfSeveral: boolean): string {
  const { multiplyAdds, kernelCalls, weightBytes } = totalsOf(model);
  const lines = [
    `${formatCount(model.parameterCount)} parameters, ${formatCount(multiplyAdds)} multiply-adds per call in ${plural(kernelCalls, 'kernel call')}.`,
    `Weights ${formatBytes(weightBytes)}, arena ${formatBytes(arenaBytesOf(model))}. ${model.target.words.memory(model)}`,
  ];
  return isOneOfSeveral ? `- \`${model.target.name}\`: ${lines.join(' ')}` : lines.join('\n');
}
