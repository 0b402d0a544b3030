/** The text of a file of runtime/, by its path there without `.ts`. */
import { readFileSync } from 'node:fs';

export const runtimeText = (part: string): string =>
  readFileSync(new URL(`../../runtime/${part}.ts`, import.meta.url), 'utf8');
