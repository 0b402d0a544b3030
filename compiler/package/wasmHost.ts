/**
 * The faces over WebAssembly: the phases are handed the kernels, and know where everything lies in their memory.
 * `memory` holds views; where the package trains they are made anew when the memory has grown for the halves.
 */
import { storageNames } from '../emit/storage.ts';
import { parameterView } from '../targets/wasm/parametersModule.ts';
import { hasPhase, quoted, runName, type Host, type ImportText, type Place } from './host.ts';
import type { Site } from './trainingSite.ts';
import type { CompiledModel } from './types.ts';
import { hasConstants, readsWeightFile } from './wasmPackage.ts';

const KERNELS = { name: 'k', type: 'Kernels' };

export const wasmHost: Host = {
  calls: 'immediate',
  runtime: ['weights', 'weightStream', 'wasm/features', 'wasm/module'],
  indexImports,
  loadOptions: `
  /** False forces the kernels without fused multiply-adds; default: with them where the host has relaxed SIMD. */
  readonly relaxedSimd?: boolean;
  /** \`kernels.wasm\`, for hosts and bundlers that do not find it beside this file: where it is, its bytes, or compiled. */
  readonly kernels?: WasmSource;`,
  forward: (model) => ({
    parameters: [KERNELS, { name: 'wasm', type: 'WebAssembly.Memory' }],
    setUp: (results) => [
      `${model.training ? 'let' : 'const'} memory = createMemory(wasm.buffer);`,
      `${model.training ? 'let' : 'const'} results: Outputs = ${results};`,
    ],
    begin: (results) => (model.training ? refreshText(model, results) : ''),
    run: 'runForward(k);',
  }),
  load: (model) => (model.training ? loadTraining(model) : loadInference(model)),
  trainer: {
    parameters: [KERNELS, { name: 'wasm', type: 'WebAssembly.Memory' }],
    arguments: ['k', 'wasm'],
    imports: ({ model }) => [
      { from: '../kernels.js', names: ['Kernels'], isTypeOnly: true },
      { from: './halvesMemory.js', names: ['HALVES_PAGES'] },
      {
        from: './memory.js',
        names: ['createMemory', 'm', ...(hasConstants(model, 'training') ? ['writeConstants'] : [])],
      },
      { from: '../parameters.js', names: ['nameParameters'] },
      { from: '../runtime.js', names: ['growMemory', 'type TrainingParts'] },
    ],
    before: trainerMemory,
    core: (_, parts) => [
      `const createParts = (): TrainingParts => (${parts});`,
      'const parts = createParts();',
      'const core = createTrainerCore(parts, seed, hyperparameters);',
    ],
    named: 'nameParameters(wasm.buffer)',
  },
  halves: {
    parameters: () => [KERNELS, { name: 'buffer', type: 'ArrayBuffer' }],
    imports: ({ training }) => [
      { from: './halvesMemory.js', names: ['createHalvesMemory', 'h', 'type HalvesMemory'] },
      { from: '../kernels.js', names: ['Kernels'], isTypeOnly: true },
      { from: '../parameters.js', names: training.microBatches > 1 ? ['p'] : [] },
    ],
    setUp: 'const memory = createHalvesMemory(buffer);',
    parameterArray: (parameter, key) => parameterView(parameter, key, 'buffer'),
  },
  phaseCall,
};

function indexImports(model: CompiledModel): ImportText[] {
  const trains = model.training !== undefined;
  const reads = readsWeightFile(model);
  const runtime = ['createWasmMemory', 'type WasmSource'];
  if (trains) runtime.push('placeWeights', 'readHyperparameters', 'streamWeights');
  else if (reads) runtime.push('matchArrays', 'streamWeights');
  return [
    { from: './kernels.js', names: ['loadKernels', 'type Kernels'] },
    {
      from: './memory.js',
      names: [
        'createMemory',
        'MEMORY_PAGES',
        ...(trains ? ['TRAINING_PAGES'] : []),
        ...(!trains && reads ? ['weightArrays'] : []),
        ...(hasConstants(model, 'inference') ? ['writeConstants'] : []),
      ],
    },
    { from: './parameters.js', names: trains ? ['nameWeights'] : [] },
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

/** Kernels and weights are loaded side by side. */
function loadInference(model: CompiledModel): string[] {
  const memory = `const wasm = createWasmMemory(${quoted(model.name)}, MEMORY_PAGES);`;
  const done = 'return { info, forward: createForward(k, wasm), close: () => {} };';
  if (!readsWeightFile(model)) return [memory, 'const k = await loadKernels(wasm, options);', done];
  return [
    memory,
    `const [k] = await Promise.all([
      loadKernels(wasm, options),
      streamWeights(source, (file) => matchArrays(file, weightArrays(wasm.buffer))),
    ]);`,
    done,
  ];
}

function loadTraining(model: CompiledModel): string[] {
  const name = quoted(model.name);
  return [
    `const wasm = createWasmMemory(${name}, hyperparameters ? TRAINING_PAGES : MEMORY_PAGES);`,
    `const [k] = await Promise.all([
      loadKernels(wasm, options),
      streamWeights(source, (file) => placeWeights(${name}, nameWeights(wasm.buffer), file)),
    ]);`,
    hasConstants(model, 'inference') ? 'writeConstants(wasm.buffer);' : '',
    `const prepareInference = (): void => ${hasPhase(model, 'prepare') ? 'prepare(k)' : '{}'};`,
    'prepareInference();',
    'const forward = createForward(k, wasm);',
    'if (!hyperparameters) return { info, forward, close: () => {} };',
  ];
}

function trainerMemory(site: Site): string[] {
  const { model, training } = site;
  const isSplit = training.microBatches > 1;
  const results = Object.keys(model.outputs).map(
    (name) => `result.${name} = memory.${site.outputs.get(name)!.name};`,
  );
  return [
    'let memory = createMemory(wasm.buffer);',
    hasConstants(model, 'training') ? 'writeConstants(wasm.buffer);' : '',
    'let opened: Halves | undefined;',
    `/** The memory grows when a half is first called; all views of it are made anew here. */
    const halves = (): Halves => {
      if (opened) return opened;
      growMemory(${quoted(model.name)}, wasm, HALVES_PAGES);
      memory = createMemory(wasm.buffer);
      ${isSplit ? '' : results.join('\n')}
      Object.assign(parts, createParts());
      return (opened = createHalves(k, wasm.buffer));
    };`,
  ];
}

/** `runStep(k, m)`; the halves' memory is `h`. */
function phaseCall({ program }: Site, name: string, place: Place): string {
  const phase = program.phases.find((one) => one.name === name);
  if (!phase) return '';
  const used = storageNames(program, new Map()).used(phase.calls);
  const memory = place === 'step' ? 'm' : 'h';
  return `${runName(name)}(${['k', ...(used.includes('m') ? [memory] : [])].join(', ')})`;
}
