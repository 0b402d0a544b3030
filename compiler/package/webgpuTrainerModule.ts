/**
 * `training/trainer.ts` over WebGPU: the trainer's types, and what lies where on the GPU by name. What it does step by
 * step stands in runtime/webgpu/trainer.ts.
 */
import { Project } from 'ts-morph';
import { accumulatorName } from '../autodiff/trainingGraph.ts';
import { parameterKeys } from '../emit/parameters.ts';
import { docComment } from '../emit/text.ts';
import type { Buffer, PhaseName } from '../program/types.ts';
import { addImports, quoted } from './host.ts';
import { labelInputs } from './labels.ts';
import {
  gradientTypes,
  hyperName,
  isSeed,
  ofRole,
  output,
  partOutputs,
  scalarsText,
  stepTypes,
  trainingSite,
  type TrainingSite,
} from './trainingSite.ts';
import { writeTrainerTypes } from './trainerTypes.ts';
import type { CompiledModel, CompiledTraining } from './types.ts';

export function webgpuTrainerModule(model: CompiledModel, training: CompiledTraining): string {
  const site = trainingSite(model, training);
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('trainer.ts');
  addImports(file, imports(site));
  writeTrainerTypes(file, site, 'promised');
  file.addStatements(programText(site));
  const header = docComment([
    `Trains ${model.name}: a step is forward, loss, backward and update (${training.optimizer})${training.microBatches > 1 ? ',' : '.'}`,
    ...(training.microBatches > 1
      ? [`the first three for each of ${training.microBatches} micro-batches, whose gradients are averaged.`]
      : []),
  ]);
  return `${header}\n${file.getFullText()}`;
}

const has = ({ program }: TrainingSite, name: PhaseName): boolean =>
  program.phases.some((phase) => phase.name === name);

/** The phases of the halves. */
const backwardPhases = (site: TrainingSite): PhaseName[] =>
  has(site, 'inputGradient') ? ['backward', 'inputGradient'] : ['backward'];

const alias = (phase: PhaseName): string => `${phase}Half`;

const TYPES = [
  ...['GpuDevice', 'GpuLoss', 'GpuPrecision', 'GpuTraining', 'Hyperparameters', 'KernelFamily', 'LeftOut'],
  'LoadWeightsOptions',
] as const;

function imports(site: TrainingSite) {
  const isSplit = site.training.microBatches > 1;
  const step: PhaseName[] = ['forward', 'loss', 'step', ...(isSplit ? (['update'] as const) : [])];
  const prepare: PhaseName[] = has(site, 'prepare') ? ['prepare'] : [];
  const halves: PhaseName[] = ['forward', ...backwardPhases(site), 'update'];
  return [
    { from: '../parameters.js', names: isSplit ? ['p', 'parameters'] : ['parameters'] },
    {
      from: '../runtime.js',
      names: TYPES.map((name) => `type ${name}`),
    },
    ...[...step, ...prepare].map((name) => ({ from: `./${name}.js`, names: [name] })),
    ...halves.map((name) => ({ from: `./halves/${name}.js`, names: [`${name} as ${alias(name)}`] })),
    { from: './halves/memory.js', names: ['h', 'HALVES_BYTES'] },
    { from: './memory.js', names: ['constants', 'm', 'sizes'] },
  ];
}

const phaseList = (names: readonly string[]): string => `[${names.join(', ')}]`;

/** `{ name, shape, dtype, range }` of each. */
const tensors = (entries: readonly (readonly [string, Buffer])[], memory: 'm' | 'h'): string =>
  `[${entries
    .map(
      ([name, { element, layout, name: key }]) =>
        `{ name: ${quoted(name)}, shape: [${layout.shape.join(', ')}], dtype: '${element}', range: ${memory}.${key} },`,
    )
    .join('\n')}]`;

const inputsOf = (site: TrainingSite, names: readonly string[]): (readonly [string, Buffer])[] =>
  ofRole(site, 'input')
    .filter((buffer) => hyperName(buffer) === undefined && !isSeed(buffer))
    .filter(({ publicName }) => names.includes(publicName!))
    .map((buffer) => [buffer.publicName!, buffer] as const);

const outputsOf = (site: TrainingSite, names: readonly string[]): (readonly [string, Buffer])[] =>
  names.map((name) => [name, output(site, name)!] as const);

function programText(site: TrainingSite): string {
  const { model, training } = site;
  const prepares = has(site, 'prepare') ? ['prepare'] : [];
  return `
/** Where everything lies on the GPU, and what runs on it. */
export const training: GpuTraining = {
  name: ${quoted(model.name)},
  microBatches: ${training.microBatches},
  sizes,
  parameters,
  constants,
  prepare: ${phaseList(prepares)},
  step: ${stepText(site)},
  halves: ${halvesText(site)},
};`;
}

function stepText(site: TrainingSite): string {
  const { model, training } = site;
  const labels = labelInputs(training.graph).map(
    ({ name, classes, ignored }) =>
      `{ name: ${quoted(name)}, classes: ${classes}${ignored === undefined ? '' : `, ignored: ${ignored}`} }`,
  );
  return `{
    inputs: ${tensors(inputsOf(site, Object.keys(stepTypes(site))), 'm')},
    outputs: ${tensors(outputsOf(site, Object.keys(model.outputs)), 'm')},
    ${scalarsText(site, 'm')}
    loss: m.${output(site, 'loss')!.name},
    labels: [${labels.join(', ')}],
    run: [forward, loss, step],
    ${training.microBatches > 1 ? 'update,' : ''}
  }`;
}

function halvesText(site: TrainingSite): string {
  const { model } = site;
  const gradients = gradientTypes(site);
  return `{
    bytes: HALVES_BYTES,
    inputs: ${tensors(inputsOf(site, Object.keys(model.inputs)), 'h')},
    outputs: ${tensors(outputsOf(site, Object.keys(partOutputs(site))), 'h')},
    ${scalarsText(site, 'h')}
    outputGradients: ${tensors(gradients.outputs, 'h')},
    inputGradients: ${tensors(gradients.inputs, 'h')},
    parameterGradients: ${tensors(gradients.parameters, 'h')},
    toApply: ${toApply(site)},
    forward: [${alias('forward')}],
    backward: ${phaseList(backwardPhases(site).map(alias))},
    update: [${alias('update')}],
  }`;
}

/** With micro-batches the update reads the sums of gradients. */
function toApply(site: TrainingSite): string {
  const { training } = site;
  const gradients = gradientTypes(site).parameters;
  if (training.microBatches === 1) return tensors(gradients, 'h');
  const keys = parameterKeys(training.parameters);
  const sums = gradients.map(([name, { layout }]) => {
    const key = keys.get(accumulatorName(name));
    return `{ name: ${quoted(name)}, shape: [${layout.shape.join(', ')}], dtype: 'f32', range: p.${key} },`;
  });
  return `[${sums.join('\n')}]`;
}
