/** The codes of errors: each is explained, each is used, and users see it. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, Diagnostic } from 'cnnc';
import { ERROR_AREAS, ERROR_CODES } from '../compiler/diagnostics/codes.ts';
import { fail } from '../compiler/diagnostics/diagnostic.ts';
import { cnnc } from './cli/support.ts';

const entries = Object.entries(ERROR_CODES);

/** The code of the compiler without the table itself. */
const sources = readdirSync('compiler', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('codes'))
  .map((file) => readFileSync(`compiler/${file}`, 'utf8'))
  .join('\n');

describe('the table of codes', () => {
  it.each(entries)('%s is explained', (code, { title, explanation, fix }) => {
    expect(code).toMatch(/^CNNC[1-9]\d{3}$/);
    expect(Object.keys(ERROR_AREAS)).toContain(code[4]);
    expect(title).toMatch(/^\S.*[^.\s]$/);
    expect(explanation).toMatch(/^\S[^]*\.$/);
    expect(fix).toMatch(/^\S[^]*\.$/);
  });

  it('has a title of its own for each code', () => {
    const titles = entries.map(([, { title }]) => title);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });

  it('has only codes that some error uses', () => {
    expect(entries.map(([code]) => code).filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });

  it('has every code that is used', () => {
    const used = new Set([...sources.matchAll(/CNNC\d+/g)].map(([code]) => code));
    expect([...used].filter((code) => !(code in ERROR_CODES))).toEqual([]);
  });
});

describe('an error', () => {
  it('does not compile without a code, or with an unknown one', () => {
    // @ts-expect-error The code is missing.
    expect(() => fail('conv2d', {}, 'found')).toThrow();
    // @ts-expect-error There is no such code.
    expect(() => fail('CNNC0000', 'conv2d', {}, 'found')).toThrow();
    // @ts-expect-error The code is missing.
    expect(new Diagnostic('the headline')).toBeInstanceOf(Diagnostic);
  });

  it('has its code in the library, and none in its message', async () => {
    const error = await compile({} as never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'Diagnostic', code: 'CNNC1003' });
    expect((error as Diagnostic).message).not.toContain('CNNC');
  });

  it.each([
    ['compile nowhere.ts', 'CNNC1001'],
    ['frobnicate', 'CNNC4001'],
    ['run nowhere cat.png', 'CNNC5003'],
    ['import nothing.txt', 'CNNC1001'],
    ['train models/lenet5.ts --data mnits', 'CNNC6001'],
    ['compile models/lenet5.ts --target cuda', 'CNNC7001'],
  ])('is printed with its code: cnnc %s', async (line, code) => {
    const { code: status, out, err } = await cnnc(line.split(' '));
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(new RegExp(`^error ${code}: \\S`, 'm'));
  });
});
