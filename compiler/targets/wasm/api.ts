/**
 * The API of a package in WebAssembly: phases take the kernels and pass them constant addresses. `memory` holds views
 * of inputs and outputs. In a package that trains they are created again after the memory has grown for the halves.
 */
import { phaseStorage } from '../../emit/storage.ts';
import { hasPhase, quoted, type ImmediateApi, type TrainerText } from '../../emit/api/types.ts';
import { phaseImports } from '../../emit/api/phaseImports.ts';
import { withImageCalls } from '../../emit/api/imageCalls.ts';
import type { ImportText } from '../../emit/declarations.ts';
import { takesOthers, type CompiledModel } from '../../emit/model.ts';
import { flagText, matchText } from '../../emit/weights.ts';
import { hasConstants, readsWeightFile } from './packageMemory.ts';

const KERNELS = { name: 'k', type: 'Kernels' };

const trainer: TrainerText = {
  imports: (site) => {
    const constants = hasConstants(site.model, 'training') ? ['writeConstants'] : [];
    return [
      ...phaseImports(site),
      { from: './halvesMemory.js', names: ['createHalvesMemory', 'h', 'HALVES_PAGES', 'type HalvesMemory'] },
      { from: './memory.js', names: ['createMemory', 'm', 'type Memory', ...constants] },
      { from: '../kernels.js', names: ['Kernels'], isTypeOnly: true },
      { from: '../parameters.js', names: ['nameParameters'] },
    ];
  },
  runtimeTypes: ['WasmTraining'],
  recordType: () => 'WasmTraining<Memory, HalvesMemory, Kernels>',
  recordDoc:
    'The training plan: arrays of inputs and outputs, and the phases that run. `m` and `h` are addresses.',
  fields: ({ model }) => [
    'createMemory,',
    'createHalvesMemory,',
    'halvesPages: HALVES_PAGES,',
    'nameParameters,',
    ...(hasConstants(model, 'training') ? ['writeConstants,'] : []),
  ],
  place: ({ name }) => `'${name}'`,
  phase: ({ program }, name, memory) => {
    const addresses = memory === 'step' ? 'm' : 'h';
    return `(k) => ${name}(${phaseStorage(program, name).includes('m') ? `k, ${addresses}` : 'k'})`;
  },
  members: { first: '', last: '  close(): void;' },
  create:
    'createTrainer(training, wasmBackend(training, k, wasm), { prepare: prepareInference, predict: forward }, { seed, hyperparameters })',
};

export const wasmApi: ImmediateApi = {
  calls: 'immediate',
  indexImports,
  loadOptions: `
  /** \`false\` selects the kernels without relaxed SIMD. Default: those with fused multiply-adds if the host has relaxed SIMD. */
  readonly relaxedSimd?: boolean;
  /**
   * URL or path of \`kernels.wasm\`, its bytes, or the compiled module, for hosts and bundlers that do not find the file.
   * \`{ plain, relaxed }\` adds \`kernels.relaxed.wasm\`, which is used if the host has relaxed SIMD.
   */
  readonly kernels?: WasmKernels;`,
  forward: (model) => ({
    parameters: [KERNELS, { name: 'wasm', type: 'WebAssembly.Memory' }],
    setUp: (results) => [
      `${model.training ? 'let' : 'const'} memory = createMemory(wasm.buffer);`,
      `${model.training ? 'let' : 'const'} results: Outputs = ${results};`,
    ],
    begin: (results) => (model.training ? refreshText(model, results) : ''),
    run: 'runForward(k)',
    batches: {
      setUp: [],
      imports: [],
      create: (suffix) => `createMemory${suffix}(wasm.buffer)`,
      run: (_, suffix) => `runForward${suffix}(k)`,
    },
  }),
  load: (model, source) => {
    if (model.training) return loadTraining(model, source);
    return model.canonical ? loadStaged(model, source) : loadInference(model, source);
  },
  trainer,
};

