/** `--disable-pass`: names are looked up in every table of passes. */
import { expect, it } from 'vitest';
import { passTables, selectDisabled } from '../../compiler/driver/disabledPasses.ts';

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
  ['legalize', 'the pass legalize cannot be disabled'],
])('refuses %s', (name, found) => {
  expect(() => select('fuse', name)).toThrow(
    `--disable-pass: ${found}\n  passes that can be disabled: fuse, simplify, vectorize`,
  );
});

it('names a pass in one table only', () => {
  const names = passTables().flatMap(({ optional, required }) => [...new Set([...optional, ...required])]);
  expect(names.length).toBeGreaterThan(15);
  expect(new Set(names).size).toBe(names.length);
});

it('refuses what one target needs, though another one does not', () => {
  const both = [...tables, { optional: ['legalize'], required: [] }];
  expect(() => selectDisabled(['legalize'], '--disable-pass', both)).toThrow('cannot be disabled');
});
