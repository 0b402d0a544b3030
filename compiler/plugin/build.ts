/**
 * A model file as a package in the cache: found there, or compiled into it. The same model in several imports is compiled
 * once; models are compiled one after the other, because a compile takes the whole thread.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { compile } from '../driver/compile.ts';
import type { PackageFiles } from '../emit/model.ts';
import type { Model } from '../frontend/model.ts';
import { fromHere } from '../frontend/place.ts';
import { filesBeside } from '../host/filesBeside.ts';
import { sourceName } from '../host/sourceName.ts';
import { loadFreshModel } from '../host/loadModel.ts';
import { nodeHost } from '../host/node.ts';
import { version } from '../host/packageRoot.ts';
import { readFile } from '../host/readFile.ts';
import { importerByExtension } from '../importers/choose.ts';
import { defaultName } from '../importers/defaultName.ts';
import { importModel } from '../importers/importModel.ts';
import type { Importer, SourceFiles } from '../importers/types.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import { PACKAGE_FORMAT } from '../package/manifest.ts';
import {
  defaultFolder,
  fileHash,
  findPackage,
  hashOf,
  storePackage,
  type Found,
  type Place,
} from './cache.ts';
import { importedFiles } from './dependencies.ts';
import { compileOptions, labelsFile, type ModelOptions } from './options.ts';
import { fromRoot } from './requests.ts';

export interface Build {
  /** Absolute. */
  readonly file: string;
  readonly options: ModelOptions;
  readonly root: string;
  readonly cacheFolder: string | undefined;
  /** Called with lines for the person who watches. */
  readonly log: (line: string) => void;
  readonly warn: (line: string) => void;
}

const running = new Map<string, Promise<Found>>();
let last: Promise<unknown> = Promise.resolve();

/** What is wrong with the model, its weights or the options is thrown as a `Diagnostic`. */
export function buildPackage(build: Build): Promise<Found> {
  const place = placeOf(build);
  const id = recordId(place);
  const known = running.get(id);
  if (known) return known;
  const made = last.then(() => findPackage(place) ?? compilePackage(build, place));
  last = made.catch(() => undefined);
  running.set(id, made);
  const forget = (): void => void running.delete(id);
  made.then(forget, forget);
  return made;
}

const recordId = ({ folder, name, key }: Place): string => join(folder, `${name}-${key}`);

/** Files that decide what the package is, as far as they are known before it is compiled; with those that are missing. */
export function watchedFiles({ file, options, root }: Pick<Build, 'file' | 'options' | 'root'>): string[] {
  const named = [options.weights, labelsFile(options)].filter((one) => one !== undefined);
  return [...importedFiles(file), ...named.map((one) => resolve(root, one))];
}

function placeOf({ file, options, root, cacheFolder }: Build): Place {
  const path = fromRoot(root, file);
  const key = hashOf(JSON.stringify([version, PACKAGE_FORMAT, path, options]));
  const folder = cacheFolder === undefined ? defaultFolder(root) : resolve(root, cacheFolder);
  return { root, folder, name: basename(file, extname(file)), key };
}

async function compilePackage(build: Build, place: Place): Promise<Found> {
  const { file, options, root, log, warn } = build;
  const path = fromRoot(root, file);
  const settings = { ...compileOptions(options), labels: labelsOf(build) };
  const what = `${path} for ${settings.targets!.map(String).join(', ')}`;
  log(`compiling ${what} ...`);
  const started = performance.now();
  // Before they are read: a file that changes meanwhile does not count as compiled.
  const hashes = hashesOf(watchedFiles(build));
  const { model, weights, inputs, read, isDrawn } = await openModel(build);
  for (const [name, hash] of hashesOf(read)) hashes.set(name, hash);
  const compiled = await compile(model, { ...settings, inputs, weights, source: sourceName(file) }, nodeHost);
  const found = storePackage(place, hashes, forBundlers(compiled.files));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const sizes = [
    `${formatCount(compiled.parameters)} parameters`,
    `weights ${formatBytes(compiled.weightBytes)}`,
  ];
  log(`compiled ${what} in ${seconds} s: ${sizes.join(', ')}`);
  if (isDrawn)
    warn(
      `${path} has no weights, so they are random: add ?weights=./${place.name}.safetensors to the import`,
    );
  return found;
}

const hashesOf = (files: Iterable<string>): Map<string, string> =>
  new Map([...files].map((file) => [file, fileHash(file)]));

interface Opened {
  readonly model: Model;
  readonly weights: Uint8Array | string | undefined;
  /** Shapes that are left to the compile: those of an imported file are settled. */
  readonly inputs: ModelOptions['inputs'];
  /** Files that only the model knows of. */
  readonly read: readonly string[];
  /** The weights are random, and no seed asks for that. */
  readonly isDrawn: boolean;
}

async function openModel(build: Build): Promise<Opened> {
  const { file, options } = build;
  const weights = options.weights === undefined ? undefined : existing('weights', options.weights, build);
  const hasOwn = weights === undefined && options.seed === undefined;
  const importer = importerByExtension(file);
  if (importer) {
    const { model, weights: own, read } = await readImported(importer, build);
    return { model, weights: hasOwn ? own : weights, inputs: undefined, read, isDrawn: false };
  }
  const { model, files } = await loadFreshModel(file);
  const named = hasOwn && model.weights !== undefined ? [model.weights] : [];
  const isDrawn = hasOwn && named.length === 0;
  return { model, weights, inputs: options.inputs, read: [...files, ...named], isDrawn };
}

/** The absolute path of a file that the options name. */
function existing(option: 'weights' | 'labels', name: string, { file, root }: Build): string {
  const path = resolve(root, name);
  if (existsSync(path)) return path;
  const found = `the file does not exist; the options of ${fromRoot(root, file)} name it`;
  return fail('CNNC5001', option, { file: fromHere(path) }, found);
}

function labelsOf(build: Build): ModelOptions['labels'] {
  const file = labelsFile(build.options);
  return file === undefined ? build.options.labels : existing('labels', file, build);
}

async function readImported(importer: Importer, { file, options: { inputs } }: Build) {
  const beside = filesBeside(dirname(file));
  const read: string[] = [];
  const files: SourceFiles = (location) => {
    read.push(resolve(dirname(file), location));
    return beside(location);
  };
  const source = { bytes: readFile(importer.name, file), file: fromHere(file), files };
  const name = defaultName(file, importer);
  return { ...(await importModel(importer, source, { inputs, name })), read };
}

/** Leaves TypeScript's sources out: a bundler that prefers them to the JavaScript would have to translate them. */
const forBundlers = (files: PackageFiles): PackageFiles =>
  new Map([...files].filter(([name]) => !/(?<!\.d)\.ts$/.test(name)));
