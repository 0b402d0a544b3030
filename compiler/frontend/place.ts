/**
 * Finds the line of a model file that called the compiler: the innermost stack frame outside the compiler. It reads
 * frames as V8, Firefox and Safari print them. tsx and vitest map them back to the TypeScript source.
 */

/** A place in a model file. Empty if no frame is known. */
export interface Caller {
  /** Path relative to the working folder, with `/` on every system. */
  readonly file?: string;
  readonly line?: number;
}

/** How many frames are kept. Between the model file and this function lie only a few calls of the compiler. */
const FRAMES = 12;

/** Returns the line of the model file that led to this call. */
export function callerPlace(): Caller {
  const frame = callerFrame();
  // A call that the compiler makes itself, such as the default loss, has no place in the model file.
  return frame && !isForeign(frame.file) ? { file: fromHere(frame.file), line: frame.line } : {};
}

function callerFrame(): Frame | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  return stackFrames(stack).find(({ file }) => !isOurs(file));
}

/**
 * Returns the path of a file that the model file names relative to itself, or by a URL. The path is absolute; in a page
 * it is a URL. It stays as it is if the model file's path is not known.
 */
export function besideCaller(path: string): string {
  const frame = callerFrame();
  return frame === undefined ? path : pathBeside(frame.file, path);
}

/** Returns a path that is relative to a file, as an absolute path. `file` is a path or the URL of a page's script. */
export function pathBeside(file: string, path: string): string {
  if (/^(file|https?):/.test(path)) return fileOf(path) ?? path;
  const absolute = windowsPath(path);
  if (absolute !== undefined) return absolute;
  const base = /^https?:/.test(file) ? file : `file:///${encodePath(file.replace(/^\//, ''))}`;
  return fileOf(new URL(encodePath(path), base).href)!;
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

export interface Frame {
  /** An absolute path with `/` on every system, or the URL of a page's script. */
  readonly file: string;
  readonly line: number;
}

/** Returns the frames that are in files, innermost first. */
export const stackFrames = (stack: string): Frame[] =>
  stack.split('\n').flatMap((line) => parseFrame(line) ?? []);

function parseFrame(line: string): Frame | undefined {
  const location = v8Location(line) ?? otherLocation(line);
  const [, path, row] = /^(.*?):(\d+):\d+$/.exec(location ?? '') ?? [];
  const file = path && fileOf(path);
  return file ? { file, line: Number(row) } : undefined;
}

/** Reads V8's format: ` at build (/models/net.ts:31:12)`, or the location alone. */
function v8Location(line: string): string | undefined {
  const [, text] = /^\s+at (?:async )?(.*)$/.exec(line) ?? [];
  const [, inside] = /^(?!\/|file:|https?:|[A-Za-z]:\\).*? \((.*)\)$/.exec(text ?? '') ?? [];
  return inside ?? text;
}

/** Reads the format of Firefox and Safari: `build@https://example.org/net.js:31:12`. */
const otherLocation = (line: string): string | undefined => /^[^\s@]*@(.*)$/.exec(line)?.[1];

/**
 * Returns the file that a location or a module's URL names. Undefined for locations such as `node:internal` or
 * `<anonymous>`.
 */
function fileOf(location: string): string | undefined {
  const url = location.replace(/[?#].*$/, '');
  if (/^https?:/.test(url)) return url;
  if (url.startsWith('file:'))
    return decodeURIComponent(new URL(url).pathname).replace(/^\/([A-Za-z]:)/, '$1');
  return location.startsWith('/') ? location : windowsPath(location);
}

const windowsPath = (path: string): string | undefined =>
  /^([A-Za-z]:[\\/]|\\\\)/.test(path) ? path.replaceAll('\\', '/') : undefined;

/** The folder compiler/, or the folder of the bundle that contains this file. Ends with `/`. */
const compilerFolder = (fileOf(import.meta.url) ?? import.meta.url).replace(/(\/frontend)?\/[^/]*$/, '/');

/** The sources of the installed bundle in `dist/`: Node names them in stacks where source maps are enabled. */
const sourceFolder = compilerFolder.replace(/\/dist\/$/, '/compiler/');

/** Whether the file is part of the compiler. */
export const isOurs = (file: string): boolean =>
  file.startsWith(compilerFolder) || file.startsWith(sourceFolder);

/** Whether the file is not the model author's code. */
export const isForeign = (file: string): boolean =>
  isOurs(file) || (file.includes('/node_modules/') && zooPath(file) === undefined);

let workingFolder: () => string | undefined = () => undefined;
let zooFolder: string | undefined;

/**
 * Sets how the working folder is found. The program that runs the compiler calls it once. Without it, files keep the
 * names that the stack gives them.
 */
export function setWorkingFolder(find: () => string): void {
  workingFolder = find;
}

/** Sets the folder of the models that come with cnnc. A program that has these files calls it once. */
export function setZooFolder(folder: string): void {
  zooFolder = fileOf(folder);
}

/** The path of a model of the zoo is `models/resnet18.ts` wherever cnnc is installed, so that packages are the same. */
function zooPath(path: string): string | undefined {
  const isZoo = zooFolder !== undefined && path.startsWith(`${zooFolder}/`);
  return isZoo ? `models${path.slice(zooFolder!.length)}` : undefined;
}

/** Returns the path from the working folder, with `/` on every system. */
export function fromHere(file: string): string {
  const path = fileOf(file) ?? file;
  const inZoo = zooPath(path);
  if (inZoo !== undefined) return inZoo;
  const here = workingFolder();
  return here === undefined ? path : relativePath(fileOf(here) ?? here, path);
}

/** Returns `to` relative to `from`. Paths without a common root stay as they are. */
export function relativePath(from: string, to: string): string {
  const origin = originOf(from);
  if (origin !== originOf(to)) return to;
  const folders = partsOf(from.slice(origin.length));
  const parts = partsOf(to.slice(origin.length));
  const differs = folders.findIndex((folder, i) => folder !== parts[i]);
  const shared = differs < 0 ? folders.length : differs;
  return [...folders.slice(shared).map(() => '..'), ...parts.slice(shared)].join('/');
}

/** The root of a path: `https://example.org`, `C:`, or nothing. */
const originOf = (path: string): string => /^(https?:\/\/[^/]*|[A-Za-z]:)?/.exec(path)![0];

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
