/**
 * `training/trainer.ts`: the trainer's face over the generated phases. What it does step by step stands in
 * `runtime/trainer.ts`; here names meet arrays.
 */
import { Project, type SourceFile } from 'ts-morph';
import {
  hyperparameterOf,
  inputGradientName,
  outputGradientName,
  parameterGradientName,
} from '../autodiff/trainingGraph.ts';
import type { Buffer, Program } from '../program/types.ts';
import { ARRAYS, docComment } from '../targets/typescript/printer.ts';
import { storageNames, type Storage } from '../targets/typescript/storage.ts';
import { labelInputs } from './labels.ts';
import { describeTensor, expectedTypes, tensorProperties, typeTest } from './face.ts';
import type { CompiledModel, CompiledTraining } from './types.ts';

/** Not an input of the network: the host feeds these itself. */
const hyperName = (buffer: Buffer): string | undefined => hyperparameterOf(buffer.publicName ?? '');
const isSeed = (buffer: Buffer): boolean => buffer.publicName === 'seed';

interface Site {
  readonly model: CompiledModel;
  readonly training: CompiledTraining;
  readonly program: Program;
}

const ofRole = ({ program }: Site, role: Buffer['role']): Buffer[] =>
  program.buffers.filter((buffer) => buffer.role === role);

const output = (site: Site, name: string): Buffer | undefined =>
  ofRole(site, 'output').find(({ publicName }) => publicName === name);

const list = (entries: readonly string[]): string => `{ ${entries.join(', ')} }`;

export function trainerModule(model: CompiledModel, training: CompiledTraining): string {
  const site: Site = { model, training, program: training.program };
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('trainer.ts');
  writeImports(file, site);
  writeInterfaces(file, site);
  writeCreate(file, site);
  const header = docComment([
    `Trains ${model.name}: a step is forward, loss, backward and update (${training.optimizer}).`,
  ]);
  return `${header}\n${file.getFullText()}`;
}

function writeImports(file: SourceFile, site: Site): void {
  const { program } = site;
  const phases = program.phases.map(({ name }) => name);
  for (const name of phases) {
    file.addImportDeclaration({
      moduleSpecifier: `./${name}.js`,
      namedImports: [{ name, alias: runName(name) }],
    });
  }
  const weights = hasWeights(program) ? ['createWeights'] : [];
  file.addImportDeclaration({ moduleSpecifier: './memory.js', namedImports: ['createMemory', ...weights] });
  file.addImportDeclaration({
    moduleSpecifier: '../parameters.js',
    namedImports: ['nameParameters', { name: 'Parameters', isTypeOnly: true }],
  });
  file.addImportDeclaration({
    moduleSpecifier: '../runtime.js',
    namedImports: [
      'checkInputs',
      ...(labelInputs(site.training.graph).length ? ['checkLabels'] : []),
      'createTrainerCore',
      ...['Hyperparameters', 'LeftOut', 'LoadWeightsOptions'].map((name) => ({ name, isTypeOnly: true })),
    ],
  });
}

const runName = (phase: string): string => `run${phase[0]!.toUpperCase()}${phase.slice(1)}`;

const hasWeights = (program: Program): boolean => {
  const storage = storageNames(program, new Map());
  return program.phases.some(({ calls }) => storage.used(calls).includes('w'));
};

const gradientTypes = (
  site: Site,
): { outputs: [string, Buffer][]; inputs: [string, Buffer][]; parameters: [string, Buffer][] } => {
  const pick = (names: readonly string[], gradientName: (name: string) => string) =>
    names.flatMap((name): [string, Buffer][] => {
      const buffer = output(site, gradientName(name));
      return buffer ? [[name, buffer]] : [];
    });
  return {
    outputs: pick(Object.keys(site.model.outputs), outputGradientName),
    inputs: pick(Object.keys(site.model.inputs), inputGradientName),
    parameters: pick(
      site.training.parameters.filter(({ role }) => role === 'weight').map(({ name }) => name),
      parameterGradientName,
    ),
  };
};

const arrayProperties = (entries: readonly [string, Buffer][], what: string) =>
  entries.map(([name, buffer]) => ({
    name: JSON.stringify(name),
    type: ARRAYS[buffer.element],
    isReadonly: true,
    docs: [`${what}${describeTensor({ dtype: buffer.element, shape: buffer.layout.shape })}`],
  }));

