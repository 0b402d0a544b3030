/**
 * The API of a package on WebGPU: calls return promises, and inputs and outputs may stay on the GPU. runtime/webgpu/
 * implements the calls; the package adds names, shapes and types.
 */
import { phaseStorage } from '../../emit/storage.ts';
import type { TensorType } from '../../ir/types.ts';
import type { PhaseName } from '../../program/types.ts';
import { manyFields, tensorFields } from '../../emit/api/tensors.ts';
import { hasImageCalls, imageMembers, withImageCalls } from '../../emit/api/imageCalls.ts';
import { gpuMembers } from './gpuMembers.ts';
import { hasPhase, quoted, type PromisedApi, type TrainerText } from '../../emit/api/types.ts';
import { TRAINING_OPTIONS } from '../../emit/api/trainingOptions.ts';
import { batchesText, namedBatches } from '../../emit/batches.ts';
import { publicBuffers } from '../../emit/api/publicBuffers.ts';
import { phasesOf } from '../../emit/api/trainingSite.ts';
import {
  interfaceSource,
  list,
  moduleSource,
  type FieldText,
  type ImportText,
} from '../../emit/declarations.ts';
import { fixingFlag, takesOthers, type CompiledModel } from '../../emit/model.ts';
import { flagText, matchText } from '../../emit/weights.ts';

const halfOf = (phase: PhaseName): string => `${phase}Half`;

const trainer: TrainerText = {
  imports: (site) => {
    const { step, halves } = phasesOf(site);
    const whole = [...step.run, ...(step.update ? [step.update] : []), ...step.prepare];
    const parts = [...halves.forward, ...halves.backward, ...halves.update];
    return [
      { from: '../parameters.js', names: ['parameters'] },
      ...whole.map((name) => ({ from: `./${name}.js`, names: [name] })),
      ...parts.map((name) => ({ from: `./halves/${name}.js`, names: [`${name} as ${halfOf(name)}`] })),
      { from: './halves/memory.js', names: ['h', 'HALVES_BYTES'] },
      { from: './memory.js', names: ['constants', 'm', 'sizes'] },
    ];
  },
  runtimeTypes: ['GpuDevice', 'GpuLoss', 'GpuPrecision', 'GpuTraining', 'KernelFamily'],
  recordType: () => 'GpuTraining',
  recordDoc:
    'The training plan: names, shapes and places on the GPU of all tensors, and the phases that run.',
  fields: () => ['sizes,', 'halvesBytes: HALVES_BYTES,', 'parameters,', 'constants,'],
  place: ({ name }, memory) => `${memory === 'step' ? 'm' : 'h'}.${name}`,
  phase: (_, name, memory) => (memory === 'step' ? name : halfOf(name)),
  members: {
    first: `/** The device in use: the one passed to \`load\`, or one that \`load\` has created. */
  readonly device: GpuDevice;
  /** The kernel family in use. */
  readonly family: KernelFamily;
  /** The precision in use: \`f16\` only if it was requested and device and family support it. */
  readonly precision: GpuPrecision;
  `,
    last: gpuMembers('trainer'),
  },
  create: 'await loadGpuTrainer(program, kept, training, source, options, { seed, hyperparameters })',
};

export const webgpuApi: PromisedApi = {
  calls: 'promised',
  indexImports,
  loadOptions: `
  /** The object that the adapter is requested from. Default: \`navigator.gpu\`, or in Node the npm package \`webgpu\`. */
  readonly gpu?: Gpu;
  /** Your own device. \`close\` does not destroy it. */
  readonly device?: GpuDevice;
  /**
   * The kernels for convolutions and matrix products: \`tiled\` ones share numbers in the memory of workgroups, for GPUs;
   * \`blocked\` ones use only registers, for CPUs that emulate a GPU. Results differ only in rounding. Default: \`blocked\`
   * if the adapter reports that it is such an emulation, otherwise \`tiled\`.
   */
  readonly family?: KernelFamily;
  /**
   * The element type of tiles in \`tiled\` kernels. \`f16\` halves their memory if the device has \`shader-f16\`; otherwise it
   * has no effect. Factors are rounded to eleven bits and end at 65504; sums stay f32. Default: \`f32\`.
   */
  readonly precision?: GpuPrecision;
  /** Called after each compiled kernel, with the number of compiled kernels and the number of all kernels. */
  readonly onProgress?: (done: number, total: number) => void;`,
  load: (model, source) => {
    if (model.training) return [...source, ...loadTraining(model)];
    return [...source, ...(model.canonical ? loadStaged(model) : loadInference(model))];
  },
  types,
  trainer,
};

