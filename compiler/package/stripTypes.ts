/**
 * Turns TypeScript into JavaScript by removing the types. Every other character stays, so comments and
 * formatting are kept. Only for the syntax that packages use: no enums, namespaces or parameter properties.
 */
import { ts } from 'ts-morph';
import { WIDTH } from './style.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

export function stripTypes(source: string): string {
  const file = ts.createSourceFile('module.ts', source, ts.ScriptTarget.ES2022, true);
  const spans: Span[] = [];
  const remove = (from: number, to: number) => void spans.push({ from, to });
  const visit = (node: ts.Node): void => {
    if (isTypeStatement(node)) return removeStatement(node, source, remove);
    removeTypes(node, source, remove);
    node.forEachChild(visit);
  };
  visit(file);
  const kept = withoutSpans(source, spans);
  return joinParameters(kept.replace(/\n{3,}/g, '\n\n').replace(/^\n+/, ''));
}

/** Joins parameters that had a line each because of their types, if they fit on one line without them. */
function joinParameters(source: string): string {
  return source.replace(
    /^( *)((?:export )?(?:async )?function \w+\()\n((?: +[^\n]*,\n)+) *\) \{$/gm,
    (lines, indent, head, list) => {
      const parameters = (list as string)
        .trim()
        .replace(/,$/, '')
        .replace(/,\n\s+/g, ', ');
      const line = `${indent}${head}${parameters}) {`;
      return line.length <= WIDTH ? line : lines;
    },
  );
}

/** Whether a statement is an interface, a type alias, an overload, or an import or export of types. */
function isTypeStatement(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isFunctionDeclaration(node) && !node.body) return true;
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return ts.isExportDeclaration(node) && node.isTypeOnly;
}

/** Removes a statement with the comment above it and the line break after it. */
function removeStatement(node: ts.Node, source: string, remove: (from: number, to: number) => void): void {
  const comments = ts.getLeadingCommentRanges(source, node.getFullStart()) ?? [];
  // A comment that is separated by an empty line belongs to the file, not to the declaration.
  const attached = comments.filter(
    (_, i) => !/\n\s*\n/.test(source.slice(comments[i]!.end, comments[i + 1]?.pos ?? node.getStart())),
  );
  const from = attached[0]?.pos ?? node.getStart();
  const end = source[node.end] === '\n' ? node.end + 1 : node.end;
  remove(from, end);
}

function removeTypes(node: ts.Node, source: string, remove: (from: number, to: number) => void): void {
  const before = (child: ts.Node, sign: string): number => source.lastIndexOf(sign, child.getStart() - 1);
  if (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionLike(node)) {
    const { type } = node as ts.VariableDeclaration;
    const optional = ts.isParameter(node) ? node.questionToken : undefined;
    if (type && !ts.isTypePredicateNode(type))
      remove(optional ? optional.getStart() : before(type, ':'), type.end);
    else if (type) remove(before(type, ':'), type.end);
    else if (optional) remove(optional.getStart(), optional.end);
  }
  if (ts.isFunctionLike(node) && node.typeParameters) {
    const [first] = node.typeParameters;
    remove(before(first!, '<'), source.indexOf('>', node.typeParameters.end) + 1);
  }
  if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.typeArguments?.length) {
    remove(before(node.typeArguments[0]!, '<'), source.indexOf('>', node.typeArguments.end) + 1);
  }
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) remove(node.expression.end, node.end);
  if (ts.isNonNullExpression(node)) remove(node.expression.end, node.end);
  if (ts.isImportSpecifier(node) && node.isTypeOnly) removeSpecifier(node, source, remove);
}

/** Removes `type Ranked` with the comma after or before it. */
function removeSpecifier(
  node: ts.ImportSpecifier,
  source: string,
  remove: (from: number, to: number) => void,
): void {
  const comma = /^\s*,[ \t]*\n?/.exec(source.slice(node.end))?.[0];
  if (comma !== undefined) {
    const indent = comma.endsWith('\n')
      ? (/[ \t]*$/.exec(source.slice(0, node.getStart()))?.[0].length ?? 0)
      : 0;
    return remove(node.getStart() - indent, node.end + comma.length);
  }
  // The last specifier is removed together with the comma after the last name that stays.
  const names = node.parent.elements;
  const stays = names.slice(0, names.indexOf(node)).findLast((name) => !name.isTypeOnly);
  remove(stays?.end ?? names[0]!.getStart(), node.end);
}

function withoutSpans(source: string, spans: readonly Span[]): string {
  const ordered = [...spans].sort((a, b) => a.from - b.from || b.to - a.to);
  let [kept, at] = ['', 0];
  for (const { from, to } of ordered) {
    if (from < at) continue;
    kept += source.slice(at, from);
    at = to;
  }
  return kept + source.slice(at);
}
