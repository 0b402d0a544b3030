/**
 * `training/trainer.ts`: the trainer's face over the generated phases. What it does step by step stands in
 * `runtime/training/trainer.ts`; here names meet arrays.
 */
import { Project, type SourceFile } from 'ts-morph';
import { sizeOf } from '../ir/types.ts';
import type { Buffer } from '../program/types.ts';
import { docComment } from '../emit/text.ts';
import { expectedTypes, typeTest } from './face.ts';
import { addImports, type Host } from './host.ts';
import { labelInputs } from './labels.ts';
import {
  copyInputs,
  gradientTypes,
  importPhases,
  output,
  partTypes,
  siteOf,
  scalarsText,
  stepTypes,
  takeInputs,
  type Site,
} from './trainingSite.ts';
import { writeTrainerTypes } from './trainerTypes.ts';
import type { CompiledModel, CompiledTraining } from './types.ts';

export function trainerModule(model: CompiledModel, training: CompiledTraining, host: Host): string {
  const site = siteOf(model, training, host);
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('trainer.ts');
  writeImports(file, site);
  writeTrainerTypes(file, site, 'immediate');
  writeCreate(file, site);
  const header = docComment([
    `Trains ${model.name}: a step is forward, loss, backward and update (${training.optimizer})${training.microBatches > 1 ? `,` : '.'}`,
    ...(training.microBatches > 1
      ? [`the first three for each of ${training.microBatches} micro-batches, whose gradients are averaged.`]
      : []),
  ]);
  return `${header}\n${file.getFullText()}`;
}

function writeImports(file: SourceFile, site: Site): void {
  const { program } = site;
  const hasPrepare = program.phases.some(({ name }) => name === 'prepare');
  const isSplit = site.training.microBatches > 1;
  importPhases(file, [
    ...(['forward', 'loss', 'step'] as const),
    ...(isSplit ? (['update'] as const) : []),
    ...(hasPrepare ? (['prepare'] as const) : []),
  ]);
  const own = site.host.trainer.imports(site);
  const runtime = own.filter(({ from }) => from === '../runtime.js').flatMap(({ names }) => names);
  addImports(file, [
    { from: './halves.js', names: ['createHalves', 'type Halves'] },
    ...own.filter(({ from }) => from !== '../runtime.js'),
    {
      from: '../runtime.js',
      names: [
        'checkInputs',
        ...(labelInputs(site.training.graph).length ? ['checkLabels'] : []),
        'createTrainerCore',
        ...(isSplit ? ['takePart'] : []),
        ...runtime,
        ...['Hyperparameters', 'LeftOut', 'LoadWeightsOptions'].map((name) => `type ${name}`),
      ],
    },
  ]);
}

function writeCreate(file: SourceFile, site: Site): void {
  const { model, training, host } = site;
  const gradients = gradientTypes(site);
  const sizes = (entries: readonly [string, Buffer][]) =>
    expectedTypes(
      Object.fromEntries(
        entries.map(([name, buffer]) => [name, { dtype: buffer.element, shape: buffer.layout.shape }]),
      ),
    );
  file.addStatements(`const inputTypes = ${expectedTypes(partTypes(site, model.inputs))};
const trainingTypes = ${expectedTypes(stepTypes(site))};
const outputGradientTypes = ${sizes(gradients.outputs)};
const parameterGradientTypes = ${sizes(gradients.parameters)};`);
  const isSplit = training.microBatches > 1;
  const outputs = Object.entries(model.outputs).map(([name, { shape }]) =>
    isSplit ? `${name}: new Float32Array(${sizeOf(shape)})` : `${name}: memory.${output(site, name)!.name}`,
  );
  file.addFunction({
    name: 'createTrainer',
    isExported: true,
    parameters: [
      ...host.trainer.parameters,
      { name: 'predict', type: '(inputs: TrainerInputs) => TrainerOutputs' },
      { name: 'prepareInference', type: '() => void' },
      { name: 'seed', type: 'number' },
      { name: 'hyperparameters', type: 'Hyperparameters' },
    ],
    returnType: 'Trainer',
    docs: ['`predict` and `prepareInference` belong to the inference program over the same parameters.'],
    statements: [
      ...host.trainer.before(site),
      `const result = { ${[...outputs, 'loss: 0'].join(', ')} };`,
      isSplit ? 'let given: TrainingInputs;' : '',
      ...host.trainer.core(site, partsText(site)),
      'let isStale = false;',
      `return ${trainerText(site)};`,
    ].filter((statement) => statement !== ''),
  });
}

const phaseCall = (site: Site, name: string): string => site.host.phaseCall(site, name, 'step');

/** What runtime/training/trainer.ts calls. */
const partsText = (site: Site): string => `{
  name: ${JSON.stringify(site.model.name)},
  parameters: ${site.host.trainer.named},
  step: {
    ${scalarsText(site)}
    loss: memory.${output(site, 'loss')!.name},
    ${stepText(site)}
  },
  halves,
  prepare: () => ${phaseCall(site, 'prepare') || '{}'},
}`;

function stepText(site: Site): string {
  const { model, training } = site;
  const run = (['forward', 'loss', 'step'] as const).map((name) => `${phaseCall(site, name)};`).join('\n');
  if (training.microBatches === 1) return `run() {\n${run}\n},`;
  const results = Object.keys(model.outputs).map((name) => {
    const view = `memory.${output(site, name)!.name}`;
    return `result.${name}.set(${view}, part * ${view}.length);`;
  });
  return `run(part) {
    ${takeInputs(site, Object.keys(stepTypes(site)))}
    ${run}
    ${results.join('\n')}
  },
  microBatches: { count: ${training.microBatches}, update: () => ${phaseCall(site, 'update')} },`;
}

function trainerText(site: Site): string {
  const { model, training } = site;
  const gradients = gradientTypes(site);
  const call = (method: string) => JSON.stringify(`${model.name}.${method}`);
  const types = stepTypes(site);
  const part = partTypes(site, model.inputs);
  const labelChecks = labelInputs(training.graph).map(
    ({ name, classes, ignored }) =>
      `checkLabels(${call('trainStep')}, ${JSON.stringify(name)}, inputs.${name}, ${classes}${ignored === undefined ? '' : `, ${ignored}`});`,
  );
  return `{
    hyperparameters,
    get step() {
      return core.step;
    },
    trainStep(inputs) {
      if (${typeTest('inputs', types)}) checkInputs(${call('trainStep')}, trainingTypes, inputs);
      ${labelChecks.join('\n')}
      ${training.microBatches > 1 ? 'given = inputs;' : copyInputs(site, Object.keys(types))}
      isStale = true;
      core.trainStep(result);
      return result;
    },
    forward(inputs) {
      if (${typeTest('inputs', part)}) checkInputs(${call('forward')}, inputTypes, inputs);
      const { memory, outputs } = halves();
      ${copyInputs(site, Object.keys(model.inputs))}
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
      const { outputGradients, gradients } = halves();
      ${gradients.outputs.map(([name]) => `outputGradients.${name}.set(given.${name});`).join('\n')}
      core.backward();
      return gradients;
    },
    applyGradients(given) {
      checkInputs(${call('applyGradients')}, parameterGradientTypes, given, 'gradient');
      const { toApply } = halves();
      for (const { name } of parameterGradientTypes) {
        if (given[name] !== toApply[name]) toApply[name].set(given[name]);
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
  }`;
}
