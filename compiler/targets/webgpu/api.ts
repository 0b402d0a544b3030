/**
 * `index.ts` and the trainer over WebGPU: calls return promises, inputs and outputs may stay on the GPU. The calls are in
 * runtime/webgpu/; the package has the names, shapes and types.
 */
import { phaseStorage } from '../../emit/storage.ts';
import { ARRAYS } from '../../emit/text.ts';
import type { TensorType } from '../../ir/types.ts';
import type { PhaseName } from '../../program/types.ts';
import { describeTensor, tensorFields, type TensorTypes } from '../../emit/api/tensors.ts';
import { gpuMembers } from './gpuMembers.ts';
import { hasPhase, quoted, type PromisedApi, type TrainerText } from '../../emit/api/types.ts';
import { TRAINING_OPTIONS } from '../../emit/api/trainingOptions.ts';
import { facing } from '../../emit/api/facing.ts';
import { phasesOf } from '../../emit/api/trainingSite.ts';
import { interfaceSource, moduleSource, type FieldText, type ImportText } from '../../emit/declarations.ts';
import type { CompiledModel } from '../../emit/model.ts';

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
  recordDoc: 'Where everything lies on the GPU, and what runs on it.',
  fields: () => ['sizes,', 'halvesBytes: HALVES_BYTES,', 'parameters,', 'constants,'],
  place: ({ name }, memory) => `${memory === 'step' ? 'm' : 'h'}.${name}`,
  phase: (_, name, memory) => (memory === 'step' ? name : halfOf(name)),
  members: {
    first: `/** What it runs on: the device that was handed in, or one of its own. */
  readonly device: GpuDevice;
  /** The kernel family in use. */
  readonly family: KernelFamily;
  /** \`f16\` where that was asked for and the device has it. */
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
  /** Where adapters come from. Default: \`navigator.gpu\`, in Node the npm package \`webgpu\`. */
  readonly gpu?: Gpu;
  /** A device of your own, which \`close\` does not destroy. */
  readonly device?: GpuDevice;
  /**
   * How convolutions and matrix products compute: \`tiled\` in the memory of workgroups, for GPUs; \`blocked\` in
   * registers, for CPUs that emulate one. Results differ in rounding only. Default: by the adapter.
   */
  readonly family?: KernelFamily;
  /**
   * What \`tiled\` kernels multiply. \`f16\` halves what they take of a workgroup's memory, where the device has \`shader-f16\`:
   * numbers are rounded to eleven bits and end at 65504, sums stay f32. Default: \`f32\`.
   */
  readonly precision?: GpuPrecision;
  /** Called after each kernel that is compiled, with the number that is done and the number of all. */
  readonly onProgress?: (done: number, total: number) => void;`,
  load: (model, source) => [...source, ...(model.training ? loadTraining(model) : loadInference(model))],
  types,
  trainer,
};

const readsWeights = (model: CompiledModel): boolean => phaseStorage(model.program, 'forward').includes('w');

const TYPES = [
  ...['Gpu', 'GpuBuffer', 'GpuDevice', 'GpuLoss', 'GpuPrecision', 'GpuProgram', 'KernelFamily'],
].map((name) => `type ${name}`);