const readsWeights = (model: CompiledModel): boolean => phaseStorage(model.program, 'forward').includes('w');

const TYPES = [
  ...['Gpu', 'GpuBuffer', 'GpuDevice', 'GpuLoss', 'GpuPrecision', 'GpuProgram', 'KernelFamily'],
].map((name) => `type ${name}`);

/** The imports of a package for several batches. */
const batchImports = (model: CompiledModel): ImportText[] =>
  model.batches
    ? [
        ...namedBatches(model)
          .slice(1)
          .flatMap(({ folder, suffix }) => [
            { from: `${folder}forward.js`, names: [`forward as runForward${suffix}`] },
            { from: `${folder}memory.js`, names: [`m as m${suffix}`] },
          ]),
        { from: './runtime.js', names: ['openBatches'] },
      ]
    : [];

function indexImports(model: CompiledModel): ImportText[] {
  return [...ownImports(model), ...batchImports(model)];
}

function ownImports(model: CompiledModel): ImportText[] {
  if (model.training) {
    return [
      { from: './memory.js', names: ['constants', 'm', 'sizes'] },
      { from: './parameters.js', names: ['weights'] },
      {
        from: './runtime.js',
        names: ['loadGpuTrainer', 'loadKeptModel', 'readHyperparameters', ...imageNames(model), ...TYPES],
      },
    ];
  }
  if (model.canonical)
    return [
      { from: './memory.js', names: ['constants', 'm', 'sizes'] },
      { from: './parameters.js', names: ['STAGING_BYTES', 'weights'] },
      { from: './runtime.js', names: [stagedLoader(model), ...imageNames(model), ...TYPES] },
    ];
  const reads = readsWeights(model);
  return [
    { from: './memory.js', names: ['m', 'sizes', ...(reads ? ['weightArrays'] : [])] },
    {
      from: './runtime.js',
      names: [
        'loadGpuModel',
        ...(reads ? ['matchArrays', 'streamWeights'] : []),
        ...imageNames(model),
        ...TYPES,
      ],
    },
  ];
}

/** Imports for `preprocess`, if the model has it. imageApi.ts prints the constant `preprocessing`. */
const imageNames = (model: CompiledModel): string[] => [
  ...(model.preprocess ? ['addPreprocess'] : []),
  ...(hasImageCalls(model) ? ['forwardImage'] : []),
];

function modelText(model: CompiledModel): string {
  const core = model.preprocess ? 'addPreprocess(core, program, preprocessing)' : 'core';
  return `return ${withImageCalls(model, `{ info, ...${core} } as Model`)};`;
}

const loadInference = (model: CompiledModel): string[] => [
  `const core = await loadGpuModel(program, ${fillText(model)}, options);`,
  modelText(model),
];

const stagedLoader = (model: CompiledModel): string =>
  fixingFlag(model) ? 'loadFixedModel' : 'loadStagedModel';

function loadStaged(model: CompiledModel): string[] {
  const prepare = hasPhase(model, 'prepare') ? ', prepare' : '';
  const staged = `{ weights, constants, stagingBytes: STAGING_BYTES${prepare}${flagText(model)} }`;
  return [
    `const staged = ${staged};`,
    `const core = await ${stagedLoader(model)}(program, staged, source, options);`,
    modelText(model),
  ];
}

const loadTraining = (model: CompiledModel): string[] => [
  `const kept = { weights, constants, prepare: [${hasPhase(model, 'prepare') ? 'prepare' : ''}] };`,
  `if (!hyperparameters) {
    const core = await loadKeptModel(program, kept, source, options);
    ${modelText(model)}
  }
`,
];

/** The function that reads the weights from \`source\` into a buffer of the GPU. */
const fillText = (model: CompiledModel): string =>
  readsWeights(model)
    ? `(memory) => streamWeights(source, (file) => matchArrays(${matchText(model, 'memory')}))`
    : 'async () => {}';

function types(model: CompiledModel, loadOptions: string): string {
  const fields = model.batches ? manyFields : tensorFields;
  const results = fields(model.outputs);
  return moduleSource(
    interfaceSource('Inputs', onBoth(fields(model.inputs))),
    interfaceSource('Outputs', results),
    interfaceSource(
      'GpuOutputs',
      results.map((one) => ({ ...one, type: 'GpuBuffer' })),
      ['The outputs in GPUBuffers, from the beginning of each buffer.'],
    ),
    loadOptions,
    `export type { GpuBuffer, GpuDevice, GpuLoss, GpuPrecision, KernelFamily } from './runtime.js';\n`,
    modelType(model),
    programText(model),
    model.training ? TRAINING_OPTIONS : '',
  );
}