function writeInterfaces(file: SourceFile, site: Site): void {
  const { model, training } = site;
  const gradients = gradientTypes(site);
  const add = (name: string, docs: string[], properties: ReturnType<typeof tensorProperties>) =>
    file.addInterface({ name, isExported: true, docs, properties });
  add('TrainerInputs', ['What the network reads.'], tensorProperties(model.inputs));
  add(
    'TrainingInputs',
    ["What a training step reads: the network's inputs, and what the loss compares with."],
    tensorProperties({ ...model.inputs, ...training.targets }),
  );
  add('TrainerOutputs', [], tensorProperties(model.outputs));
  add(
    'OutputGradients',
    ['Gradients of a loss with respect to the outputs.'],
    arrayProperties(gradients.outputs, ''),
  );
  add('InputGradients', [], arrayProperties(gradients.inputs, ''));
  add(
    'ParameterGradients',
    ["In canonical shapes, by PyTorch's names."],
    arrayProperties(gradients.parameters, ''),
  );
  file.addInterface({
    name: 'Gradients',
    isExported: true,
    properties: [
      { name: 'inputs', type: 'InputGradients', isReadonly: true },
      { name: 'parameters', type: 'ParameterGradients', isReadonly: true },
    ],
  });
  file.addInterface({
    name: 'StepResult',
    isExported: true,
    extends: ['TrainerOutputs'],
    properties: [{ name: 'loss', type: 'number', isReadonly: true, docs: ['Before the step.'] }],
  });
  file.addStatements(TRAINER_INTERFACE);
}

const TRAINER_INTERFACE = `
export interface Trainer {
  /** May be changed between steps: schedules do. */
  readonly hyperparameters: Hyperparameters;
  /** Steps done. */
  readonly step: number;
  /** Forward, loss, backward, update. The result is overwritten by the next call. */
  trainStep(inputs: TrainingInputs): StepResult;
  /** The forward pass in training mode: batch statistics, dropout. Keeps what \`backward\` needs. */
  forward(inputs: TrainerInputs): TrainerOutputs;
  /** Evaluation mode: running statistics, no dropout. */
  predict(inputs: TrainerInputs): TrainerOutputs;
  /** From gradients of the outputs to those of inputs and parameters, for the last \`forward\`. */
  backward(gradients: OutputGradients): Gradients;
  /** The optimizer step for given gradients, so that others can average them first. */
  applyGradients(gradients: ParameterGradients): void;
  /** Weights and running statistics as safetensors, with PyTorch's names and shapes. */
  exportWeights(): Uint8Array;
  /** Throws when the file does not fit; \`partial\` takes what fits and says what was left out. */
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): LeftOut[];
  /** Everything that is needed to go on bit for bit. */
  saveState(): Uint8Array;
  loadState(bytes: Uint8Array | ArrayBuffer): void;
  close(): void;
}
`;

