/**
 * The types of a package as one declaration file. Files that the package's own import become namespaces in it; nothing
 * refers to the cache, so the file can be committed.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';

/** `source` is the model file's name. */
export function packageDeclaration(folder: string, source: string): string {
  const namespaces = new Map<string, string>();
  const text = withoutImports({ folder, namespaces }, 'index.d.ts');
  const nested = [...namespaces].map(([name, body]) => `declare namespace ${name} {\n${body.trim()}\n}\n`);
  const header = `// The types of ${source}, written by the plugin of cnnc. Changes are lost.`;
  return [header, text.trim(), '', ...nested].join('\n');
}

interface Declarations {
  readonly folder: string;
  /** Texts of the imported files, by name. */
  readonly namespaces: Map<string, string>;
}

/** The text of a file with aliases for what it imports and passes on; the other files are added to the namespaces. */
function withoutImports(all: Declarations, path: string): string {
  const text = readFileSync(join(all.folder, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const aliases = new Map<string, string>();
  let rest = '';
  let done = 0;
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    rest += text.slice(done, statement.getStart(source));
    done = statement.end;
    for (const [name, alias] of aliasesOf(all, path, statement)) {
      // What is imported and exported is one alias.
      if (!aliases.has(name) || alias.startsWith('export')) aliases.set(name, alias);
    }
  }
  const lines = [...aliases.values()].map((alias) => `${alias}\n`);
  return `${lines.join('')}${rest}${text.slice(done)}`;
}

function aliasesOf(
  all: Declarations,
  path: string,
  statement: ts.ImportDeclaration | ts.ExportDeclaration,
): (readonly [string, string])[] {
  const { moduleSpecifier } = statement;
  const isImport = ts.isImportDeclaration(statement);
  const bindings = isImport ? statement.importClause?.namedBindings : statement.exportClause;
  // `export {}` has no meaning in a namespace.
  if (!moduleSpecifier || !bindings || !('elements' in bindings)) return [];
  const { text } = moduleSpecifier as ts.StringLiteral;
  const namespace = addNamespace(all, join(dirname(path), text.replace(/\.js$/, '.d.ts')));
  const keyword = isImport ? 'import' : 'export import';
  return bindings.elements.map(({ name, propertyName }) => [
    name.text,
    `${keyword} ${name.text} = ${namespace}.${(propertyName ?? name).text};`,
  ]);
}

function addNamespace(all: Declarations, path: string): string {
  const name = path.replace(/\.d\.ts$/, '').replace(/\W/g, '_');
  if (!all.namespaces.has(name)) {
    all.namespaces.set(name, '');
    all.namespaces.set(name, withoutImports(all, path).replace(/^(export )?declare /gm, '$1'));
  }
  return name;
}
