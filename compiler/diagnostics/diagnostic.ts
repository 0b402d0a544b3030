/**
 * The format of all errors. A `Diagnostic` reports a mistake of the user or a bad file: it says what was found, where,
 * and what was expected. Its code names the kind of mistake; `codes.ts` explains each code. The command line prints it
 * without a stack trace. Any other error that is thrown is a bug of cnnc.
 *
 *     conv2d at layer1.0.conv1 (models/resnet18.ts:31): the input has 64 channels, the weight expects 128
 *       input  f32[1,64,56,56]
 *       weight f32[128,128,3,3]
 */
import type { ErrorCode } from './codes.ts';

export interface Place {
  /** Path of the layer, with dots. */
  readonly path?: string;
  readonly file?: string;
  readonly line?: number;
}

export class Diagnostic extends Error {
  override readonly name = 'Diagnostic';
  readonly code: ErrorCode;
  readonly headline: string;
  readonly details: readonly string[];
  constructor(code: ErrorCode, headline: string, details: readonly string[] = []) {
    super([headline, ...details.map((line) => `  ${line}`)].join('\n'));
    this.code = code;
    this.headline = headline;
    this.details = details;
  }
}

/** Throws a diagnostic. `subject` is what reports the mistake: an operator, an option, a file format. */
export function fail(
  code: ErrorCode,
  subject: string,
  place: Place,
  found: string,
  details: readonly string[] = [],
): never {
  throw new Diagnostic(code, `${subject}${formatPlace(place)}: ${found}`, details);
}

export function formatPlace(place: Place): string {
  const at = place.path ? ` at ${place.path}` : '';
  const line = place.line === undefined ? '' : `:${place.line}`;
  return place.file ? `${at} (${place.file}${line})` : at;
}

/** `plural(1, 'tensor')` is `1 tensor`, `plural(3, 'tensor')` is `3 tensors`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Lines of `name  value` for the details of a diagnostic, with names padded to one width. */
export function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)} ${value}`);
}

/** The known name nearest to a wrong one, or undefined when nothing is near. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(wrong, name) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, wrong.length / 3) ? best.name : undefined;
}

/** Damerau-Levenshtein distance: letters that are wrong, missing, extra, or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const [above, row] = [rows[i - 1]!, [i]];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(replaced, swapped, above[j]! + 1, row[j - 1]! + 1));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
