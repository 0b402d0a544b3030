/** The API of a package in plain TypeScript: phases take memory and weights as typed arrays. */
import { phaseStorage, type Storage } from '../../emit/storage.ts';
import { hasPhase, quoted, type ImmediateApi, type TrainerText } from '../../emit/api/types.ts';
import { phaseImports } from '../../emit/api/phaseImports.ts';
import { hasWeights } from '../../emit/api/trainingSite.ts';
import type { ImportText } from '../../emit/declarations.ts';
import type { CompiledModel } from '../../emit/model.ts';

const VARIABLES: Readonly<Record<Storage, string>> = { m: 'memory', w: 'weights', p: 'parameters' };
const TYPES: Readonly<Record<Storage, string>> = { m: '', w: 'Weights', p: 'Parameters' };

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

export const typescriptApi: ImmediateApi = {
  calls: 'immediate',
  indexImports,
  loadOptions: '',
  forward: (model) => ({
    parameters: forwardStorage(model).map((one) => ({ name: VARIABLES[one], type: TYPES[one] })),
    setUp: (results) => ['const memory = createMemory();', `const results: Outputs = ${results};`],
    begin: () => '',
    run: `runForward(${phaseStorage(model.program, 'forward')
      .map((one) => VARIABLES[one])
      .join(', ')});`,
  }),
  load: (model, source) => [...source, ...(model.training ? loadTraining(model) : loadInference(model))],
  trainer,
};

function indexImports(model: CompiledModel): ImportText[] {
  const trains = model.training !== undefined;
  const reads = readsWeights(model);
  const runtime = reads ? ['loadBytes'] : [];
  if (trains) runtime.push('arrayBackend', 'createTrainer', 'readHyperparameters', 'readWeights');
  else if (reads) runtime.push('parseSafetensors');
  const isMade = trains ? hasPhase(model, 'prepare') : reads;
  const weights = isMade ? [trains ? 'createWeights' : 'bindWeights', 'type Weights'] : [];
  return [
    { from: './memory.js', names: ['createMemory', ...weights] },
    ...(trains
      ? [{ from: './parameters.js', names: ['createParameters', 'nameParameters', 'type Parameters'] }]
      : []),
    { from: './runtime.js', names: runtime },
  ];
}

/** A network without weights reads no file. */
const readsWeights = (model: CompiledModel): boolean =>
  model.training !== undefined || phaseStorage(model.program, 'forward').includes('w');

const loadInference = (model: CompiledModel): string[] =>
  readsWeights(model)
    ? [
        'const weights = bindWeights(parseSafetensors(await loadBytes(source)));',
        'return { info, forward: createForward(weights), close: () => {} };',
      ]
    : ['return { info, forward: createForward(), close: () => {} };'];

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
    'if (!hyperparameters) return { info, forward, close: () => {} };',
  ];
}
