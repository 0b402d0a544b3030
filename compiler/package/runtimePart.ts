/**
 * A parsed module of runtime/: its top-level declarations as they are written, and the declarations that each one uses.
 * A local variable with the name of a declaration counts as a use of it; a test finds declarations that are kept only
 * for that reason.
 */
import { ts } from 'ts-morph';
import type { EmitHost } from '../emit/host.ts';

export interface Declaration {
  readonly name: string;
  readonly kind: 'value' | 'type';
  /** The declaration with the comments above it, without `export`. */
  readonly text: string;
  readonly isExported: boolean;
  /** The offset in `text` at which `export` was removed. */
  readonly exportAt: number;
  /** The names of declarations and imports of this part that it uses. */
  readonly uses: readonly string[];
  /** The white space before the declaration. */
  readonly gap: string;
}

export interface RuntimePart {
  readonly path: string;
  /** The first comment of the file. */
  readonly header: string;
  readonly declarations: readonly Declaration[];
  /** The paths of the parts that imported names come from. */
  readonly imports: ReadonlyMap<string, string>;
}

/** runtime/, read through a host. Parsing is slow, so each part is parsed once, when it is first needed. */
export interface RuntimeLibrary {
  part(path: string): RuntimePart;
  /** The names that a part exports, found without parsing it. */
  exportsOf(path: string): readonly string[];
}

const libraries = new WeakMap<EmitHost['runtimeText'], RuntimeLibrary>();

export function runtimeLibrary(textOf: EmitHost['runtimeText']): RuntimeLibrary {
  const known = libraries.get(textOf) ?? createLibrary(textOf);
  libraries.set(textOf, known);
  return known;
}

const EXPORT = /^export (?:async )?(?:function|const|interface|type) (\w+)/gm;

function createLibrary(textOf: EmitHost['runtimeText']): RuntimeLibrary {
  const parsed = new Map<string, RuntimePart>();
  const exported = new Map<string, readonly string[]>();
  return {
    part(path) {
      const part = parsed.get(path) ?? parsePart(path, textOf(path));
      parsed.set(path, part);
      return part;
    },
    exportsOf(path) {
      const names = exported.get(path) ?? [...textOf(path).matchAll(EXPORT)].map(([, name]) => name!);
      exported.set(path, names);
      return names;
    },
  };
}

export function parsePart(path: string, source: string): RuntimePart {
  const file = ts.createSourceFile('part.ts', source, ts.ScriptTarget.ES2022, true);
  const [header] = ts.getLeadingCommentRanges(source, 0) ?? [];
  if (!header) throw new Error(`runtime/${path}.ts has no header`);
  const imports = new Map<string, string>();
  for (const one of file.statements.filter(ts.isImportDeclaration)) addImports(imports, path, one);
  const statements = file.statements.filter((one) => !ts.isImportDeclaration(one));
  const names = new Set([...imports.keys(), ...statements.map((one) => nameOf(path, one))]);
  const declarations = statements.map((one) => declarationOf(path, source, one, names, header.end));
  return { path, header: source.slice(0, header.end), declarations, imports };
}

/** Adds the imports of a declaration. Imports cannot rename, because the parts are joined into one file. */
function addImports(imports: Map<string, string>, path: string, node: ts.ImportDeclaration): void {
  const from = (node.moduleSpecifier as ts.StringLiteral).text;
  const names = node.importClause?.namedBindings;
  if (!from.startsWith('.') || !names || !ts.isNamedImports(names))
    throw new Error(`runtime/${path}.ts: ${node.getText()} is no import of names from another part`);
  const target = new URL(from, `file:///${path}`).pathname.slice(1).replace(/\.ts$/, '');
  for (const { name, propertyName } of names.elements) {
    if (propertyName) throw new Error(`runtime/${path}.ts renames ${propertyName.text}`);
    imports.set(name.text, target);
  }
}

function nameOf(path: string, node: ts.Statement): string {
  if (ts.isVariableStatement(node)) {
    const [first, second] = node.declarationList.declarations;
    if (first && !second && ts.isIdentifier(first.name)) return first.name.text;
  }
  const isNamed =
    ts.isFunctionDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
  if (isNamed && node.name) return node.name.text;
  throw new Error(
    `runtime/${path}.ts: a part is made of functions, constants and types, not of ${node.getText()}`,
  );
}

function declarationOf(
  path: string,
  source: string,
  node: ts.Statement,
  names: ReadonlySet<string>,
  headerEnd: number,
): Declaration {
  const comments = ts.getLeadingCommentRanges(source, node.getFullStart()) ?? [];
  const own = comments.find(({ pos }) => pos >= headerEnd);
  const from = own?.pos ?? node.getStart();
  const end = ts.getTrailingCommentRanges(source, node.end)?.at(-1)?.end ?? node.end;
  const modifier = ts.canHaveModifiers(node)
    ? ts.getModifiers(node)?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    : undefined;
  const at = modifier?.getStart() ?? node.getStart();
  const after = modifier ? at + 'export '.length : at;
  const name = nameOf(path, node);
  const used = new Set<string>();
  collectUses(node, used);
  return {
    name,
    kind: ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ? 'type' : 'value',
    text: source.slice(from, at) + source.slice(after, end),
    isExported: modifier !== undefined,
    exportAt: at - from,
    uses: [...used].filter((one) => one !== name && names.has(one)),
    gap: /\s*$/.exec(source.slice(0, from))![0],
  };
}

/** Collects every identifier that does not name a member. */
function collectUses(node: ts.Node, used: Set<string>): void {
  if (ts.isIdentifier(node) && !isMemberName(node)) used.add(node.text);
  node.forEachChild((child) => collectUses(child, used));
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isAccessor(parent);
  return isMember && parent.name === node;
}
