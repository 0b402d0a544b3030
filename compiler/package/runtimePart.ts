/**
 * A module of runtime/, taken apart: its top-level declarations as they are written, and which others each of them uses.
 * A name that a function has for a local of its own counts as used where a declaration has that name too; a test finds
 * what is kept for that reason only.
 */
import { ts } from 'ts-morph';
import type { EmitHost } from '../emit/host.ts';

export interface Declaration {
  readonly name: string;
  readonly kind: 'value' | 'type';
  /** With the comments above it, without `export`. */
  readonly text: string;
  readonly isExported: boolean;
  /** Where `export` was in `text`. */
  readonly exportAt: number;
  /** Names of this part's declarations and imports. */
  readonly uses: readonly string[];
  /** The white space before it. */
  readonly gap: string;
}

export interface RuntimePart {
  readonly path: string;
  /** Its first comment. */
  readonly header: string;
  readonly declarations: readonly Declaration[];
  /** Imported names, and the paths of the parts that have them. */
  readonly imports: ReadonlyMap<string, string>;
}

/** runtime/, read through a host. Parsing takes longer than all else, so each part is parsed once, and if it is needed. */
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

/** Parts are joined, so a name is the same in all of them. */
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

/** Every identifier but those that name a member. */
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
