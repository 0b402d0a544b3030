/** `--disable-pass`: names are looked up in every table of passes. */
import { expect, it } from 'vitest';
import { selectDisabled } from '../../compiler/driver/disabledPasses.ts';

const tables = [
  { optional: ['fuse', 'simplify'], required: ['recompute'] },
  { optional: ['vectorize'], required: ['legalize'] },
];
const select = (...names: string[]) => selectDisabled(names, '--disable-pass', tables);

it('takes names of all tables', () => {
  expect([...select('vectorize', 'fuse', 'fuse')]).toEqual(['vectorize', 'fuse']);
  expect([...select()]).toEqual([]);
});

it.each([
  ['fuze', 'there is no pass "fuze", did you mean fuse?'],
  ['banana', 'there is no pass "banana"'],
  ['legalize', 'the pass legalize cannot be switched off'],
])('refuses %s', (name, found) => {
  expect(() => select('fuse', name)).toThrow(
    `--disable-pass: ${found}\n  these can be switched off: fuse, simplify, vectorize`,
  );
});
