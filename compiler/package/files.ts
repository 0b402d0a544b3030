/** All files of a package, formatted: the same model gives the same bytes. */
import type { EmitHost } from '../emit/host.ts';
import { layersJson } from '../emit/layers.ts';
import { parameterKeys } from '../emit/parameters.ts';
import { storageNames } from '../emit/storage.ts';
import type { EmittedFile } from '../emit/types.ts';
import { printGraph } from '../ir/printer.ts';
import type { Kernel } from '../kernel/types.ts';
import type { KnownTarget } from '../targets/index.ts';
import { typescriptModule } from '../targets/typescript/module.ts';
import { wasmModule } from '../targets/wasm/module.ts';
import { dispatchesOf } from '../kernel/parts.ts';
import { webgpuModule } from '../targets/webgpu/module.ts';
import { chooserModule, inOrderOfPreference } from './chooserModule.ts';
import { formatEmitted } from './format.ts';
import type { Host, PromisingHost } from './host.ts';
import { indexModule } from './indexModule.ts';
import { packageJson, packageReadme } from './manifest.ts';
import { programsOf } from './programs.ts';
import { runtimeFile } from './runtimeFile.ts';
import { trainingModule } from './trainingModule.ts';
import type { CompiledModel, PackageFiles, PackageOptions } from './types.ts';
import { typescriptHost } from './typescriptHost.ts';
import { wasmHost } from './wasmHost.ts';
import { wasmLayout } from './wasmPackage.ts';
import { webgpuHost } from './webgpuHost.ts';
import { canonicalWeightsFile, packedWeightsFile } from './weightsFile.ts';

type Contents = string | Uint8Array;
type Sources = ReadonlyMap<string, EmittedFile>;

/** What a target writes: its sources, and files that are done. */
interface TargetFiles {
  readonly sources: Sources;
  readonly assets: ReadonlyMap<string, Contents>;
}

const HOSTS: Readonly<Record<KnownTarget, Host | PromisingHost>> = {
  typescript: typescriptHost,
  wasm: wasmHost,
  webgpu: webgpuHost,
};

/** Of one target, or of the same model for several: then each is a folder, and `index.ts` chooses among them. */
export async function packageFiles(
  models: readonly CompiledModel[],
  options: PackageOptions,
  emitHost: EmitHost,
): Promise<PackageFiles> {
  const several = inOrderOfPreference(models);
  const files = new Map<string, Contents>([
    ['package.json', packageJson(several, options)],
    ['README.md', packageReadme(several, options)],
  ]);
  if (several.length === 1)
    return new Map([...files, ...(await moduleFiles(several[0]!, options, emitHost))]);
  await addSources(files, chooserSources(several, emitHost));
  for (const one of several) {
    const own = await moduleFiles(one, options, emitHost);
    for (const [name, contents] of own) files.set(`${one.target}/${name}`, contents);
  }
  return files;
}

/** What chooses among the targets. */
function chooserSources(models: readonly CompiledModel[], emitHost: EmitHost): Sources {
  const sources: Sources = new Map([['index.ts', { kind: 'source', text: chooserModule(models) }]]);
  return withRuntime(sources, models[0]!, emitHost);
}

/** With what they use of runtime/. */
function withRuntime(sources: Sources, { training }: CompiledModel, { runtimeText }: EmitHost): Sources {
  const texts = [...sources.values()].map((one) => (one.kind === 'functions' ? one.header : one.text));
  const text = runtimeFile(runtimeText, texts, training ? ['training/schedule'] : []);
  return new Map([...sources, ['runtime.ts', { kind: 'formatted', text }]]);
}

/** Everything but the manifest: what is in the target's folder where a package has several. */
async function moduleFiles(
  model: CompiledModel,
  options: PackageOptions,
  emitHost: EmitHost,
): Promise<Map<string, Contents>> {
  const { training } = model;
  const files = new Map<string, Contents>([['graph.txt', printGraph(model.graph)]]);
  if (training) files.set('training/graph.txt', printGraph(training.graph));
  for (const { program, folder } of programsOf(model)) {
    const storage = storageNames(program, parameterKeys(training?.parameters ?? []));
    files.set(`${folder}layers.json`, layersJson(model.target, program, storage, countOf(model)));
  }
  const own = await targetFiles(model, options, emitHost);
  await addSources(files, withRuntime(new Map([...faceSources(model), ...own.sources]), model, emitHost));
  for (const [name, contents] of own.assets) files.set(name, contents);
  const weights = training ? canonicalWeightsFile(training) : packedWeightsFile(model.program, model.target);
  files.set('weights.safetensors', weights);
  return files;
}

/** Of dispatches; a call is one of a kernel elsewhere. */
const countOf = ({ target }: CompiledModel): ((kernel: Kernel) => number) | undefined =>
  target === 'webgpu' ? (kernel) => dispatchesOf(kernel).length : undefined;

/** Each as TypeScript, JavaScript and declarations. */
async function addSources(files: Map<string, Contents>, sources: Sources): Promise<void> {
  for (const [name, source] of sources) {
    const base = name.replace(/\.ts$/, '');
    const { typescript, javascript, declarations } = await formatEmitted(source, name);
    files.set(name, typescript);
    files.set(`${base}.js`, javascript);
    files.set(`${base}.d.ts`, declarations);
  }
}

async function targetFiles(
  model: CompiledModel,
  { inline = false }: PackageOptions,
  { assemble }: EmitHost,
): Promise<TargetFiles> {
  const programs = programsOf(model);
  const parameters = model.training?.parameters ?? [];
  switch (model.target) {
    case 'typescript':
      return { sources: typescriptModule(model.name, programs, parameters), assets: new Map() };
    case 'wasm':
      return wasmModule(model.name, programs, parameters, wasmLayout(model, programs), { inline }, assemble);
    case 'webgpu':
      return { sources: webgpuModule(model.name, programs, parameters), assets: new Map() };
  }
}

/** `index.ts` and the trainer. */
function faceSources(model: CompiledModel): Sources {
  const host = HOSTS[model.target];
  const { training } = model;
  const source = (text: string): EmittedFile => ({ kind: 'source', text });
  return new Map<string, EmittedFile>([
    ['index.ts', source(indexModule(model, host))],
    ...(training ? [['training/trainer.ts', source(trainingModule(model, training, host))] as const] : []),
  ]);
}
