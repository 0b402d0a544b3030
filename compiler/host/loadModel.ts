/**
 * Loads a model file: a module whose default export is a model, or a model of the zoo by its name. The file is run;
 * whatever goes wrong in it is a `Diagnostic`.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import './workingFolder.ts';
import { Diagnostic, fail, nearest } from '../diagnostics/diagnostic.ts';
import { isModel, type Model } from '../frontend/model.ts';
import { fromHere, isForeign, pathBeside, stackFrames } from '../frontend/place.ts';
import { describe } from '../frontend/tensor.ts';
import { statsOf } from './fileErrors.ts';
import { importOnce, nameOwnEntryInCommonJs, withFreshImports, type ImportModule } from './modelLoader.ts';
import { zooFile, zooFiles } from './zoo.ts';

const SUBJECT = 'model file';
const EXPECTED = 'expected: export default defineModel({ name, inputs, build })';

/** The file that is meant: `resnet18` is a model of the zoo where there is no such file. */
export const modelFile = (name: string): string => (statsOf(name)?.isFile() ? name : (zooFile(name) ?? name));

/** A model file by its path, or a model of the zoo by its name. */
export async function loadModel(name: string, importModule: ImportModule = importOnce): Promise<Model> {
  const file = modelFile(name);
  checkFile(file);
  const module = await importFile(file, importModule);
  const model = defaultExport(module);
  if (isModel(model)) return withWeightsBeside(model, resolve(file));
  if (model !== undefined)
    fail('CNNC1003', SUBJECT, { file }, `the default export is ${describe(model)}, not a model`, [EXPECTED]);
  const named = Object.keys(module).filter((name) => isModel(module[name]));
  const hint = named.length > 0 ? [`it exports a model under the name ${named.join(', ')}`] : [];
  return fail('CNNC1003', SUBJECT, { file }, 'the file has no default export', [...hint, EXPECTED]);
}

/**
 * Some loaders run a file under another name, so that its path was not known when the model was defined. The weights are
 * beside this file then.
 */
const withWeightsBeside = (model: Model, file: string): Model =>
  model.weights === undefined || isAbsolute(model.weights)
    ? model
    : { ...model, weights: pathBeside(file, model.weights) };

export interface FreshModel {
  readonly model: Model;
  /** The paths of the model file and of all files that it imports, sorted. */
  readonly files: readonly string[];
}

/** Loads a model file as it is now, in any process, even if it was loaded before. */
export async function loadFreshModel(file: string): Promise<FreshModel> {
  const { result, files } = await withFreshImports((importModule) => loadModel(file, importModule));
  return { model: result, files };
}

/** A CommonJS file that was an ES module has it as a property of its exports. */
function defaultExport(module: Module): unknown {
  const value = module['default'];
  return isModel(value) ? value : ((Object(value) as Module)['default'] ?? value);
}

function checkFile(file: string): void {
  const stats = statsOf(file);
  if (stats?.isFile()) return;
  if (stats) fail('CNNC1001', SUBJECT, { file }, 'this is a folder; expected a file such as model.ts');
  const near = nearestFile(file) ?? nearestInZoo(file);
  fail('CNNC1001', SUBJECT, { file }, 'the file does not exist', near ? [`did you mean ${near}?`] : []);
}

/** `resnet18` and `resnet81.ts` find `resnet18.ts`, `resnet34.ts` finds `variants/resnet34.ts`. */
function nearestFile(file: string): string | undefined {
  const [folder, wanted] = [dirname(file), basename(file)];
  const variants = join(folder, 'variants');
  const isWanted = (name: string): boolean => name === wanted || name.startsWith(`${wanted}.`);
  const variant = modelsIn(variants).find(isWanted);
  if (variant) return join(variants, variant);
  const names = modelsIn(folder);
  const name = names.find(isWanted) ?? nearest(wanted, names);
  return name && join(folder, name);
}

/** Only for what looks like a name. */
const nearestInZoo = (name: string): string | undefined =>
  /^\w+$/.test(name) ? nearest(name, [...zooFiles().keys()]) : undefined;

function modelsIn(folder: string): string[] {
  if (!statsOf(folder)?.isDirectory()) return [];
  return readdirSync(folder).filter((name) => /\.[cm]?[jt]s$/.test(name));
}

type Module = Readonly<Record<string, unknown>>;

async function importFile(file: string, importModule: ImportModule): Promise<Module> {
  const path = resolve(file);
  await nameOwnEntryInCommonJs();
  try {
    return (await importModule(pathToFileURL(path).href)) as Module;
  } catch (error) {
    if (isDiagnostic(error)) throw new Diagnostic(error.code, error.headline, error.details);
    return fail(
      'CNNC1002',
      SUBJECT,
      { file, line: lineOf(error, path) },
      'running the file failed',
      messageOf(error, file),
    );
  }
}

/** By its name, not its class: a model file that is CommonJS gets a copy of the compiler of its own. */
const isDiagnostic = (error: unknown): error is Diagnostic =>
  error instanceof Error && error.name === 'Diagnostic' && 'headline' in error;

/** Where in the file it happened, if there. */
function lineOf(error: unknown, path: string): number | undefined {
  const { stack = '' } = Object(error) as { stack?: string };
  const syntax = parseSyntaxError(messageText(error));
  return syntax?.line ?? stackFrames(stack).find((frame) => fromHere(frame.file) === fromHere(path))?.line;
}

const messageText = (error: unknown): string => (error instanceof Error ? error.message : describe(error));

/** esbuild, which tsx translates with: `Transform failed with 1 error:\n<file>:<line>:<column>: ERROR: <what>`. */
function parseSyntaxError(message: string): { readonly line: number; readonly what: string } | undefined {
  const [, line, what] = /^.*?:(\d+):\d+: ERROR: (.*)$/m.exec(message) ?? [];
  return what === undefined ? undefined : { line: Number(line), what };
}

function messageOf(error: unknown, file: string): string[] {
  const text = messageText(error);
  const syntax = parseSyntaxError(text);
  if (syntax) return [`SyntaxError: ${syntax.what}`];
  if (!(error instanceof Error)) return [`it threw ${text}`];
  const frame = stackFrames(error.stack ?? '').find((known) => !isForeign(known.file));
  const elsewhere =
    frame && fromHere(resolve(file)) !== fromHere(frame.file)
      ? [`in ${fromHere(frame.file)}:${frame.line}`]
      : [];
  return [`${error.name}: ${text.split('\n', 1)[0]}`, ...elsewhere];
}