function indexImports(model: CompiledModel): ImportText[] {
  const trains = model.training !== undefined;
  const reads = readsWeightFile(model);
  const runtime = ['createWasmMemory', 'type WasmKernels'];
  if (trains)
    runtime.push('createTrainer', 'placeWeights', 'readHyperparameters', 'streamWeights', 'wasmBackend');
  else if (model.canonical)
    runtime.push(...(takesOthers(model) ? ['fillStaged'] : []), 'streamStaged', 'type StagedWeights');
  else if (reads) runtime.push('matchArrays', 'streamWeights');
  return [
    { from: './kernels.js', names: ['loadKernels', 'type Kernels'] },
    {
      from: './memory.js',
      names: [
        'createMemory',
        'MEMORY_PAGES',
        ...(trains ? ['TRAINING_PAGES'] : []),
        ...(!trains && !model.canonical && reads ? ['weightArrays'] : []),
        ...(hasConstants(model, 'inference') ? ['writeConstants'] : []),
      ],
    },
    { from: './parameters.js', names: trains || model.canonical ? ['nameWeights'] : [] },
    { from: './runtime.js', names: runtime },
  ];
}

const refreshText = (model: CompiledModel, results: string): string => {
  const [input] = model.program.buffers.filter(({ role }) => role === 'input');
  return `if (memory.${input!.name}.buffer !== wasm.buffer) {
    memory = createMemory(wasm.buffer);
    results = ${results};
  }
  `;
};

/** The line that returns the model; `more` are further members. */
const doneText = (model: CompiledModel, more = ''): string =>
  `return ${withImageCalls(model, `{ info, forward: createForward(k, wasm), ${more} close: () => {} }`)};`;

/** Checks that kernels can run, then loads kernels and weights concurrently. */
function loadInference(model: CompiledModel, source: readonly string[]): string[] {
  const memory = `const wasm = createWasmMemory(${quoted(model.name)}, MEMORY_PAGES, options);`;
  const done = doneText(model);
  if (!readsWeightFile(model)) return [memory, 'const k = await loadKernels(wasm, options);', done];
  return [
    memory,
    ...source,
    `const [k] = await Promise.all([
      loadKernels(wasm, options),
      streamWeights(source, (file) => matchArrays(${matchText(model, 'wasm.buffer')})),
    ]);`,
    done,
  ];
}

/** Loads kernels and opens the weight file concurrently; `prepare` needs both. */
function loadStaged(model: CompiledModel, source: readonly string[]): string[] {
  const steps = hasPhase(model, 'prepare') ? 'prepare(k)' : '[]';
  const used = hasPhase(model, 'prepare') ? 'k: Kernels' : '';
  return [
    `const wasm = createWasmMemory(${quoted(model.name)}, MEMORY_PAGES, options);`,
    ...source,
    hasConstants(model, 'inference') ? 'writeConstants(wasm.buffer);' : '',
    `const weights = (${used}): StagedWeights => ({ name: ${quoted(model.name)}, tensors: nameWeights(wasm.buffer), steps: ${steps}${flagText(model)} });`,
    'const k = await streamStaged(source, loadKernels(wasm, options), weights);',
    doneText(
      model,
      takesOthers(model) ? `loadWeights: (bytes) => fillStaged(weights(${used ? 'k' : ''}), bytes),` : '',
    ),
  ];
}

function loadTraining(model: CompiledModel, source: readonly string[]): string[] {
  const name = quoted(model.name);
  return [
    `const wasm = createWasmMemory(${name}, hyperparameters ? TRAINING_PAGES : MEMORY_PAGES, options);`,
    ...source,
    `const [k] = await Promise.all([
      loadKernels(wasm, options),
      streamWeights(source, (file) => placeWeights(${name}, nameWeights(wasm.buffer), file)),
    ]);`,
    hasConstants(model, 'inference') ? 'writeConstants(wasm.buffer);' : '',
    `const prepareInference = (): void => ${hasPhase(model, 'prepare') ? 'prepare(k)' : '{}'};`,
    'prepareInference();',
    'const forward = createForward(k, wasm);',
    `if (!hyperparameters) return ${withImageCalls(model, '{ info, forward, close: () => {} }')};`,
  ];
}
