/**
 * The line of a model file that called the compiler: the innermost frame of the stack that is not the compiler's.
 * Frames are read as V8, Firefox and Safari print them. tsx and vitest map them back to the TypeScript that was written.
 */

/** Where in a model file something was asked for; empty when no frame is known. */
export interface Caller {
  /** Relative to the working folder, with `/` on every system. */
  readonly file?: string;
  readonly line?: number;
}

/** Layers call few functions of ours before they ask; deeper frames are never the answer. */
const FRAMES = 12;

export function callerPlace(): Caller {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const frame = stackFrames(stack).find(({ file }) => !isOurs(file));
  // What the compiler asks of itself, such as the usual loss, has no place in the model.
  return frame && !isForeign(frame.file) ? { file: fromHere(frame.file), line: frame.line } : {};
}

export interface Frame {
  /** An absolute path with `/` on every system, or the URL of a page's script. */
  readonly file: string;
  readonly line: number;
}

/** The frames that lie in files, innermost first. */
export const stackFrames = (stack: string): Frame[] =>
  stack.split('\n').flatMap((line) => parseFrame(line) ?? []);

function parseFrame(line: string): Frame | undefined {
  const location = v8Location(line) ?? otherLocation(line);
  const [, path, row] = /^(.*?):(\d+):\d+$/.exec(location ?? '') ?? [];
  const file = path && fileOf(path);
  return file ? { file, line: Number(row) } : undefined;
}

/** `    at build (/models/net.ts:31:12)`, or the location alone. */
function v8Location(line: string): string | undefined {
  const [, text] = /^\s+at (?:async )?(.*)$/.exec(line) ?? [];
  const [, inside] = /^(?!\/|file:|https?:|[A-Za-z]:\\).*? \((.*)\)$/.exec(text ?? '') ?? [];
  return inside ?? text;
}

/** `build@https://example.org/net.js:31:12` of Firefox and Safari. */
const otherLocation = (line: string): string | undefined => /^[^\s@]*@(.*)$/.exec(line)?.[1];

/** The file that a location or a module's URL names. Undefined: none, such as `node:internal` or `<anonymous>`. */
function fileOf(location: string): string | undefined {
  const url = location.replace(/[?#].*$/, '');
  if (/^https?:/.test(url)) return url;
  if (url.startsWith('file:'))
    return decodeURIComponent(new URL(url).pathname).replace(/^\/([A-Za-z]:)/, '$1');
  return location.startsWith('/') ? location : windowsPath(location);
}

const windowsPath = (path: string): string | undefined =>
  /^([A-Za-z]:[\\/]|\\\\)/.test(path) ? path.replaceAll('\\', '/') : undefined;

/** Ends with `/`: the folder compiler/, or the folder of the bundle that this file has become a part of. */
const compilerFolder = (fileOf(import.meta.url) ?? import.meta.url).replace(/(\/frontend)?\/[^/]*$/, '/');

export const isOurs = (file: string): boolean => file.startsWith(compilerFolder);

/** Code that the model's author has not written. */
export const isForeign = (file: string): boolean => isOurs(file) || file.includes('/node_modules/');

let workingFolder: () => string | undefined = () => undefined;

/** To be called once by the program that runs the compiler. Without it, files are named as the stack names them. */
export function setWorkingFolder(find: () => string): void {
  workingFolder = find;
}

/** The path from the working folder, with `/` on every system. */
export function fromHere(file: string): string {
  const path = fileOf(file) ?? file;
  const here = workingFolder();
  return here === undefined ? path : relativePath(fileOf(here) ?? here, path);
}

/** Paths that have no folder in common stay as they are. */
export function relativePath(from: string, to: string): string {
  const origin = originOf(from);
  if (origin !== originOf(to)) return to;
  const folders = partsOf(from.slice(origin.length));
  const parts = partsOf(to.slice(origin.length));
  const differs = folders.findIndex((folder, i) => folder !== parts[i]);
  const shared = differs < 0 ? folders.length : differs;
  return [...folders.slice(shared).map(() => '..'), ...parts.slice(shared)].join('/');
}

/** `https://example.org`, or `C:`, or nothing. */
const originOf = (path: string): string => /^(https?:\/\/[^/]*|[A-Za-z]:)?/.exec(path)![0];

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
