/**
 * Where a source file names an operator by a string. Names that no other vocabulary has (`conv2d`, `maxPool`) are found
 * wherever they are values; everyday words (`add`, `pad`, `input`) where what stands beside them is an operator: `node.op`,
 * the first argument of `g.node`, a list of operators, a table by operator.
 */
import { ts } from 'ts-morph';

/** Words for buffers and kinds of values as well. */
const LEAVES: ReadonlySet<string> = new Set(['input', 'parameter', 'constant']);

const isEveryday = (name: string): boolean => /^[a-z]+$/.test(name);

/** `<file>:<line> names <operator>` */
export function operatorNamesIn(file: string, text: string, operators: ReadonlySet<string>): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const see = (node: ts.Node, name: string): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push(`${file}:${line} names ${name}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isStringLiteralLike(node) && operators.has(node.text)) {
      if (namesOperator(node, operators)) see(node, node.text);
    } else if (isMember(node) && operators.has(memberName(node))) {
      if (isInTable(node, operators)) see(node, memberName(node));
    } else if (ts.isPropertyAccessExpression(node) && operators.has(node.name.text)) {
      if (isRegistry(node.expression)) see(node, node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `ops.conv2d` and `target.schedules.conv2d` name an operator as `ops['conv2d']` does. */
const isRegistry = (node: ts.Expression): boolean =>
  (ts.isIdentifier(node) && node.text === 'ops') ||
  (ts.isPropertyAccessExpression(node) && node.name.text === 'schedules');

/** `op`, `node.op`, `g.nodes[x]?.op` */
function isOperator(node: ts.Expression): boolean {
  if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node)) return isOperator(node.expression);
  return (
    (ts.isIdentifier(node) && node.text === 'op') ||
    (ts.isPropertyAccessExpression(node) && node.name.text === 'op')
  );
}

function namesOperator(literal: ts.StringLiteralLike, operators: ReadonlySet<string>): boolean {
  const { parent } = literal;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return false;
  if (!isEveryday(literal.text)) return true;
  if (ts.isBinaryExpression(parent)) return isOperator(parent.left === literal ? parent.right : parent.left);
  if (ts.isCaseClause(parent)) return isOperator(parent.parent.parent.expression);
  if (ts.isCallExpression(parent)) return isFirstOfNode(parent, literal);
  if (ts.isArrayLiteralExpression(parent)) return isListOfOperators(parent, operators);
  if (ts.isElementAccessExpression(parent)) return isRegistry(parent.expression);
  if (ts.isPropertyAssignment(parent)) return memberName(parent) === 'op';
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent))
    return parent.type?.getText().includes('OpName') ?? false;
  return false;
}

/** `g.node('add', ...)`, and whatever is called with a list of operands after the name. */
function isFirstOfNode(
  { expression, arguments: [first, second] }: ts.CallExpression,
  literal: ts.Node,
): boolean {
  const isNode = ts.isPropertyAccessExpression(expression) && expression.name.text === 'node';
  return first === literal && (isNode || (second !== undefined && ts.isArrayLiteralExpression(second)));
}

/** A list that is searched for an operator, or that holds nothing but operators, not all of them leaves. */
function isListOfOperators(list: ts.ArrayLiteralExpression, operators: ReadonlySet<string>): boolean {
  const access = list.parent;
  const call = access.parent;
  if (ts.isPropertyAccessExpression(access) && ts.isCallExpression(call))
    return call.arguments.some(isOperator);
  const names = list.elements.map((element) => (ts.isStringLiteralLike(element) ? element.text : ''));
  return names.every((name) => operators.has(name)) && names.some((name) => !LEAVES.has(name));
}

type Member = ts.PropertyAssignment | ts.MethodDeclaration;

const isMember = (node: ts.Node): node is Member =>
  (ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node)) &&
  (ts.isIdentifier(node.name) || ts.isStringLiteralLike(node.name)) &&
  ts.isObjectLiteralExpression(node.parent);

const memberName = ({ name }: Member): string => (ts.isComputedPropertyName(name) ? '' : name.text);

/** An object that is typed by operators' names, or whose members are several operators and nothing else. */
function isInTable(member: Member, operators: ReadonlySet<string>): boolean {
  if (!isEveryday(memberName(member))) return true;
  const table = member.parent as ts.ObjectLiteralExpression;
  const declaration = table.parent;
  if (ts.isVariableDeclaration(declaration) && declaration.type?.getText().includes('OpName')) return true;
  const names = table.properties.filter(isMember).map(memberName);
  const others = table.properties.filter(ts.isShorthandPropertyAssignment);
  return (
    others.length === 0 &&
    names.every((name) => operators.has(name)) &&
    names.filter((name) => !LEAVES.has(name)).length > 1
  );
}
