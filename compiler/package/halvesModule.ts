/**
 * `training/halves.ts`: the halves of a training step (forward, backward, update) to be called by themselves, in
 * memory of their own: there every gradient is kept until the update, which a whole step need not do.
 */
import { Project, type SourceFile } from 'ts-morph';
import { accumulatorName } from '../autodiff/trainingGraph.ts';
import { parameterKeys } from '../emit/parameters.ts';
import { docComment } from '../emit/text.ts';
import { addImports, type Host } from './host.ts';
import {
  gradientTypes,
  halvesTypes,
  list,
  importPhases,
  output,
  partOutputs,
  scalarsText,
  siteOf,
  viewsOf,
  type Site,
} from './trainingSite.ts';
import type { CompiledModel, CompiledTraining } from './types.ts';

export function halvesModule(model: CompiledModel, training: CompiledTraining, host: Host): string {
  const site = siteOf(model, training, host);
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('halves.ts');
  writeImports(file, site);
  writeInterface(file, site);
  writeCreate(file, site);
  const header = docComment([
    `The halves of a training step of ${model.name}, each to be called by itself. They have memory of their own, in`,
    'which every gradient is kept until the update.',
  ]);
  return `${header}\n${file.getFullText()}`;
}

const hasInputGradient = ({ program }: Site): boolean =>
  program.phases.some(({ name }) => name === 'inputGradient');

function writeImports(file: SourceFile, site: Site): void {
  importPhases(
    file,
    hasInputGradient(site)
      ? ['forward', 'backward', 'inputGradient', 'update']
      : ['forward', 'backward', 'update'],
  );
  const own = site.host.halves.imports(site);
  addImports(file, [
    ...own.filter(({ from }) => from.startsWith('./')),
    {
      from: './trainer.js',
      names: ['Gradients', 'OutputGradients', 'ParameterGradients', halvesTypes(site)[1]],
      isTypeOnly: true,
    },
    ...own.filter(({ from }) => from.startsWith('../')),
    { from: '../runtime.js', names: ['HalvesPart'], isTypeOnly: true },
  ]);
}

function writeInterface(file: SourceFile, site: Site): void {
  file.addInterface({
    name: 'Halves',
    isExported: true,
    extends: ['HalvesPart'],
    properties: [
      { name: 'memory', type: 'HalvesMemory' },
      { name: 'outputs', type: halvesTypes(site)[1] },
      { name: 'outputGradients', type: 'OutputGradients', docs: ['Where `backward` begins.'] },
      { name: 'gradients', type: 'Gradients', docs: ['What it leaves behind.'] },
      { name: 'toApply', type: 'ParameterGradients', docs: ['What `update` reads.'] },
    ].map((property) => ({ ...property, isReadonly: true })),
  });
}

/** With micro-batches the update reads the sums of gradients. */
function toApply(site: Site): string {
  const { training, host } = site;
  if (training.microBatches === 1) return 'parameterGradients';
  const keys = parameterKeys(training.parameters);
  const sums = gradientTypes(site).parameters.map(([name]) => {
    const sum = accumulatorName(name);
    const parameter = training.parameters.find((one) => one.name === sum)!;
    return `${JSON.stringify(name)}: ${host.halves.parameterArray(parameter, keys.get(sum)!)}`;
  });
  return list(sums);
}

function writeCreate(file: SourceFile, site: Site): void {
  const { host } = site;
  const call = (name: string): string => host.phaseCall(site, name, 'halves');
  const gradients = gradientTypes(site);
  const outputs = Object.keys(partOutputs(site)).map((name) => [name, output(site, name)!] as const);
  const inputGradient = hasInputGradient(site) ? `${call('inputGradient')};` : '';
  file.addFunction({
    name: 'createHalves',
    isExported: true,
    parameters: [...host.halves.parameters(site)],
    returnType: 'Halves',
    statements: [
      host.halves.setUp,
      `const parameterGradients = ${viewsOf(gradients.parameters)};`,
      `return {
        memory,
        outputs: ${viewsOf(outputs)},
        outputGradients: ${viewsOf(gradients.outputs)},
        gradients: {
          inputs: ${viewsOf(gradients.inputs)},
          parameters: parameterGradients,
        },
        toApply: ${toApply(site)},
        ${scalarsText(site)}
        forward: () => ${call('forward')},
        backward() {
          ${call('backward')};
          ${inputGradient}
        },
        update: () => ${call('update')},
      };`,
    ],
  });
}
