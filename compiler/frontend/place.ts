/**
 * The line of a model file that called the compiler: the innermost frame of the stack that is not ours.
 * tsx and vitest map frames back to the TypeScript that was written.
 */
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where in a model file something was asked for; empty when no frame is known. */
export interface Caller {
  /** Relative to the working directory, with `/` on every system. */
  readonly file?: string;
  readonly line?: number;
}

const compilerFolder = fileURLToPath(new URL('../', import.meta.url));

/** Layers call few functions of ours before they ask; deeper frames are never the answer. */
const FRAMES = 12;

export function callerPlace(): Caller {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const frame = stackFrames(stack).find(({ file }) => !isOurs(file));
  // What the compiler asks of itself, as the usual loss, was asked for by whatever runs it: no place of a model's.
  return frame && !isForeign(frame.file) ? { file: fromHere(frame.file), line: frame.line } : {};
}

export interface Frame {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
}

export const isOurs = (file: string): boolean => file.startsWith(compilerFolder);

/** Code that the model's author has not written. */
export const isForeign = (file: string): boolean => isOurs(file) || file.includes(`${sep}node_modules${sep}`);

export const fromHere = (file: string): string => relative(process.cwd(), file).split(sep).join('/');

/** The frames that lie in files, innermost first. */
export function stackFrames(stack: string): Frame[] {
  return stack.split('\n').flatMap((line) => parseFrame(line) ?? []);
}

/** `    at build (/models/net.ts:31:12)`, or the location alone, as a path or a file URL. */
function parseFrame(line: string): Frame | undefined {
  const [, text] = /^\s+at (?:async )?(.*)$/.exec(line) ?? [];
  if (text === undefined) return undefined;
  const call = /^(?!\/|file:|[A-Za-z]:\\).*? \((.*)\)$/.exec(text);
  const [, path, row] = /^(.*?):(\d+):\d+$/.exec(call?.[1] ?? text) ?? [];
  if (path === undefined) return undefined;
  const file = path.startsWith('file:') ? fileURLToPath(path.replace(/[?#].*$/, '')) : path;
  return isAbsolute(file) ? { file, line: Number(row) } : undefined;
}
