/** A compile's errors in the form that bundlers show: the text, the file and line, and the lines around it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Diagnostic } from '../diagnostics/diagnostic.ts';

export interface Message {
  readonly message: string;
  readonly id: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
  /** Lines of the file around the place. */
  readonly frame?: string;
  readonly stack?: string;
}

/** `file` is the model file, absolute. */
export function messageOf(error: unknown, file: string): Message {
  if (!(error instanceof Diagnostic)) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { message: `internal error of cnnc, please report it: ${message}`, id: file, stack };
  }
  const message = `${error.code}: ${error.message}`;
  // The place is what the message says. A stack would be one of the compiler.
  const place = placeIn(error.headline);
  if (!place) return { message, id: file, stack: '' };
  return { message, id: place.file, loc: { ...place, column: 0 }, frame: frameAt(place), stack: '' };
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** `conv2d at conv1 (models/net.ts:31): ...` names its place from the working folder. */
function placeIn(headline: string): Place | undefined {
  const [, file, line] = /\(([^()]+):(\d+)\)/.exec(headline) ?? [];
  return file === undefined ? undefined : { file: resolve(file), line: Number(line) };
}

/** Lines before and after. */
const AROUND = 2;

function frameAt({ file, line }: Place): string | undefined {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    const first = Math.max(1, line - AROUND);
    const shown = lines.slice(first - 1, line + AROUND);
    const width = String(line + AROUND).length;
    return shown
      .map((text, i) => `${first + i === line ? '>' : ' '} ${String(first + i).padStart(width)} | ${text}`)
      .join('\n');
  } catch {
    return undefined;
  }
}