function indexImports(model: CompiledModel): ImportText[] {
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

/** With `preprocess` where the model has it; `preprocessing` is what imageApi.ts writes. */
const imageNames = ({ preprocess }: CompiledModel): string[] =>
  preprocess ? ['addPreprocess', 'type GpuImage'] : [];

const modelText = ({ preprocess }: CompiledModel): string =>
  preprocess
    ? 'return { info, ...addPreprocess(core, program, preprocessing) } as Model;'
    : 'return { info, ...core } as Model;';

const loadInference = (model: CompiledModel): string[] => [
  `const core = await loadGpuModel(program, ${fillText(model)}, options);`,
  modelText(model),
];

const loadTraining = (model: CompiledModel): string[] => [
  `const kept = { weights, constants, prepare: [${hasPhase(model, 'prepare') ? 'prepare' : ''}] };`,
  `if (!hyperparameters) {
    const core = await loadKeptModel(program, kept, source, options);
    ${modelText(model)}
  }
`,
];

/** From \`source\` to where the GPU reads them. */
const fillText = (model: CompiledModel): string =>
  readsWeights(model)
    ? '(memory) => streamWeights(source, (file) => matchArrays(file, weightArrays(memory)))'
    : 'async () => {}';

function types(model: CompiledModel, loadOptions: string): string {
  const results = tensorFields(model.outputs);
  const images = model.preprocess ? 'GpuImage, ' : '';
  return moduleSource(
    interfaceSource('Inputs', onBoth(model.inputs)),
    interfaceSource('Outputs', results),
    interfaceSource(
      'GpuOutputs',
      results.map((one) => ({ ...one, type: 'GpuBuffer' })),
      ['The same numbers in buffers of the GPU, from their beginning.'],
    ),
    loadOptions,
    `export type { GpuBuffer, GpuDevice, ${images}GpuLoss, GpuPrecision, KernelFamily } from './runtime.js';\n`,
    modelType(model),
    programText(model),
    model.training ? TRAINING_OPTIONS : '',
  );
}

const programText = (model: CompiledModel): string => `const program: GpuProgram = {
  name: ${quoted(model.name)},
  sizes,
  inputs: ${tensorsText(model, 'input')},
  outputs: ${tensorsText(model, 'output')},
  forward: runForward,
};
`;

const modelType = (model: CompiledModel): string => `export interface Model {
  readonly info: typeof info;
  /** For buffers that are handed in, and for work on results that stay on the GPU. */
  readonly device: GpuDevice;
  /** The kernel family in use. */
  readonly family: KernelFamily;
  /** \`f16\` where that was asked for and the device has it. */
  readonly precision: GpuPrecision;
  /**
   * Runs the network. Inputs are taken when it is called, so calls may overlap; they run one after the other. The
   * arrays returned are the caller's; hand in \`out\` to have results in arrays of your own.
   */
  forward(inputs: Inputs, out?: Outputs): Promise<Outputs>;
  /**
   * The same, with results that stay on the GPU. Work that is submitted to the device's queue after this call sees
   * them; the promise resolves when the GPU has accepted the call. The buffers returned are the model's and
   * overwritten by the next call; hand in \`out\`, buffers with the usage COPY_DST, to have your own.
   */
  forwardOnGpu(inputs: Inputs, out?: GpuOutputs): Promise<GpuOutputs>;
${preprocessType(model)}${gpuMembers('model')}
}
`;

function preprocessType({ preprocess, inputs }: CompiledModel): string {
  if (!preprocess) return '';
  const isImage = ({ shape, dtype }: TensorType): boolean => shape.length === 4 && dtype === 'f32';
  const [input, { shape }] = Object.entries(inputs).find(([, type]) => isImage(type))!;
  const batch = shape[0]!;
  return `  /**
   * ${batch === 1 ? 'An image' : `${batch} images`} as the network's input, made on the GPU: for \`forward({ ${input}: buffer })\`, the same bits as
   * from the function \`preprocess\`. Pixels are taken when it is called. The buffer returned is the model's and
   * overwritten by the next call; hand in \`out\`, with the usages COPY_DST and COPY_SRC, to have your own.
   */
  preprocess(${batch === 1 ? 'image: GpuImage' : 'images: readonly GpuImage[]'}, out?: GpuBuffer): Promise<GpuBuffer>;
`;
}

/** Where a buffer of the GPU does as well. */
const onBoth = (types: TensorTypes): FieldText[] =>
  Object.entries(types).map(([name, type]) => ({
    name,
    type: `${ARRAYS[type.dtype]} | GpuBuffer`,
    doc: `${describeTensor(type)}; or as many in a buffer with the usage COPY_SRC`,
  }));

function tensorsText(model: CompiledModel, role: 'input' | 'output'): string {
  const types = role === 'input' ? model.inputs : model.outputs;
  const lines = facing(model, role).map(({ name, publicName }) => {
    const { shape, dtype } = types[publicName!]!;
    return `{ name: ${quoted(publicName!)}, shape: [${shape.join(', ')}], dtype: '${dtype}', place: m.${name} }`;
  });
  return `[${lines.join(', ')}]`;
}
