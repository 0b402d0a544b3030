/**
 * Imports of models, and the ids that bundlers know them by. `./net.onnx?batch=4` in `src/app.ts` becomes the id
 * `\0cnnc:src/net.onnx;batch=4.js`: virtual, so that no other plugin takes the model file for a script; complete, so that
 * a bundler which restores it from a cache need not resolve the import again; free of absolute paths.
 */
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { IMAGENET } from '../driver/files.ts';
import { importerByExtension } from '../importers/choose.ts';
import { IMPORTERS } from '../importers/index.ts';

/** A model file and the options that its import states. */
export interface ModelRequest {
  /** Absolute. */
  readonly file: string;
  /** `weights` and the file of `labels` are relative to the root. */
  readonly query: URLSearchParams;
}

export interface Specifier {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The query that makes a model of any file. */
const MARK = 'cnnc';
const PREFIX = '\0cnnc:';
const EXTENSION = '.js';

/** The query of a path that the plugin asks the bundler for. */
export const ASKED = 'cnnc-asked';

/** Queries with which bundlers give a file's address or text instead of a module. */
const NO_MODULE = ['url', 'raw', 'worker', 'sharedworker', ASKED];

const extensions = IMPORTERS.flatMap((importer) => importer.extensions).map((one) => one.replace('.', '\\.'));

/** Every import that may be one of a model. */
export const SPECIFIERS = new RegExp(`[?&]${MARK}(?:[=&]|$)|(?:${extensions.join('|')})(?:\\?|$)`, 'i');

/** Every id. */
export const IDS = /^\0cnnc:.*\.js$/s;

/** Undefined: not a model. */
export function parseSpecifier(specifier: string): Specifier | undefined {
  const [path = '', text = ''] = splitOnce(specifier, '?');
  const query = new URLSearchParams(text);
  const isModel =
    query.has(MARK) ||
    (importerByExtension(path) !== undefined && !NO_MODULE.some((name) => query.has(name)));
  return isModel && !specifier.startsWith(PREFIX) ? { path, query } : undefined;
}

/** The same options in any order give the same id. `importer` is the module with the import. */
export function formatId(
  root: string,
  file: string,
  query: URLSearchParams,
  importer: string | undefined,
): string {
  const options = new URLSearchParams(query);
  options.delete(MARK);
  const folder = importer ? dirname(importer) : root;
  for (const name of ['weights', 'labels']) {
    const path = options.get(name);
    if (path && path !== IMAGENET) options.set(name, fromRoot(root, resolve(folder, path)));
  }
  options.sort();
  const words = [...options].map(([name, value]) => `${encode(name)}${value && '='}${encode(value)}`);
  return `${PREFIX}${[encode(fromRoot(root, file)), ...words].join(';')}${EXTENSION}`;
}

export function parseId(root: string, id: string): ModelRequest {
  const [path = '', ...words] = id.slice(PREFIX.length, -EXTENSION.length).split(';');
  const pairs = words.map((word) => {
    const [name = '', value = ''] = splitOnce(word, '=');
    return [decode(name), decode(value)];
  });
  return { file: resolve(root, decode(path)), query: new URLSearchParams(pairs) };
}

/** The path from the root, with `/` on every system; absolute on another drive. */
export function fromRoot(root: string, file: string): string {
  const path = relative(root, file);
  return (isAbsolute(path) ? file : path).split(sep).join('/');
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** The text in characters that stay as they are in addresses and in names of files; `%` does not. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('~', '~7E').replaceAll('%', '~');

const decode = (text: string): string => decodeURIComponent(text.replaceAll('~', '%'));
