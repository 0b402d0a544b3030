/** All files of a package, formatted: the same model gives the same bytes. */
import { printGraph } from '../ir/printer.ts';
import { typescriptModule } from '../targets/typescript/module.ts';
import { formatTypescript, toDeclarations, toJavascript } from './format.ts';
import { indexModule } from './indexModule.ts';
import { packageJson, packageReadme } from './manifest.ts';
import { runtimeFile, type RuntimePart } from './runtimeFile.ts';
import type { CompiledModel, PackageFiles } from './types.ts';
import { weightsFile } from './weightsFile.ts';

export async function packageFiles(model: CompiledModel): Promise<PackageFiles> {
  const parts: RuntimePart[] = [
    'check',
    'weights',
    'topK',
    ...(model.preprocess ? (['image'] as const) : []),
  ];
  const sources = new Map([
    ['index.ts', indexModule(model)],
    ...typescriptModule(model.program, model.plan),
    ['runtime.ts', runtimeFile(parts)],
  ]);
  const files = new Map<string, string | Uint8Array>([
    ['package.json', packageJson(model)],
    ['README.md', packageReadme(model)],
    ['graph.txt', printGraph(model.graph)],
  ]);
  for (const [name, source] of sources) {
    const base = name.replace(/\.ts$/, '');
    const formatted = await formatTypescript(source);
    files.set(name, formatted);
    files.set(`${base}.js`, await toJavascript(formatted));
    files.set(`${base}.d.ts`, await toDeclarations(formatted, name));
  }
  files.set('weights.safetensors', weightsFile(model.program));
  return files;
}
