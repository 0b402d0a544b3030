/** Blocks of code in the documents, with their places. */
import { documents, readDocument } from './documents.ts';

export interface Block {
  readonly file: string;
  /** The line of the first line of code. */
  readonly line: number;
  /** `sh`, `ts`; empty where the document names none. */
  readonly language: string;
  readonly text: string;
  /** Why the block cannot be run here, from a comment before it: `<!-- not run: why -->`. */
  readonly notRun?: string;
}

/** Where the block is, for names of tests. */
export const placeOf = ({ file, line }: Block): string => `${file}:${line}`;

export function blocksOf(file: string, text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, language] = /^```(\w*)$/.exec(lines[at]!) ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`${file}:${at + 1}: a block of code does not end`);
    const before = lines.slice(0, at).findLast((line) => line.trim() !== '') ?? '';
    const [, notRun] = /^<!-- not run: (.+) -->$/.exec(before) ?? [];
    blocks.push({ file, line: at + 2, language, text: lines.slice(at + 1, end).join('\n'), notRun });
    at = end;
  }
  return blocks;
}

export const BLOCKS: readonly Block[] = documents.flatMap((file) => blocksOf(file, readDocument(file)));
