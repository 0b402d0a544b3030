/** All files of a package, formatted. The same model gives the same bytes. */
import type { EmitHost } from '../emit/host.ts';
import { layersJson } from '../emit/layers.ts';
import { parameterKeys } from '../emit/parameters.ts';
import { storageNames } from '../emit/storage.ts';
import type { EmittedFile } from '../emit/types.ts';
import { printGraph } from '../ir/printer.ts';
import { chooserModule } from './chooserModule.ts';
import { formatEmitted } from './format.ts';
import { withHostTypes } from './hostTypes.ts';
import { readsWeights } from './loadFunction.ts';
import { fitFiles } from './fitModule.ts';
import { indexModule } from './indexModule.ts';
import { INLINE_WEIGHTS_FILE, inlineWeightsSource } from './inlineWeights.ts';
import { packageJson } from './manifest.ts';
import { inOrderOfPreference } from './preference.ts';
import { programsOf } from './programs.ts';
import { packageReadme } from './readme.ts';
import { runtimeFile } from './runtimeFile.ts';
import { trainingModule } from './trainingModule.ts';
import { isInline, type PackageFiles, type PackageOptions } from '../emit/model.ts';
import type { TargetedModel } from '../emit/target.ts';
import { weightsFile } from './weightsFile.ts';

type Contents = string | Uint8Array;
type Sources = ReadonlyMap<string, EmittedFile>;

/** The files for one target, or for several: then each target gets a folder, and `index.ts` chooses one of them. */
export async function packageFiles(
  models: readonly TargetedModel[],
  options: PackageOptions,
  emitHost: EmitHost,
): Promise<PackageFiles> {
  const several = inOrderOfPreference(models);
  const files = new Map<string, Contents>([['package.json', packageJson(several, options)]]);
  if (several.length > 1) await addSources(files, chooserSources(several, options, emitHost));
  for (const one of several) {
    const folder = several.length > 1 ? `${one.target.name}/` : '';
    const own = await moduleFiles(one, options, emitHost);
    for (const [name, contents] of own) files.set(`${folder}${name}`, contents);
  }
  return files.set('README.md', packageReadme(several, options, files));
}

/** The files that choose a target. */
function chooserSources(
  models: readonly TargetedModel[],
  options: PackageOptions,
  emitHost: EmitHost,
): Sources {
  const sources: Sources = new Map([['index.ts', { kind: 'source', text: chooserModule(models, options) }]]);
  return withRuntime(sources, models[0]!, emitHost);
}

/** The sources and `runtime.ts`, which holds the parts of runtime/ that they use. */
function withRuntime(sources: Sources, { training }: TargetedModel, { runtimeText }: EmitHost): Sources {
  const texts = [...sources.values()].map((one) => (one.kind === 'functions' ? one.header : one.text));
  const text = runtimeFile(runtimeText, texts, training ? ['training/schedule'] : []);
  return new Map([...sources, ['runtime.ts', { kind: 'formatted', text }]]);
}

/** Everything but the manifest. A package with several targets has these files in the target's folder. */
async function moduleFiles(
  model: TargetedModel,
  options: PackageOptions,
  emitHost: EmitHost,
): Promise<Map<string, Contents>> {
  const { training, target } = model;
  const files = new Map<string, Contents>([['graph.txt', printGraph(model.graph)]]);
  if (training) files.set('training/graph.txt', printGraph(training.graph));
  for (const { program, folder } of programsOf(model)) {
    const storage = storageNames(program, parameterKeys(training?.parameters ?? []));
    files.set(`${folder}layers.json`, layersJson(target, program, storage));
  }
  const own = await target.emit({ model, programs: programsOf(model), options, host: emitHost });
  const sources = new Map([...apiSources(model, options), ...own.sources]);
  await addSources(files, withRuntime(sources, model, emitHost));
  await addSources(files, new Map(fitFiles(model, emitHost)));
  for (const [name, contents] of own.assets) files.set(name, contents);
  const weights = weightsFile(model);
  if (!isInline(options, 'weights')) files.set('weights.safetensors', weights);
  else if (readsWeights(model))
    await addSources(files, new Map([[INLINE_WEIGHTS_FILE, inlineWeightsSource(model.name, weights)]]));
  return files;
}

/**
 * Begins each TypeScript file. Where one lies beside its JavaScript, TypeScript takes it instead of the declarations and
 * would check it with the settings of the user's project, which generated code need not pass.
 */
export const NO_CHECK =
  '// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.\n\n';

/** Adds each source as TypeScript, JavaScript and declarations. */
async function addSources(files: Map<string, Contents>, sources: Sources): Promise<void> {
  for (const [name, source] of sources) {
    const base = name.replace(/\.ts$/, '');
    const { typescript, javascript, declarations } = await formatEmitted(source, name);
    files.set(name, `${NO_CHECK}${typescript}`);
    files.set(`${base}.js`, javascript);
    files.set(`${base}.d.ts`, withHostTypes(declarations));
  }
}

/** `index.ts` and the trainer. */
function apiSources(model: TargetedModel, options: PackageOptions): Sources {
  const { training, target } = model;
  const source = (text: string): EmittedFile => ({ kind: 'source', text });
  return new Map<string, EmittedFile>([
    ['index.ts', source(indexModule(model, target.api, options))],
    ...(training
      ? [['training/trainer.ts', source(trainingModule(model, training, target.api))] as const]
      : []),
  ]);
}
