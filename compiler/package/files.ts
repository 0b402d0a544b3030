/** All files of a package, formatted: the same model gives the same bytes. */
import { printGraph } from '../ir/printer.ts';
import { typescriptModule, type EmittedFile, type ModuleProgram } from '../targets/typescript/module.ts';
import { HALVES } from '../program/types.ts';
import { formatEmitted } from './format.ts';
import { halvesModule } from './halvesModule.ts';
import { indexModule } from './indexModule.ts';
import { packageJson, packageReadme } from './manifest.ts';
import { runtimeFile, type RuntimePart } from './runtimeFile.ts';
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
  for (const [name, source] of sourceFiles(model)) {
    const base = name.replace(/\.ts$/, '');
    const { typescript, javascript, declarations } = await formatEmitted(source, name);
    files.set(name, typescript);
    files.set(`${base}.js`, javascript);
    files.set(`${base}.d.ts`, declarations);
  }
  const weights = model.training ? canonicalWeightsFile(model.training) : packedWeightsFile(model.program);
  files.set('weights.safetensors', weights);
  return files;
}

/** Path to what stands there. */
function sourceFiles(model: CompiledModel): ReadonlyMap<string, EmittedFile> {
  const { training } = model;
  const source = (text: string): EmittedFile => ({ kind: 'source', text });
  return new Map<string, EmittedFile>([
    ['index.ts', source(indexModule(model))],
    ['runtime.ts', { kind: 'formatted', text: runtimeFile(runtimeParts(model)) }],
    ...(training
      ? ([
          ['training/trainer.ts', source(trainerModule(model, training))],
          ['training/halves.ts', source(halvesModule(model, training))],
        ] as const)
      : []),
    ...typescriptModule(model.name, programsOf(model), training?.parameters ?? []),
  ]);
}

function programsOf({ program, plan, training }: CompiledModel): ModuleProgram[] {
  if (!training) return [{ program, plan, folder: '', weights: 'file', timeline: HALVES }];
  return [
    { program, plan, folder: '', weights: 'prepared', timeline: HALVES },
    {
      ...{ program: training.program, plan: training.plan, halves: training.halves },
      timeline: training.timeline,
      ...({ folder: 'training/', weights: 'prepared' } as const),
    },
  ];
}

function runtimeParts(model: CompiledModel): RuntimePart[] {
  const image: RuntimePart[] = model.preprocess ? ['image'] : [];
  const training: RuntimePart[] = model.training ? ['trainer', 'schedule'] : [];
  return ['check', 'weights', 'topK', ...image, ...training];
}
