/** All files of a package, formatted: the same model gives the same bytes. */
import { printGraph } from '../ir/printer.ts';
import { typescriptModule, type ModuleProgram } from '../targets/typescript/module.ts';
import { formatParts, formatTypescript, toDeclarations } from './format.ts';
import { indexModule } from './indexModule.ts';
import { packageJson, packageReadme } from './manifest.ts';
import { runtimeFile, type RuntimePart } from './runtimeFile.ts';
import { stripTypes } from './stripTypes.ts';
import { trainerModule } from './trainerModule.ts';
import type { CompiledModel, PackageFiles } from './types.ts';
import { canonicalWeightsFile, packedWeightsFile } from './weightsFile.ts';

export async function packageFiles(model: CompiledModel): Promise<PackageFiles> {
  const files = new Map<string, string | Uint8Array>([
    ['package.json', packageJson(model)],
    ['README.md', packageReadme(model)],
    ['graph.txt', printGraph(model.graph)],
  ]);
  if (model.training) files.set('training/graph.txt', printGraph(model.training.graph));
  for (const [name, source] of await sourceFiles(model)) {
    const base = name.replace(/\.ts$/, '');
    files.set(name, source);
    files.set(`${base}.js`, stripTypes(source));
    files.set(`${base}.d.ts`, toDeclarations(source, name));
  }
  const weights = model.training ? canonicalWeightsFile(model.training) : packedWeightsFile(model.program);
  files.set('weights.safetensors', weights);
  return files;
}

/** Path to formatted TypeScript. */
async function sourceFiles(model: CompiledModel): Promise<ReadonlyMap<string, string>> {
  const { training } = model;
  const sources = new Map([
    ['index.ts', await formatTypescript(indexModule(model))],
    ['runtime.ts', runtimeFile(runtimeParts(model))],
  ]);
  if (training) sources.set('training/trainer.ts', await formatTypescript(trainerModule(model, training)));
  for (const [name, file] of typescriptModule(model.name, programsOf(model), training?.parameters ?? [])) {
    const text = file.isPrinted ? formatParts(file.parts) : formatTypescript(file.parts.join('\n'));
    sources.set(name, await text);
  }
  return sources;
}

function programsOf({ program, plan, training }: CompiledModel): ModuleProgram[] {
  if (!training) return [{ program, plan, folder: '', weights: 'file' }];
  return [
    { program, plan, folder: '', weights: 'prepared' },
    { program: training.program, plan: training.plan, folder: 'training/', weights: 'prepared' },
  ];
}

function runtimeParts(model: CompiledModel): RuntimePart[] {
  const image: RuntimePart[] = model.preprocess ? ['image'] : [];
  const training: RuntimePart[] = model.training ? ['trainer', 'schedule'] : [];
  return ['check', 'weights', 'topK', ...image, ...training];
}
