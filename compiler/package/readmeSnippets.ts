/**
 * The programs in a package's README: in Node, in a page, in a worker, and for training. They run as they are, from the
 * folder that holds the package; what is the user's own is marked by a comment.
 */
import { ARRAYS } from '../emit/text.ts';
import { sizeOf, type TensorType } from '../ir/types.ts';
import type { TargetedModel } from '../emit/target.ts';
import { wholeTargets } from '../emit/api/trainingSite.ts';
import { hasImageCalls, hasScores } from '../emit/api/imageCalls.ts';
import { imagesOf } from '../emit/model.ts';
import { classifierOf } from './fitModule.ts';

type Types = Readonly<Record<string, TensorType>>;

export interface SnippetSite {
  readonly model: TargetedModel;
  /** `await ` if calls return promises. */
  readonly wait: '' | 'await ';
}

/** The number of examples in a call: the first extent that all inputs and outputs share. */
export function batchOf({ inputs, outputs }: TargetedModel): number {
  const extents = [...Object.values(inputs), ...Object.values(outputs)].map(({ shape }) => shape[0] ?? 1);
  return new Set(extents).size === 1 ? extents[0]! : 1;
}

const fence = (language: string, lines: readonly string[]): string =>
  `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;

const importText = ({ model: { name } }: SnippetSite, names: readonly string[]): string =>
  `import { ${names.join(', ')} } from './${name}/index.js';`;

const imageInput = ({ inputs }: TargetedModel): string =>
  Object.entries(inputs).find(([, { shape, dtype }]) => shape.length === 4 && dtype === 'f32')![0];

const readsImages = ({ preprocess }: TargetedModel): boolean => preprocess !== undefined;

/** The lines that decode an image. */
const decoded = {
  node: [
    "const decoded = sharp('image.png').rotate().removeAlpha().raw(); // your image",
    'const { data, info } = await decoded.toBuffer({ resolveWithObject: true });',
  ],
  page: ["const picture = document.querySelector('img');", 'await picture.decode();'],
} as const;

/** The decoded image, as arguments of `preprocess`. */
const IMAGE = { node: 'data, info.width, info.height', page: 'picture' } as const;

type Host = keyof typeof IMAGE;

/** The lines that declare the inputs of a call. Only this function knows how an image becomes an input. */
function inputLines({ model }: SnippetSite, host: Host): string[] {
  const batch = batchOf(model);
  const image = readsImages(model) ? imageInput(model) : undefined;
  return Object.entries(model.inputs).flatMap(([name, { dtype, shape }]) => {
    const size = sizeOf(shape);
    const empty = `const ${name} = new ${ARRAYS[dtype]}(${size});`;
    if (name !== image) return [`${empty} // your numbers: ${shape.join(' x ')}`];
    if (batch === 1) return [`const ${name} = preprocess(${IMAGE[host]});`];
    const one = size / batch;
    return [
      `${empty} // ${batch} images`,
      `for (let i = 0; i < ${batch}; i++) {`,
      `  // Here all of them are the same one.`,
      `  preprocess(${IMAGE[host]}, ${name}.subarray(${one} * i, ${one} * (i + 1)));`,
      '}',
    ];
  });
}

/** The call, and lines that read the result of the first example. */
function callLines({ model, wait }: SnippetSite, batch = batchOf(model)): string[] {
  const outputs = Object.entries(model.outputs);
  const names = outputs.map(([name]) => name).join(', ');
  const call = `const { ${names} } = ${wait}model.forward({ ${Object.keys(model.inputs).join(', ')} });`;
  if (model.detection && batch === 1) return [call, `console.log(detect({ ${names} }));`];
  const [[name, { shape }]] = outputs as [[string, TensorType]];
  const one = sizeOf(shape) / batchOf(model);
  const first = batch === 1 ? name : `${name}.subarray(0, ${one})`;
  const shown = hasScores(model) ? `topK(${first}, 3)` : first;
  return [
    call,
    ...(batch === 1 ? [] : [`// The results of the batch follow each other. This is the first one.`]),
    `console.log(${shown});`,
  ];
}

