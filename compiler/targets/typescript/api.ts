/** The API of a package in plain TypeScript: phases take memory and weights as typed arrays. */
import { phaseStorage, type Storage } from '../../emit/storage.ts';
import { hasPhase, quoted, type ImmediateApi, type TrainerText } from '../../emit/api/types.ts';
import { phaseImports } from '../../emit/api/phaseImports.ts';
import { withImageCalls } from '../../emit/api/imageCalls.ts';
import { hasWeights } from '../../emit/api/trainingSite.ts';
import type { ImportText } from '../../emit/declarations.ts';
import { takesOthers, type CanonicalWeights, type CompiledModel } from '../../emit/model.ts';
import { flagText } from '../../emit/weights.ts';
import type { Program } from '../../program/types.ts';
import { tensorStorage } from './stagedModule.ts';

const VARIABLES: Readonly<Record<Storage, string>> = {
  m: 'memory',
  w: 'weights',
  p: 'parameters',
  s: 'staged',
};
const TYPES: Readonly<Record<Storage, string>> = { m: '', w: 'Weights', p: 'Parameters', s: 'Staged' };

/** The objects that `forward` reads in addition to the activations. */
const forwardStorage = (model: CompiledModel): readonly Storage[] =>
  phaseStorage(model.program, 'forward').filter((one) => one !== 'm');

const trainer: TrainerText = {
  imports: (site) => {
    const weights = hasWeights(site.program) ? ['createWeights', 'type Weights'] : [];
    return [
      ...phaseImports(site),
      { from: './halvesMemory.js', names: ['createHalvesMemory', 'type HalvesMemory'] },
      { from: './memory.js', names: ['createMemory', 'type Memory', ...weights] },
      { from: '../parameters.js', names: ['nameParameters', 'type Parameters'] },
    ];
  },
  runtimeTypes: ['ArrayTraining'],
  recordType: ({ program }) =>
    `ArrayTraining<Memory, HalvesMemory, Parameters${hasWeights(program) ? ', Weights' : ''}>`,
  recordDoc: 'The training plan: names, shapes and arrays of all tensors, and the phases that run.',
  fields: ({ program }) => [
    'createMemory,',
    'createHalvesMemory,',
    hasWeights(program) ? 'createWeights,' : 'createWeights: () => undefined,',
    'nameParameters,',
  ],
  place: ({ name }) => `'${name}'`,
  phase: ({ program }, name) => {
    const list = phaseStorage(program, name)
      .map((one) => VARIABLES[one])
      .join(', ');
    return `({ ${list} }) => ${name}(${list})`;
  },
  members: { first: '', last: '  close(): void;' },
  create:
    'createTrainer(training, arrayBackend(training, parameters), { prepare: prepareInference, predict: forward }, { seed, hyperparameters })',
};

const runText = (program: Program, suffix: string): string => {
  const storage = phaseStorage(program, 'forward').map((one) => VARIABLES[one]);
  return `runForward${suffix}(${storage.join(', ')})`;
};

export const typescriptApi: ImmediateApi = {
  calls: 'immediate',
  indexImports,
  loadOptions: '',
  forward: (model) => ({
    parameters: forwardStorage(model).map((one) => ({ name: VARIABLES[one], type: TYPES[one] })),
    setUp: (results) => ['const memory = createMemory();', `const results: Outputs = ${results};`],
    begin: () => '',
    run: runText(model.program, ''),
    batches: {
      setUp: ['const arena = new ArrayBuffer(ARENA_BYTES);'],
      imports: ['ARENA_BYTES'],
      create: (suffix) => `createMemory${suffix}(arena)`,
      run: runText,
    },
  }),
  load: (model, source) => {
    if (model.training) return [...source, ...loadTraining(model)];
    return [...source, ...(model.canonical ? loadStaged(model) : loadInference(model))];
  },
  trainer,
};

function indexImports(model: CompiledModel): ImportText[] {
  const trains = model.training !== undefined;
  const reads = readsWeights(model);
  const { canonical } = model;
  const runtime = reads && !canonical ? ['loadBytes'] : [];
  if (trains) runtime.push('arrayBackend', 'createTrainer', 'readHyperparameters', 'readWeights');
  else if (canonical)
    runtime.push(...(takesOthers(model) ? ['fillStaged'] : []), 'streamStaged', 'type StagedWeights');
  else if (reads) runtime.push('parseSafetensors');
  const isMade = trains ? hasPhase(model, 'prepare') : reads;
  const weights = isMade ? [trains || canonical ? 'createWeights' : 'bindWeights', 'type Weights'] : [];
  return [
    { from: './memory.js', names: ['createMemory', ...weights] },
    ...(trains
      ? [{ from: './parameters.js', names: ['createParameters', 'nameParameters', 'type Parameters'] }]
      : []),
    { from: './parameters.js', names: canonical ? stagedNames(canonical) : [] },
    { from: './runtime.js', names: runtime },
  ];
}

const usesStaged = ({ staging }: CanonicalWeights): boolean => staging.plan.placements.size > 0;

const stagedNames = (canonical: CanonicalWeights): string[] => [
  ...(usesStaged(canonical) ? ['createStaged'] : []),
  'nameWeights',
];

/** A network without weights reads no file. */
const readsWeights = (model: CompiledModel): boolean =>
  model.training !== undefined || phaseStorage(model.program, 'forward').includes('w');

const loadInference = (model: CompiledModel): string[] => {
  const returned = (weights: string): string =>
    `return ${withImageCalls(model, `{ info, forward: createForward(${weights}), close: () => {} }`)};`;
  return readsWeights(model)
    ? ['const weights = bindWeights(parseSafetensors(await loadBytes(source)));', returned('weights')]
    : [returned('')];
};

function loadStaged(model: CompiledModel): string[] {
  const { canonical, program } = model;
  const list = (storage: readonly Storage[]): string => storage.map((one) => VARIABLES[one]).join(', ');
  const steps = hasPhase(model, 'prepare') ? `prepare(${list(phaseStorage(program, 'prepare'))})` : '[]';
  const tensors = `nameWeights(${list(tensorStorage(program, canonical!))})`;
  const stage = `{ name: ${quoted(model.name)}, tensors: ${tensors}, steps: ${steps}${flagText(model)} }`;
  return [
    'const weights = createWeights();',
    usesStaged(canonical!)
      ? `const stage = (): StagedWeights => {
      const staged = createStaged();
      return ${stage};
    };`
      : `const stage = (): StagedWeights => (${stage});`,
    'await streamStaged(source, undefined, stage);',
    `return ${withImageCalls(
      model,
      `{ info, forward: createForward(weights), ${takesOthers(model) ? 'loadWeights: (bytes) => fillStaged(stage(), bytes), ' : ''}close: () => {} }`,
    )};`,
  ];
}

function loadTraining(model: CompiledModel): string[] {
  const prepare = hasPhase(model, 'prepare');
  const used = prepare ? phaseStorage(model.program, 'prepare') : [];
  return [
    'const parameters = createParameters();',
    `readWeights(${quoted(model.name)}, nameParameters(parameters), await loadBytes(source));`,
    prepare ? 'const weights = createWeights();' : '',
    prepare
      ? `const prepareInference = (): void => prepare(${used.map((one) => VARIABLES[one]).join(', ')});`
      : 'const prepareInference = (): void => {};',
    'prepareInference();',
    `const forward = createForward(${forwardStorage(model)
      .map((one) => VARIABLES[one])
      .join(', ')});`,
    `if (!hyperparameters) return ${withImageCalls(model, '{ info, forward, close: () => {} }')};`,
  ];
}
