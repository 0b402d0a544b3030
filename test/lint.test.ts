/** The rule on plain English: what it finds in sources and in documents, where, and what it lets pass. */
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { markdown } from './support/lint/markdown.ts';
import { plainEnglish } from './support/lint/plainEnglish.ts';

const linter = new Linter();

/** `line:column word` of every message. */
function found(
  text: string,
  parser: Linter.Parser = tseslint.parser,
  allow: readonly string[] = [],
): string[] {
  const config: Linter.Config = {
    files: ['**'],
    languageOptions: { parser },
    plugins: { cnnc: { rules: { 'plain-english': plainEnglish } } },
    rules: { 'cnnc/plain-english': ['error', { allow }] },
  };
  return linter.verify(text, config, 'file').map(({ line, column, message }) => {
    const [, word] = /'(\w+)/.exec(message) ?? [];
    return `${line}:${column} ${word ?? message}`;
  });
}

const foundIn = (document: string): string[] => found(document, markdown);

describe('the words', () => {
  it.each([
    ['The bias lies behind the weight.', 'behind'],
    ['The size hangs on the target.', 'hangs'],
    ['Makes the plan anew.', 'anew'],
    ['It is told by its name.', 'told'],
    ['What callers see is its face.', 'face'],
    ['It lives in a house of its own.', 'house'],
    ['There is room for two.', 'room'],
    ['Errors have one voice.', 'voice'],
    ['The header speaks of rows.', 'speaks'],
    ['Nobody reads it.', 'Nobody'],
  ])('%s', (sentence, word) => {
    const column = sentence.indexOf(word);
    expect(found(`// ${sentence}`)).toEqual([`1:${4 + column} ${word}`]);
    expect(found(`/* ${sentence} */`)).toEqual([`1:${4 + column} ${word}`]);
    expect(found(`f('${sentence}');`)).toEqual([`1:${4 + column} ${word}`]);
    expect(found(`f(\`\${x}${sentence}\${y}\`);`)).toHaveLength(1);
    expect(foundIn(sentence)).toEqual([`1:${1 + column} ${word}`]);
  });

  it.each([
    'It runs behind a proxy.',
    'Relaxed SIMD is behind a flag there.',
    'UltraFace is a net for face detection. It detects faces.',
    'The headroom is 4 bytes, the surface is flat, and Hangzhou is a city.',
    'The process hangs.',
  ])('not in: %s', (sentence) => {
    expect(found(`// ${sentence}\nf('${sentence}');`)).toEqual([]);
    expect(foundIn(sentence)).toEqual([]);
  });

  it('not where the configuration allows them', () => {
    expect(found('// The face is told anew.', undefined, ['face', 'tell'])).toEqual(['1:21 anew']);
  });

  it('not in names of the program', () => {
    expect(found("const room = face.told(behind, anew); k.let('behind', x);")).toEqual([]);
  });

  it('all of them, at their places', () => {
    expect(found('/**\n * The plan is made anew.\n */\nconst a = 1; // behind b, told')).toEqual([
      '2:21 anew',
      '4:17 behind',
      '4:27 told',
    ]);
  });
});

describe('documentation comments that begin with a preposition', () => {
  it.each([
    'Of 64 KiB each.',
    'Of the kernels, in their order.',
    'Without its extension.',
    'With the values.',
    'In milliseconds: of a call, or of all calls.',
    'As the target has it.',
  ])('are reported: %s', (comment) => {
    const [word] = comment.split(' ');
    expect(found(`/** ${comment} */\nconst a = 1;`)).toEqual([`1:5 ${word}`]);
    expect(found(`/**\n * ${comment}\n */\nconst a = 1;`)).toEqual([`2:4 ${word}`]);
    expect(found(`interface A {\n  /** ${comment} */\n  a: number;\n}`)).toEqual([`2:7 ${word}`]);
    // What the compiler emits.
    expect(found(`print(\`/** ${comment} */\nconst \${a} = 1;\`);`)).toEqual([`1:12 ${word}`]);
    expect(found(`print('/** ${comment} */');`)).toEqual([`1:12 ${word}`]);
  });

  it.each([
    'Memory size in pages of 64 KiB.',
    "The file's name without its extension.",
    'After a training step, the rate is the next one.',
    'For training, batch norm takes the statistics of the batch.',
    'Often there is one only.',
    'Inputs by their names.',
  ])('and not: %s', (comment) => {
    expect(found(`/** ${comment} */\nconst a = 1;`)).toEqual([]);
  });

  it('only in documentation comments', () => {
    expect(found('// Of the kernels.\n/* Of the kernels. */\nf("Of the kernels.");')).toEqual([]);
    expect(foundIn('Of the kernels.')).toEqual([]);
  });
});

describe('documents', () => {
  it('are read without their code and the addresses of their links', () => {
    const lines = [
      '# Told',
      '',
      'A `face` in ``a `house` `` is [a room](room.md "anew").',
      '',
      '```ts',
      '// anew',
      '```',
      '- behind',
      '  ```',
      '  voice',
      '  ```',
      '| nobody |',
    ];
    expect(foundIn(lines.join('\n'))).toEqual([
      '1:3 Told',
      '3:34 room',
      '3:49 anew',
      '8:3 behind',
      '12:3 nobody',
    ]);
  });

  it('may be empty', () => {
    expect(foundIn('')).toEqual([]);
  });
});