const apiNames = (model: TargetedModel): string[] => [
  'load',
  ...(readsImages(model) ? ['preprocess'] : []),
  ...(model.detection && batchOf(model) === 1 ? ['detect'] : hasScores(model) ? ['topK'] : []),
];

export const nodeSnippet = (site: SnippetSite): string =>
  fence('js', [
    ...(readsImages(site.model) ? ["import sharp from 'sharp'; // npm install sharp"] : []),
    importText(site, apiNames(site.model)),
    '',
    ...(readsImages(site.model) ? decoded.node : []),
    'const model = await load();',
    ...inputLines(site, 'node'),
    ...callLines(site),
  ]);

export function pageSnippet(site: SnippetSite): string {
  const { model, wait } = site;
  const calls = hasImageCalls(model)
    ? [`console.log(${wait}model.${model.detection ? 'detect(picture)' : 'classify(picture, 3)'});`]
    : [...inputLines(site, 'page'), ...callLines(site)];
  const lines = [
    importText(site, hasImageCalls(model) ? ['load'] : apiNames(model)),
    '',
    'const model = await load();',
    ...(readsImages(model) ? decoded.page : []),
    ...calls,
  ];
  return fence('html', [
    ...(readsImages(site.model) ? ['<img src="image.png" />'] : []),
    '<script type="module">',
    ...lines.map((line) => (line === '' ? '' : `  ${line}`)),
    '</script>',
  ]);
}

export function workerSnippet(site: SnippetSite): string {
  const { wait, model } = site;
  const outputs = Object.keys(model.outputs);
  return fence('js', [
    '// worker.js: takes the inputs of a call, and answers with copies of its outputs',
    importText(site, ['load']),
    '',
    'const loading = load();',
    'self.onmessage = async ({ data }) => {',
    '  const model = await loading;',
    `  const { ${outputs.join(', ')} } = ${wait}model.forward(data);`,
    `  self.postMessage({ ${outputs.map((name) => `${name}: ${name}.slice()`).join(', ')} });`,
    '};',
  ]);
}

export const workerCallSnippet = ({ model }: SnippetSite): string =>
  fence('js', [
    "const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });",
    'worker.onmessage = ({ data }) => console.log(data);',
    `worker.postMessage({ ${Object.keys(model.inputs).join(', ')} });`,
  ]);

/** The program that trains. Undefined if the package does not. */
export function trainingSnippet(site: SnippetSite): string | undefined {
  const { model, wait } = site;
  const { training } = model;
  if (!training) return undefined;
  const types: Types = { ...training.inputs, ...wholeTargets(training) };
  const names = apiNames(model).filter((name) => name !== 'preprocess');
  const arrays = Object.entries(types).map(
    ([name, { dtype, shape }]) =>
      `const ${name} = new ${ARRAYS[dtype]}(${sizeOf(shape)}); // your numbers: ${shape.join(' x ')}`,
  );
  return fence('js', [
    importText(site, names),
    '',
    'const trainer = await load({ training: true, learningRate: 0.01 });',
    ...arrays,
    `const { loss } = ${wait}trainer.trainStep({ ${Object.keys(types).join(', ')} });`,
    'console.log(loss);',
    '',
    `const weights = ${wait}trainer.exportWeights();`,
    'const model = await load({ weights });',
    ...callLines(site, model.batches ? imagesOf(training) : batchOf(model)),
  ]);
}

/** The loop over several epochs. Undefined if the package has no `fit`. */
export function fitSnippet(site: SnippetSite): string | undefined {
  const classifier = classifierOf(site.model);
  if (!classifier) return undefined;
  const size = classifier.extents.reduce((product, extent) => product * extent, 1);
  return fence('js', [
    importText(site, ['load']),
    '',
    'const trainer = await load({ training: true, learningRate: 0.01 });',
    `const image = new Float32Array(${size}); // one of your images: ${classifier.extents.join(' x ')}`,
    'const examples = [{ image, label: 0 }]; // all of your images with their classes',
    'const { weights, best } = await trainer.fit({ examples, epochs: 3 });',
    'console.log(best); // the epoch that the weights are of',
    'const model = await load({ weights });',
  ]);
}
