/** All files of a package, formatted: the same model gives the same bytes. */
import { printGraph } from '../ir/printer.ts';
import { typescriptModule } from '../targets/typescript/module.ts';
import { formatParts, formatTypescript, toDeclarations } from './format.ts';
import { indexModule } from './indexModule.ts';
import { packageJson, packageReadme } from './manifest.ts';
import { runtimeFile, type RuntimePart } from './runtimeFile.ts';
import { stripTypes } from './stripTypes.ts';
import type { CompiledModel, PackageFiles } from './types.ts';
import { weightsFile } from './weightsFile.ts';

export async function packageFiles(model: CompiledModel): Promise<PackageFiles> {
  const parts: RuntimePart[] = [
    'check',
    'weights',
    'topK',
    ...(model.preprocess ? (['image'] as const) : []),
  ];
  const emitted = [...typescriptModule(model.program, model.plan)];
  const sources = new Map<string, string>([
    ['index.ts', await formatTypescript(indexModule(model))],
    ['runtime.ts', runtimeFile(parts)],
  ]);
  for (const [name, file] of emitted) {
    const text = file.isPrinted ? formatParts(file.parts) : formatTypescript(file.parts.join('\n'));
    sources.set(name, await text);
  }
  const files = new Map<string, string | Uint8Array>([
    ['package.json', packageJson(model)],
    ['README.md', packageReadme(model)],
    ['graph.txt', printGraph(model.graph)],
  ]);
  for (const [name, source] of sources) {
    const base = name.replace(/\.ts$/, '');
    files.set(name, source);
    files.set(`${base}.js`, stripTypes(source));
    files.set(`${base}.d.ts`, toDeclarations(source, name));
  }
  files.set('weights.safetensors', weightsFile(model.program));
  return files;
}
