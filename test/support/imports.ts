/** Who imports whom: every import, export-from, `import()` and `import('...')` type of our source files. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';

export const projectRoot: string = fileURLToPath(new URL('../../', import.meta.url));

export interface Import {
  /** Paths from the project's root, with `/`. */
  readonly from: string;
  readonly line: number;
  /** A file of ours, or a package's name. */
  readonly to: string;
  /** The names that are imported; none known for `import * as` and `import()`. */
  readonly names?: readonly string[];
  /** Nothing is left of it when the program runs. */
  readonly typeOnly: boolean;
}

/** Every `.ts` and `.mjs` file below these folders. */
export function sourceFiles(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
      .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort(),
  );
}

export const readSource = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');

export const importsOf = (file: string): Import[] => parseImports(file, readSource(file));

export function parseImports(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const see = (
    node: ts.Node,
    specifier: ts.Node | undefined,
    names: readonly string[] | undefined,
    typeOnly: boolean,
  ) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    imports.push({ from: file, line, to: resolveImport(file, specifier.text), names, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      see(node, node.moduleSpecifier, importedNames(node), isTypeImport(node));
    else if (ts.isExportDeclaration(node))
      see(node, node.moduleSpecifier, exportedNames(node), node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      see(node, node.argument.literal, undefined, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      see(node, node.arguments[0], undefined, false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

function importedNames({ importClause }: ts.ImportDeclaration): string[] | undefined {
  const bindings = importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings) || importClause.name) return undefined;
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  const bindings = importClause.namedBindings;
  const onlyTypes =
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly);
  return importClause.isTypeOnly || (onlyTypes && importClause.name === undefined);
}

function exportedNames({ exportClause }: ts.ExportDeclaration): string[] | undefined {
  if (!exportClause || !ts.isNamedExports(exportClause)) return undefined;
  return exportClause.elements.map((element) => (element.propertyName ?? element.name).text);
}

const resolveImport = (file: string, specifier: string): string =>
  specifier.startsWith('.') ? posix.normalize(`${dirname(file)}/${specifier}`) : specifier;
