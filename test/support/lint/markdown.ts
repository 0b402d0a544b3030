/**
 * A parser of Markdown for ESLint. Each stretch of text between blocks and spans of code is a comment, and there is
 * nothing else: rules about comments see documents as they see sources.
 */
import { type AST, type Linter, SourceCode } from 'eslint';

type Comment = AST.Program['comments'][number];

/** Blocks and spans of code, and addresses of links. */
const CODE = /^( *)(`{3,}|~{3,})[^]*?^\1\2.*$|(`+)[^`][^]*?\3|\]\([^)\s]+|<!--[^]*?-->/gm;

export const markdown: Linter.Parser = {
  meta: { name: 'cnnc/markdown' },
  parseForESLint(text) {
    const place = (start: number, end: number): Comment => ({
      type: 'Block',
      value: text.slice(start, end),
      range: [start, end],
      loc: { start: location(start), end: location(end) },
    });
    const lines = SourceCode.splitLines(text);
    const starts = [0];
    for (const line of lines) starts.push(starts.at(-1)! + line.length + 1);
    const location = (at: number) => {
      const line = starts.findLastIndex((start) => start <= at);
      return { line: line + 1, column: at - starts[line]! };
    };
    const comments: Comment[] = [];
    let from = 0;
    for (const { 0: code, index } of text.matchAll(CODE)) {
      comments.push(place(from, index));
      from = index + code.length;
    }
    comments.push(place(from, text.length));
    const program = { type: 'Program', sourceType: 'module', body: [], tokens: [], comments };
    return {
      ast: { ...program, range: [0, text.length], loc: place(0, text.length).loc },
    };
  },
};