function writeCreate(file: SourceFile, site: Site): void {
  const { model, training, program } = site;
  const gradients = gradientTypes(site);
  const call = (method: string) => JSON.stringify(`${model.name}.${method}`);
  const targets = Object.keys(training.targets);
  const labels = labelInputs(training.graph);
  const memoryOf = (name: string): string =>
    `memory.${ofRole(site, 'input').find(({ publicName }) => publicName === name)!.name}`;
  const set = (from: string, names: readonly string[]): string =>
    names
      .filter((name) => ofRole(site, 'input').some(({ publicName }) => publicName === name))
      .map((name) => `${memoryOf(name)}.set(${from}.${name});`)
      .join('\n');
  const inputs = Object.keys(model.inputs);
  const outputs = Object.keys(model.outputs).map((name) => `${name}: memory.${output(site, name)!.name}`);
  const arrays = (entries: readonly [string, Buffer][]) =>
    list(entries.map(([name, buffer]) => `${JSON.stringify(name)}: memory.${buffer.name}`));
  const sizes = (entries: readonly [string, Buffer][]) =>
    expectedTypes(
      Object.fromEntries(
        entries.map(([name, buffer]) => [name, { dtype: buffer.element, shape: buffer.layout.shape }]),
      ),
    );
  file.addStatements(`const inputTypes = ${expectedTypes(model.inputs)};
const trainingTypes = ${expectedTypes({ ...model.inputs, ...training.targets })};
const outputGradientTypes = ${sizes(gradients.outputs)};
const parameterGradientTypes = ${sizes(gradients.parameters)};`);
  file.addFunction({
    name: 'createTrainer',
    isExported: true,
    parameters: [
      { name: 'parameters', type: 'Parameters' },
      { name: 'predict', type: '(inputs: TrainerInputs) => TrainerOutputs' },
      { name: 'prepareInference', type: '() => void' },
      { name: 'seed', type: 'number' },
      { name: 'hyperparameters', type: 'Hyperparameters' },
    ],
    returnType: 'Trainer',
    docs: ['`predict` and `prepareInference` belong to the inference program over the same parameters.'],
    statements: [
      'const memory = createMemory();',
      hasWeights(program) ? 'const weights = createWeights();' : '',
      `const core = createTrainerCore(${partsText(site)}, seed, hyperparameters);`,
      'let isStale = false;',
      `const outputs: TrainerOutputs = ${list(outputs)};`,
      `const result = { ...outputs, loss: 0 };`,
      `const outputGradients: OutputGradients = ${arrays(gradients.outputs)};`,
      `const inputGradients: InputGradients = ${arrays(gradients.inputs)};`,
      `const parameterGradients: ParameterGradients = ${arrays(gradients.parameters)};`,
      'const gradients: Gradients = { inputs: inputGradients, parameters: parameterGradients };',
      `return {
        hyperparameters,
        get step() {
          return core.step;
        },
        trainStep(inputs) {
          if (${typeTest('inputs', { ...model.inputs, ...training.targets })}) checkInputs(${call('trainStep')}, trainingTypes, inputs);
          ${labels.map(({ name, classes, ignored }) => `checkLabels(${call('trainStep')}, ${JSON.stringify(name)}, inputs.${name}, ${classes}${ignored === undefined ? '' : `, ${ignored}`});`).join('\n')}
          ${set('inputs', [...inputs, ...targets])}
          isStale = true;
          result.loss = core.trainStep();
          return result;
        },
        forward(inputs) {
          if (${typeTest('inputs', model.inputs)}) checkInputs(${call('forward')}, inputTypes, inputs);
          ${set('inputs', inputs)}
          core.forward();
          isStale = true;
          return outputs;
        },
        predict(inputs) {
          if (isStale) prepareInference();
          isStale = false;
          return predict(inputs);
        },
        backward(given) {
          checkInputs(${call('backward')}, outputGradientTypes, given, 'gradient');
          ${gradients.outputs.map(([name]) => `outputGradients.${name}.set(given.${name});`).join('\n')}
          core.backward();
          ${program.phases.some(({ name }) => name === 'inputGradient') ? `${phaseCall(program, 'inputGradient')};` : ''}
          return gradients;
        },
        applyGradients(given) {
          checkInputs(${call('applyGradients')}, parameterGradientTypes, given, 'gradient');
          for (const { name } of parameterGradientTypes) {
            if (given[name] !== parameterGradients[name]) parameterGradients[name].set(given[name]);
          }
          core.applyGradients();
          isStale = true;
        },
        exportWeights: core.exportWeights,
        loadWeights(bytes, options) {
          isStale = true;
          return core.loadWeights(bytes, options);
        },
        saveState: core.saveState,
        loadState(bytes) {
          core.loadState(bytes);
          isStale = true;
        },
        close: () => {},
      };`,
    ].filter((statement) => statement !== ''),
  });
}

const STORAGE_VARIABLES: Readonly<Record<Storage, string>> = { m: 'memory', w: 'weights', p: 'parameters' };

function phaseCall(program: Program, name: string): string {
  const phase = program.phases.find((one) => one.name === name);
  if (!phase) return '';
  const used = storageNames(program, new Map()).used(phase.calls);
  return `${runName(name)}(${used.map((one) => STORAGE_VARIABLES[one]).join(', ')})`;
}

/** The generated halves, by the names that runtime/trainer.ts gives them. */
function partsText(site: Site): string {
  const { model, program } = site;
  const inputs = ofRole(site, 'input');
  const hyper = inputs.flatMap((buffer) => {
    const name = hyperName(buffer);
    return name === undefined ? [] : [`${name}: memory.${buffer.name}`];
  });
  const seed = inputs.find(isSeed);
  const run = (name: string): string => `() => ${phaseCall(program, name) || '{}'}`;
  return `{
    name: ${JSON.stringify(model.name)},
    parameters: nameParameters(parameters),
    hyper: ${list(hyper)},
    ${seed ? `seed: memory.${seed.name},` : ''}
    loss: memory.${output(site, 'loss')!.name},
    forward: ${run('forward')},
    computeLoss: ${run('loss')},
    backward: ${run('backward')},
    update: ${run('update')},
    prepare: ${run('prepare')},
  }`;
}
