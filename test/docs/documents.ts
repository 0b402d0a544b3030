/** The documents that tests read: README.md and the pages of docs/. */
import { readdirSync, readFileSync } from 'node:fs';

/** Paths from the root of the repository. */
export const documents: readonly string[] = [
  'README.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => `docs/${file}`),
];

export const readDocument = (file: string): string => readFileSync(file, 'utf8');

/** The text without blocks of code and without code in sentences. */
export const withoutCode = (text: string): string =>
  text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => (code.includes('](') ? '' : code));
