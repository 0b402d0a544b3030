/** Formats the package's sources, and derives JavaScript and declarations from them. */
import { format } from 'prettier/standalone';
import * as estree from 'prettier/plugins/estree';
import * as syntax from 'prettier/plugins/typescript';
import { ts } from 'ts-morph';
import type { EmittedFile, PrintedFunction } from '../emit/types.ts';
import { stripTypes } from './stripTypes.ts';
import { WIDTH } from './style.ts';

/** The file's name keeps prettier from testing whether this is JSX, which takes minutes for a large network. */
const STYLE = {
  parser: Object.keys(syntax.parsers)[0],
  plugins: [estree, syntax],
  filepath: 'module.ts',
  singleQuote: true,
};

export const formatTypescript = (source: string, printWidth = WIDTH): Promise<string> =>
  format(source, { ...STYLE, printWidth });

export interface FormattedFile {
  readonly typescript: string;
  readonly javascript: string;
  readonly declarations: string;
}

export async function formatEmitted(file: EmittedFile, name: string): Promise<FormattedFile> {
  if (file.kind === 'functions') {
    const parts = (pick: (one: PrintedFunction) => string) =>
      formatParts([file.header, ...file.functions.map(pick)]);
    return {
      typescript: await parts(({ typescript }) => typescript),
      javascript: await parts(({ javascript }) => javascript),
      declarations: await parts(({ declaration }) => declaration),
    };
  }
  const typescript = file.kind === 'formatted' ? file.text : await formatTypescript(file.text);
  return { typescript, javascript: stripTypes(typescript), declarations: toDeclarations(typescript, name) };
}

/**
 * The kernel printer writes the same text as prettier as long as all lines fit. So only functions with a
 * longer line are formatted, which keeps the compilation of large networks fast.
 */
async function formatParts(parts: readonly string[]): Promise<string> {
  const isLong = (part: string) => part.split('\n').some((line) => line.length > WIDTH);
  const formatted = await Promise.all(
    parts.map(async (part) => (isLong(part) ? formatTypescript(part) : part)),
  );
  return formatted.map((part) => part.trim()).join('\n\n') + '\n';
}

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
};

/** Declarations, from the file alone: every export of an emitted file has an explicit type. */
function toDeclarations(source: string, fileName: string): string {
  const options = { compilerOptions, fileName, reportDiagnostics: true };
  const { outputText, diagnostics } = ts.transpileDeclaration(source, options);
  const [problem] = diagnostics ?? [];
  if (problem) throw new Error(`${fileName}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`);
  // The emitter indents by four.
  return outputText.replace(/^( {4})+/gm, (indent) => indent.slice(indent.length / 2));
}
