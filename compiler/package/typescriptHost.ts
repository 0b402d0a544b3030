/** The faces over a module of plain TypeScript: memory and weights are typed arrays that phases are handed. */
import { phaseStorage, storageNames, type Storage } from '../emit/storage.ts';
import { hasPhase, quoted, runName, type Host, type ImportText } from './host.ts';
import { hasWeights, type Site } from './trainingSite.ts';
import type { CompiledModel } from './types.ts';

const VARIABLES: Readonly<Record<Storage, string>> = { m: 'memory', w: 'weights', p: 'parameters' };
const TYPES: Readonly<Record<Storage, string>> = { m: '', w: 'Weights', p: 'Parameters' };

/** What `forward` reads beside the activations. */
const forwardStorage = (model: CompiledModel): readonly Storage[] =>
  phaseStorage(model.program, 'forward').filter((one) => one !== 'm');

export const typescriptHost: Host = {
  calls: 'immediate',
  runtime: ['weights'],
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
  load: (model) => (model.training ? loadTraining(model) : loadInference(model)),
  trainer: {
    parameters: [{ name: 'parameters', type: 'Parameters' }],
    arguments: ['parameters'],
    imports: ({ program }) => [
      { from: './memory.js', names: ['createMemory', ...(hasWeights(program) ? ['createWeights'] : [])] },
      { from: '../parameters.js', names: ['nameParameters', 'type Parameters'] },
    ],
    before: ({ program }) => [
      'const memory = createMemory();',
      hasWeights(program) ? 'const weights = createWeights();' : '',
      'let opened: Halves | undefined;',
      `/** Memory for the halves is made when one of them is first called. */
       const halves = (): Halves => (opened ??= createHalves(parameters${hasWeights(program) ? ', weights' : ''}));`,
    ],
    core: (_, parts) => [`const core = createTrainerCore(${parts}, seed, hyperparameters);`],
    named: 'nameParameters(parameters)',
  },
  halves: {
    parameters: ({ program }) => [
      { name: 'parameters', type: 'Parameters' },
      ...(hasWeights(program) ? [{ name: 'weights', type: 'Weights' }] : []),
    ],
    imports: ({ program }) => [
      { from: './halvesMemory.js', names: ['createHalvesMemory', 'type HalvesMemory'] },
      ...(hasWeights(program) ? [{ from: './memory.js', names: ['Weights'], isTypeOnly: true }] : []),
      { from: '../parameters.js', names: ['Parameters'], isTypeOnly: true },
    ],
    setUp: 'const memory = createHalvesMemory();',
    parameterArray: (_, key) => `parameters.${key}`,
  },
  phaseCall,
};

function indexImports(model: CompiledModel): ImportText[] {
  const trains = model.training !== undefined;
  const reads = readsWeights(model);
  const runtime = reads ? ['loadBytes'] : [];
  if (trains) runtime.push('readHyperparameters', 'readWeights');
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

/** `runStep(memory, parameters)`. */
function phaseCall({ program }: Site, name: string): string {
  const phase = program.phases.find((one) => one.name === name);
  if (!phase) return '';
  const used = storageNames(program, new Map()).used(phase.calls);
  return `${runName(name)}(${used.map((one) => VARIABLES[one]).join(', ')})`;
}
