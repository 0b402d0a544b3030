/**
 * Colours of the command line's output: errors are red, warnings yellow, headlines bold. A stream gets them if it is a
 * terminal. `NO_COLOR` switches them off and `FORCE_COLOR` on (https://no-color.org, https://force-color.org).
 */
import { styleText } from 'node:util';

const FORMATS = { error: 'red', warning: 'yellow', headline: 'bold' } as const;

export type Style = keyof typeof FORMATS;

/** Paints a text for one stream. */
export type Paint = (style: Style, text: string) => string;

/** Newer versions of Node.js would look at stdout; here `hasColours` has decided. */
export const paintText: Paint = (style, text) => styleText(FORMATS[style], text, { validateStream: false });

export const plainText: Paint = (_style, text) => text;

/** Whether a stream gets colours. `FORCE_COLOR` decides before `NO_COLOR`, as in Node.js. */
export function hasColours(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: kind } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (none !== undefined && none !== '') return false;
  return isTerminal && kind !== 'dumb';
}
