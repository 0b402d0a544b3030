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
  /** By name: texts of the files that are imported. */
  readonly namespaces: Map<string, string>;
}

/** The text of a file with its relative imports as aliases; the imported files are added to the namespaces. */
function withoutImports(all: Declarations, path: string): string {
  const text = readFileSync(join(all.folder, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  let result = '';
  let done = 0;
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const { text: imported } = statement.moduleSpecifier as ts.StringLiteral;
    const name = addNamespace(all, join(dirname(path), imported.replace(/\.js$/, '.d.ts')));
    result += text.slice(done, statement.getStart(source)) + aliases(statement, name);
    done = statement.end;
  }
  return result + text.slice(done);
}

function addNamespace(all: Declarations, path: string): string {
  const name = path.replace(/\.d\.ts$/, '').replace(/\W/g, '_');
  if (!all.namespaces.has(name)) {
    all.namespaces.set(name, '');
    all.namespaces.set(name, withoutImports(all, path).replaceAll('export declare ', 'export '));
  }
  return name;
}

function aliases({ importClause }: ts.ImportDeclaration, namespace: string): string {
  const bindings = importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return '';
  return bindings.elements
    .map(({ name, propertyName }) => `import ${name.text} = ${namespace}.${(propertyName ?? name).text};`)
    .join('\n');
}
