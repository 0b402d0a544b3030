/** Every block of code in the documents has one row in rows.ts, or a comment that says why it is not run. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PAGES } from '../support/docs/pages.ts';
import { BLOCKS, blocksOf, placeOf, type Block } from './blocks.ts';
import { ROWS, WRITTEN, type Row } from './rows.ts';

const blocks = BLOCKS.filter(({ file }) => !WRITTEN.includes(file));
const isHeldBy = (block: Block, row: Row): boolean =>
  row.file === block.file && block.text.includes(row.holds);

describe('the blocks of code in README.md and docs/', () => {
  it.each(blocks.map((block) => [placeOf(block), block] as const))('%s has one row', (_, block) => {
    const rows = ROWS.filter((row) => isHeldBy(block, row)).map(({ holds }) => holds);
    expect(rows).toHaveLength(block.notRun === undefined ? 1 : 0);
  });

  it.each(ROWS.map((row) => [row.file, row.holds, row] as const))(
    '%s: the row %s has one block',
    (file, holds, row) => {
      expect(blocks.filter((block) => isHeldBy(block, row)).map(placeOf)).toHaveLength(1);
      if (row.check.kind === 'elsewhere') expect(existsSync(row.check.test), `${file}: ${holds}`).toBe(true);
    },
  );

  it('are run, but for those that say why not', () => {
    const left = blocks.filter(({ notRun }) => notRun !== undefined);
    console.info(left.map((block) => `${placeOf(block)} is not run: ${block.notRun}`).join('\n'));
    expect(left).toHaveLength(5);
  });

  it('in a language have a row that suits it', () => {
    const kinds: Readonly<Record<string, readonly Row['check']['kind'][]>> = {
      sh: ['commands'],
      ts: ['module', 'elsewhere'],
      js: ['module', 'elsewhere'],
      html: ['elsewhere'],
      '': ['elsewhere', 'drawing'],
    };
    for (const block of blocks.filter(({ notRun }) => notRun === undefined)) {
      const row = ROWS.find((one) => isHeldBy(block, one))!;
      expect(kinds[block.language], `${placeOf(block)}: ${block.language}`).toContain(row.check.kind);
    }
  });

  it('on written pages are those of the pages in test/support/docs/pages.ts', () => {
    expect(new Set(WRITTEN)).toEqual(new Set(PAGES.map(({ file }) => file)));
  });
});

it('a block is found with its place, its language and its reason', () => {
  const text = 'a\n\n```sh\nb\nc\n```\n\n<!-- not run: it is slow -->\n\n```\nd\n```\n';
  expect(blocksOf('x.md', text)).toEqual([
    { file: 'x.md', line: 4, language: 'sh', text: 'b\nc', notRun: undefined },
    { file: 'x.md', line: 11, language: '', text: 'd', notRun: 'it is slow' },
  ]);
  expect(() => blocksOf('x.md', '```sh\nb\n')).toThrow('x.md:1: a block of code does not end');
});