const programText = (model: CompiledModel): string => `const program: GpuProgram = {
  name: ${quoted(model.name)},
  sizes,
  inputs: ${tensorsText(model, 'input', '')},
  outputs: ${tensorsText(model, 'output', '')},
  forward: runForward,${model.batches ? `\n  larger: ${batchesList(model)},\n  open: openBatches,` : ''}
};
`;

/** The programs for larger batches. */
const batchesList = (model: CompiledModel): string =>
  list(
    namedBatches(model)
      .slice(1)
      .map(
        (one) => `{
      inputs: ${tensorsText(one, 'input', one.suffix)},
      outputs: ${tensorsText(one, 'output', one.suffix)},
      forward: runForward${one.suffix},
    },`,
      ),
  );

const LOAD_WEIGHTS = `  /**
   * Replaces the weights by those of a safetensors file with the model's names and shapes, such as a state dict of PyTorch
   * or what \`exportWeights()\` of a trainer returns. If the file does not fit, the promise is rejected and the weights stay
   * as they were. Calls that are made before the promise resolves may see old and new weights.
   */
  loadWeights(bytes: Uint8Array | ArrayBuffer): Promise<void>;
`;

const modelType = (model: CompiledModel): string => `export interface Model {
  readonly info: typeof info;
  /** The device in use. Create buffers for inputs on it, and submit work on results that stay on the GPU. */
  readonly device: GpuDevice;
  /** The kernel family in use. */
  readonly family: KernelFamily;
  /** The precision in use: \`f16\` only if it was requested and device and family support it. */
  readonly precision: GpuPrecision;
  /**
   * Runs the network${model.batches ? ` on any number of images, in groups of ${batchesText(model)}` : ''}. Inputs are read during the call, so calls may overlap; they run one after the other. The results
   * are new arrays; pass \`out\` to get them in your own arrays.
   */
  forward(inputs: Inputs, out?: Outputs): Promise<Outputs>;
  /**
   * Runs the network${model.batches ? ` on one of these numbers of images` : ''} and leaves the results on the GPU. Work that is submitted to the device's queue after this call
   * sees them; the promise resolves when the GPU has accepted the call. The next call overwrites the returned buffers;
   * pass \`out\`, buffers with the usage COPY_DST, to get the results in your own.
   */
  forwardOnGpu(inputs: Inputs, out?: GpuOutputs): Promise<GpuOutputs>;
${takesOthers(model) ? LOAD_WEIGHTS : ''}${preprocessType(model)}${imageMembers(model, 'promised')}${gpuMembers('model')}
}
`;

function preprocessType({ preprocess, inputs }: CompiledModel): string {
  if (!preprocess) return '';
  const isImage = ({ shape, dtype }: TensorType): boolean => shape.length === 4 && dtype === 'f32';
  const [input, { shape }] = Object.entries(inputs).find(([, type]) => isImage(type))!;
  const batch = shape[0]!;
  const [what, parameter] =
    batch === 1 ? ['an image', 'image: ImageSource'] : [`${batch} images`, 'images: readonly ImageSource[]'];
  const fewer = batch === 1 ? '' : ` With \`out\`, fewer images may be given.`;
  return `  /**
   * Turns ${what} into the network's input on the GPU, for \`forward({ ${input}: buffer })\`, with the same bits as the
   * function \`preprocess\`. Pixels are read during the call. The next call overwrites the returned buffer; pass \`out\`, with
   * the usages COPY_DST and COPY_SRC, to get the result in your own.${fewer}
   */
  preprocess(${parameter}, out?: GpuBuffer): Promise<GpuBuffer>;
`;
}

/** Fields that take arrays or GPUBuffers. */
const onBoth = (fields: readonly FieldText[]): FieldText[] =>
  fields.map(({ name, type, doc }) => ({
    name,
    type: `${type} | GpuBuffer`,
    doc: `${doc}; or a GPUBuffer of them with the usage COPY_SRC`,
  }));

function tensorsText(
  model: Pick<CompiledModel, 'program' | 'inputs' | 'outputs'>,
  role: 'input' | 'output',
  suffix: string,
): string {
  const types = role === 'input' ? model.inputs : model.outputs;
  const lines = publicBuffers(model, role).map(({ name, publicName }) => {
    const { shape, dtype } = types[publicName!]!;
    return `{ name: ${quoted(publicName!)}, shape: [${shape.join(', ')}], dtype: '${dtype}', place: m${suffix}.${name} }`;
  });
  return `[${lines.join(', ')}]`;
}
