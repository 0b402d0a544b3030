/** Formats the package's sources, and makes JavaScript and declarations of them. */
import { format } from 'prettier';
import { ts } from 'ts-morph';

/** Columns of emitted code. */
export const WIDTH = 110;
const STYLE = { parser: 'typescript', singleQuote: true, printWidth: WIDTH } as const;

export const formatTypescript = (source: string): Promise<string> => format(source, STYLE);

/**
 * Formats a file of many top-level parts. The kernel printer writes what prettier would, as long as a line
 * fits: only parts with a longer line are formatted, which is what keeps large networks quick to compile.
 */
export async function formatParts(parts: readonly string[]): Promise<string> {
  const isLong = (part: string) => part.split('\n').some((line) => line.length > WIDTH);
  const formatted = await Promise.all(parts.map((part) => (isLong(part) ? formatTypescript(part) : part)));
  return formatted.map((part) => part.trim()).join('\n\n') + '\n';
}

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
};

/** Declarations from the file alone: every export of an emitted file has its type written out. */
export function toDeclarations(source: string, fileName: string): string {
  const options = { compilerOptions, fileName, reportDiagnostics: true };
  const { outputText, diagnostics } = ts.transpileDeclaration(source, options);
  const [problem] = diagnostics ?? [];
  if (problem) throw new Error(`${fileName}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`);
  // The emitter indents by four.
  return outputText.replace(/^( {4})+/gm, (indent) => indent.slice(indent.length / 2));
}
