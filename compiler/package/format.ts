/** Formats the package's sources, and makes JavaScript and declarations of them. */
import { format } from 'prettier';
import { ts } from 'ts-morph';

const STYLE = { singleQuote: true, printWidth: 110 } as const;

export const formatTypescript = (source: string): Promise<string> =>
  format(source, { parser: 'typescript', ...STYLE });

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
};

/** Types stripped, comments kept. */
export async function toJavascript(source: string): Promise<string> {
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  return format(outputText, { parser: 'babel', ...STYLE });
}

/** Declarations from the file alone: every export of an emitted file has its type written out. */
export async function toDeclarations(source: string, fileName: string): Promise<string> {
  const { outputText, diagnostics } = ts.transpileDeclaration(source, {
    compilerOptions,
    fileName,
    reportDiagnostics: true,
  });
  const [problem] = diagnostics ?? [];
  if (problem) throw new Error(`${fileName}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`);
  return format(outputText, { parser: 'typescript', ...STYLE });
}
