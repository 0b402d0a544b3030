/** What an instance of the plugin knows: its settings, the root of the project, and what each imported model depends on. */
import { basename, dirname, extname, join, sep } from 'node:path';
import { writeFileSync, readFileSync } from 'node:fs';
import { buildPackage, watchedFiles } from './build.ts';
import type { Found } from './cache.ts';
import { optionsOf, type Settings } from './options.ts';
import { formatId, parseId, parseSpecifier } from './requests.ts';
import { resolveModel, type ResolveContext } from './resolve.ts';

export interface Log {
  info(text: string): void;
  warn(text: string): void;
}

export interface Models {
  setRoot(root: string): void;
  setLog(log: Log): void;
  /** The id of an imported model. Undefined: the import is none of a model. */
  resolve(
    context: ResolveContext,
    specifier: string,
    importer: string | undefined,
  ): Promise<string | undefined>;
  /** The model file of an id, absolute. */
  fileOf(id: string): string;
  /** The text of a model's module; `watch` is called with every file that it depends on, before anything can fail. */
  load(id: string, watch: (file: string) => void): Promise<string>;
  /** Ids of the models that were made from a file, or could not be. */
  dependingOn(file: string): string[];
}

/** Lines of the log begin with it. */
const PREFIX = '[cnnc]';

const TO_TERMINAL: Log = {
  // Results may go to standard output.
  info: (text) => console.error(text),
  warn: (text) => console.error(text),
};

export function createModels(settings: Settings): Models {
  let root = process.cwd();
  let log = TO_TERMINAL;
  const dependencies = new Map<string, ReadonlySet<string>>();
  return {
    setRoot: (folder) => void (root = folder),
    setLog: (other) => void (log = other),
    async resolve(context, specifier, importer) {
      const parsed = parseSpecifier(specifier);
      if (!parsed) return undefined;
      const from = importer?.replace(/\?.*$/, '');
      const file = await resolveModel(context, root, parsed.path, from);
      return file && formatId(root, file, parsed.query, from);
    },
    fileOf: (id) => parseId(root, id).file,
    async load(id, watch) {
      const { file, query } = parseId(root, id);
      const noted = new Set<string>();
      dependencies.set(id, noted);
      const note = (one: string): void => {
        noted.add(one);
        watch(one);
      };
      note(file);
      const options = optionsOf(settings, root, file, query);
      watchedFiles({ file, options, root }).forEach(note);
      const found = await buildPackage({
        ...{ file, options, root, cacheFolder: settings.cacheFolder },
        log: (line) => log.info(`${PREFIX} ${line}`),
        warn: (line) => log.warn(`${PREFIX} ${line}`),
      });
      found.files.forEach(note);
      if (settings.dts) await writeDeclaration(file, found);
      return moduleText(found);
    },
    dependingOn: (file) => [...dependencies].filter(([, files]) => files.has(file)).map(([id]) => id),
  };
}

const moduleText = ({ folder }: Found): string =>
  `export * from ${JSON.stringify(join(folder, 'index.js').split(sep).join('/'))};\n`;

/** `net.d.onnx.ts` beside `net.onnx`. TypeScript looks for none beside a script. */
async function writeDeclaration(file: string, { folder }: Found): Promise<void> {
  const extension = extname(file);
  if (/^\.[cm]?[jt]sx?$/.test(extension)) return;
  const { packageDeclaration } = await import('./declaration.ts');
  const text = packageDeclaration(folder, basename(file));
  const path = join(dirname(file), `${basename(file, extension)}.d${extension}.ts`);
  if (textOf(path) !== text) writeFileSync(path, text);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
