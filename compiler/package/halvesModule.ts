/**
 * `training/halves.ts`: the halves of a training step (forward, backward, update) to be called by themselves, in
 * memory of their own: there every gradient is kept until the update, which a whole step need not do.
 */
import { Project, type SourceFile } from 'ts-morph';
import { accumulatorName } from '../autodiff/trainingGraph.ts';
import { parameterKeys } from '../targets/typescript/parametersModule.ts';
import { docComment } from '../targets/typescript/printer.ts';
import {
  gradientTypes,
  halvesTypes,
  list,
  hasWeights,
  importPhases,
  output,
  partOutputs,
  phaseCall,
  scalarsText,
  siteOf,
  viewsOf,
  type Site,
} from './trainingSite.ts';
import type { CompiledModel, CompiledTraining } from './types.ts';

export function halvesModule(model: CompiledModel, training: CompiledTraining): string {
  const site = siteOf(model, training);
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
  const types = (moduleSpecifier: string, namedImports: string[]) =>
    file.addImportDeclaration({ isTypeOnly: true, moduleSpecifier, namedImports });
  file.addImportDeclaration({
    moduleSpecifier: './halvesMemory.js',
    namedImports: ['createHalvesMemory', { name: 'HalvesMemory', isTypeOnly: true }],
  });
  if (hasWeights(site.program)) types('./memory.js', ['Weights']);
  types('./trainer.js', ['Gradients', 'OutputGradients', 'ParameterGradients', halvesTypes(site)[1]]);
  types('../parameters.js', ['Parameters']);
  types('../runtime.js', ['HalvesPart']);
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
  const { training } = site;
  if (training.microBatches === 1) return 'parameterGradients';
  const keys = parameterKeys(training.parameters);
  const sums = gradientTypes(site).parameters.map(
    ([name]) => `${JSON.stringify(name)}: parameters.${keys.get(accumulatorName(name))}`,
  );
  return list(sums);
}

function writeCreate(file: SourceFile, site: Site): void {
  const { program } = site;
  const gradients = gradientTypes(site);
  const outputs = Object.keys(partOutputs(site)).map((name) => [name, output(site, name)!] as const);
  const inputGradient = hasInputGradient(site) ? `${phaseCall(program, 'inputGradient')};` : '';
  file.addFunction({
    name: 'createHalves',
    isExported: true,
    parameters: [
      { name: 'parameters', type: 'Parameters' },
      ...(hasWeights(program) ? [{ name: 'weights', type: 'Weights' }] : []),
    ],
    returnType: 'Halves',
    statements: [
      'const memory = createHalvesMemory();',
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
        forward: () => ${phaseCall(program, 'forward')},
        backward() {
          ${phaseCall(program, 'backward')};
          ${inputGradient}
        },
        update: () => ${phaseCall(program, 'update')},
      };`,
    ],
  });
}
