/**
 * The rule `cnnc/plain-english`: finds the words of `words.ts` in comments, strings and templates. Documents are read by
 * `markdown.ts`, which makes their text comments. The option `allow` lists words for files where they are the subject.
 */
import type { Rule, SourceCode } from 'eslint';
import { findFragments, findWords, wordNames } from './words.ts';

export const plainEnglish: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    docs: { description: 'words in their ordinary sense' },
    schema: [
      {
        type: 'object',
        properties: { allow: { type: 'array', items: { enum: wordNames } } },
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const { sourceCode } = context;
    const { allow = [] } = (context.options[0] ?? {}) as { allow?: readonly string[] };
    const check = ([from, to]: readonly [number, number]): void => {
      const text = sourceCode.text.slice(from, to);
      for (const { at, length, message } of [...findWords(text, allow), ...findFragments(text)])
        context.report({ loc: placeOf(sourceCode, from + at, length), message });
    };
    return {
      Program() {
        for (const { range } of sourceCode.getAllComments()) check(range!);
      },
      Literal({ value, range }) {
        // A single word is a name, not prose.
        if (typeof value === 'string' && !/^\w*$/.test(value)) check(range!);
      },
      TemplateElement: ({ range }) => check(range!),
    };
  },
};

const placeOf = (code: SourceCode, start: number, length: number) => ({
  start: code.getLocFromIndex(start),
  end: code.getLocFromIndex(start + length),
});
