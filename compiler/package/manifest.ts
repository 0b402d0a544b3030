/** `package.json` and `README.md` of a generated package. It belongs to the user; it carries no licence of ours. */
import { formatType, sizeOf, type TensorType } from '../ir/types.ts';
import { plural } from '../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import type { KnownTarget } from '../targets/index.ts';
import { totalsOf } from './totals.ts';
import type { CompiledModel, CompiledTraining, PackageOptions } from './types.ts';

/** In `package.json`, so that a later compile knows the folder as its own. */
export const MARK = 'cnnc';
export const PACKAGE_FORMAT = 1;

/** Files that a program may want to find by the package's name, beside its module. */
function assetNames({ target }: CompiledModel, { inline }: PackageOptions): string[] {
  const kernels = target === 'wasm' && !inline ? ['kernels.wasm', 'kernels.relaxed.wasm'] : [];
  return [...kernels, 'weights.safetensors'];
}

/** One model for each target. */
export function packageJson(models: readonly CompiledModel[], options: PackageOptions = {}): string {
  const { name, source } = models[0]!;
  const entries = models.flatMap((model) => {
    const folder = models.length > 1 ? `./${model.target}/` : './';
    const entry = { types: `${folder}index.d.ts`, default: `${folder}index.js` };
    return [
      ...(models.length > 1 ? [[`./${model.target}`, entry] as const] : []),
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
      ...Object.fromEntries(entries),
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

export function packageReadme(models: readonly CompiledModel[], options: PackageOptions = {}): string {
  const [model] = models as [CompiledModel];
  const [input] = Object.keys(model.inputs);
  const outputs = Object.keys(model.outputs).join(', ');
  const prepared = model.preprocess ? `const ${input} = preprocess(pixels, width, height);\n` : '';
  const imported = ['load', ...(model.preprocess ? ['preprocess'] : []), ...readers(model)].join(', ');
  const isOne = Object.values(model.outputs).every(({ shape }) => shape[0] === 1);
  const found = model.detection && isOne ? `const found = detect({ ${outputs} });\n` : '';
  const has = (target: KnownTarget): boolean => models.some((one) => one.target === target);
  return `# ${model.name}

Compiled by cnnc from \`${model.source}\`. A module without dependencies, for Node 20 or newer and for browsers${hostsText(models)}.

\`\`\`ts
import { ${imported} } from './${model.name}/index.js';

const model = await load();
${prepared}const { ${outputs} } = ${isWebgpu(model) ? 'await ' : ''}model.forward({ ${Object.keys(model.inputs).join(', ')} });
${found}\`\`\`

| | type | numbers |
| --- | --- | --- |
${[...tensorRows(model.inputs), ...tensorRows(model.outputs)].join('\n')}

${models.map((one) => sizesText(one, models.length > 1)).join('\n')}

| file | what it is |
| --- | --- |
${fileRows(models, options)}

Each \`.ts\` stands beside its \`.js\` and \`.d.ts\`.
${has('wasm') ? servingNotes(options) : ''}${has('webgpu') ? webgpuNotes(model, models.length > 1) : ''}`;
}

/** What makes something of the outputs. */
function readers({ preprocess, detection }: CompiledModel): string[] {
  if (detection) return ['detect'];
  return preprocess ? ['topK'] : [];
}

const isWebgpu = ({ target }: CompiledModel): boolean => target === 'webgpu';

function hostsText(models: readonly CompiledModel[]): string {
  const targets = models.map(({ target }) => target);
  if (models.length > 1) {
    const automatic = targets.filter((target) => target !== 'webgpu').map((target) => HOST_WORDS[target]);
    const named = targets.includes('webgpu') ? ', and on WebGPU where that is asked for' : '';
    return `: ${automatic.join(' where it is there, ')}${automatic.length > 1 ? ' elsewhere' : ''}${named}`;
  }
  return models[0]!.target === 'typescript' ? '' : `, ${HOST_WORDS[models[0]!.target]}`;
}

const HOST_WORDS: Readonly<Record<KnownTarget, string>> = {
  wasm: 'in WebAssembly with SIMD',
  typescript: 'in plain JavaScript',
  webgpu: 'on WebGPU',
};

function sizesText(model: CompiledModel, isOneOfSeveral: boolean): string {
  const { multiplyAdds, kernelCalls, weightBytes } = totalsOf(model);
  const lines = [
    `${formatCount(model.parameterCount)} parameters, ${formatCount(multiplyAdds)} multiply-adds a call in ${plural(kernelCalls, 'kernel call')}.`,
    `Weights ${formatBytes(weightBytes)}, arena ${formatBytes(model.plan.arenaBytes)}; ${isWebgpu(model) ? 'on the GPU, ' : ''}nothing is allocated per call.`,
  ];
  return isOneOfSeveral ? `- \`${model.target}\`: ${lines.join(' ')}` : lines.join('\n');
}

function fileRows(models: readonly CompiledModel[], options: PackageOptions): string {
  const [model] = models as [CompiledModel];
  if (models.length === 1) return moduleRows(model, options);
  const folders = models.map(
    ({ target }) => `| \`${target}/\` | the module for this target, which can be imported alone |`,
  );
  return [
    `| \`index.ts\` | the face: \`load({ target })\`, by default the fastest that works${models.some(isWebgpu) ? ', never `webgpu`' : ''}; \`info\`, types |`,
    ...folders,
  ].join('\n');
}

const moduleRows = (model: CompiledModel, options: PackageOptions): string =>
  `| \`index.ts\` | the face: \`load\`, \`info\`, types |
| \`forward.ts\` | the network, a line a kernel call |
${kernelRows(model, options)}
| \`memory.ts\` | where activations and weights lie |
| \`runtime.ts\` | reading weights, checks${model.preprocess ? ', images' : ''}${model.detection ? ', boxes' : ''} |
| \`graph.txt\` | the graph that was lowered |
| \`layers.json\` | the kernel calls, for programs to read |
| \`weights.safetensors\` | folded and packed weights |`;

function kernelRows({ target }: CompiledModel, { inline }: PackageOptions): string {
  if (target === 'typescript') return '| `kernels.ts` | the kernels, every shape a constant |';
  if (target === 'webgpu') return '| `kernels.ts` | the kernels in WGSL, every shape a constant |';
  const what = 'the kernels as WebAssembly';
  const files = inline
    ? `| \`kernelsWasm.ts\` | ${what}, in base64: with SIMD, and with relaxed SIMD |`
    : `| \`kernels.wasm\`, \`kernels.relaxed.wasm\` | ${what}: with SIMD, and with relaxed SIMD |`;
  return `| \`kernels.wat\` | the kernels as text, every shape a constant |
${files}
| \`kernels.ts\` | their types, and how they are loaded |`;
}

/** What who serves the package has to know. */
function servingNotes({ inline }: PackageOptions): string {
  const files = inline
    ? '`weights.safetensors`'
    : '`kernels.wasm`, `kernels.relaxed.wasm` and `weights.safetensors`';
  const type = inline ? '' : '\nServed as `application/wasm`, the kernels are compiled while they load.';
  return `
In a page ${files} are loaded from beside the JavaScript. Vite and webpack see them by
themselves; for other bundlers copy them there, or hand them in: \`load({ weights${inline ? '' : ', kernels'} })\` takes URLs and bytes.${type}
A content security policy needs \`script-src 'wasm-unsafe-eval'\`; neither \`unsafe-eval\` nor \`blob:\` is used.
`;
}

/** How WebGPU is reached, and what is different about its calls. */
function webgpuNotes(model: CompiledModel, isOneOfSeveral: boolean): string {
  const load = isOneOfSeveral ? "load({ target: 'webgpu' })" : 'load()';
  const rule = isOneOfSeveral
    ? ' `load()` without a target never chooses it, because its calls return promises; nothing falls back from it.'
    : ' Where there is none, `load` says so; nothing falls back.';
  return `
On WebGPU \`${load}\` takes \`navigator.gpu\`, in Node the npm package \`webgpu\` (install it beside this one), or what is handed
in as \`gpu\` or \`device\`.${rule}
\`forward\` returns a promise and takes arrays or GPUBuffers; \`forwardOnGpu\` leaves the outputs on the GPU. \`model.onLost\`
reports a lost device: load the model again. \`model.close()\` gives the GPU's memory back. The adapter decides which of two
families of kernels runs, \`load({ family })\` overrules it, \`model.family\` tells.
${model.training ? trainerNotes(model, model.training, isOneOfSeveral) : ''}`;
}

function trainerNotes(
  { inputs }: CompiledModel,
  { targets }: CompiledTraining,
  isOneOfSeveral: boolean,
): string {
  const options = `{ ${isOneOfSeveral ? "target: 'webgpu', " : ''}training: true, learningRate: 0.01 }`;
  const names = [...Object.keys(inputs), ...Object.keys(targets)].join(', ');
  return `
A trainer's calls return promises as well; they run in the order in which they are made, and read arrays and
hyperparameters when it is their turn:

\`\`\`ts
const trainer = await load(${options});
const { loss } = await trainer.trainStep({ ${names} });
\`\`\`

\`trainer.onLost\` reports a lost device: load the trainer again and give it the last state that was saved.
`;
}
