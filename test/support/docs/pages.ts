/** The pages of `docs/` that are written from the code. `npm run generate` writes them, test/docs/generated.test.ts holds them. */
import { format, resolveConfig } from 'prettier';
import { commandLinePage } from './commandLine.ts';
import { errorsPage } from './errors.ts';
import { zooPage } from './zoo.ts';

export interface Page {
  /** The path from the root of the repository. */
  readonly file: string;
  readonly write: () => string | Promise<string>;
}

export const PAGES: readonly Page[] = [
  { file: 'docs/command-line.md', write: commandLinePage },
  { file: 'docs/errors.md', write: errorsPage },
  { file: 'docs/zoo.md', write: zooPage },
];

/** What the file holds when it is up to date. */
export async function textOf({ file, write }: Page): Promise<string> {
  const [source] = [await write()];
  const [title, ...rest] = source.split('\n');
  const note = '<!-- Written by `npm run generate`: change test/support/docs/ instead. -->';
  const text = [title, '', note, ...rest].join('\n');
  return format(text, { ...(await resolveConfig(file)), parser: 'markdown' });
}
