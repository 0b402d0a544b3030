/**
 * The rules of the layering, as functions from imports and texts to what breaks them. ARCHITECTURE.md has the table for
 * readers. A folder of compiler/ is a module, and so is each target.
 */
import { ts } from 'ts-morph';
import { targetNames } from '../../compiler/targets/index.ts';
import type { Import } from './imports.ts';

/** What a module may import from others. `every other module` is for those that put others together; a circle is wrong there too. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'every other module'>> = {
  diagnostics: [],
  kernel: [],
  ir: ['diagnostics'],
  ops: ['ir', 'kernel', 'diagnostics'],
  autodiff: ['ir', 'ops', 'diagnostics'],
  passes: ['ir', 'ops'],
  frontend: ['ir', 'ops', 'kernel', 'diagnostics'],
  importers: ['ir', 'ops', 'kernel', 'frontend', 'diagnostics'],
  exporters: ['ir', 'ops', 'kernel', 'diagnostics'],
  program: ['kernel', 'ir'],
  lowering: ['ir', 'ops', 'kernel', 'program'],
  emit: ['diagnostics', 'kernel', 'ir', 'autodiff', 'frontend', 'program', 'lowering'],
  'a target': ['ir', 'ops', 'kernel', 'lowering', 'program', 'emit', 'diagnostics'],
  targets: ['a target', 'emit', 'diagnostics'],
  package: 'every other module',
  training: 'every other module',
  driver: 'every other module',
  host: 'every other module',
  'index.ts': 'every other module',
  'browser.ts': 'every other module',
  cli: 'every other module',
  plugin: 'every other module',
};

interface Module {
  readonly name: string;
  /** Its row in the table. */
  readonly kind: string;
}

export function moduleOf(file: string): Module {
  const [, first, second, third] = file.split('/');
  if (first === 'targets' && third !== undefined) return { name: `targets/${second}`, kind: 'a target' };
  return { name: first!, kind: first! };
}

export const isCompiler = (file: string): boolean => file.startsWith('compiler/');
export const describeImport = ({ from, line, to }: Import): string => `${from}:${line} imports ${to}`;

/** Imports from one module to another that the table does not allow. */
export function outsideTheTable(imports: readonly Import[]): string[] {
  return betweenModules(imports)
    .filter(({ from, to }) => {
      const allowed = MAY_IMPORT[moduleOf(from).kind];
      return allowed !== 'every other module' && !allowed?.includes(moduleOf(to).kind);
    })
    .map(describeImport);
}

export const betweenModules = (imports: readonly Import[]): Import[] =>
  imports.filter(
    ({ from, to }) => isCompiler(from) && isCompiler(to) && moduleOf(from).name !== moduleOf(to).name,
  );

type Edge = readonly [from: string, to: string];

/** A circle among the edges, as `a -> b -> a`. */
export function circle(edges: readonly Edge[]): string | undefined {
  const imported = new Map<string, string[]>();
  for (const [from, to] of edges) imported.set(from, [...(imported.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(' -> ');
    if (done.has(node)) return undefined;
    for (const next of imported.get(node) ?? []) {
      const found = visit(next, [...path, node]);
      if (found) return found;
    }
    done.add(node);
    return undefined;
  };
  for (const node of imported.keys()) {
    const found = visit(node, []);
    if (found) return found;
  }
  return undefined;
}

export const moduleEdges = (imports: readonly Import[]): Edge[] =>
  betweenModules(imports).map(({ from, to }) => [moduleOf(from).name, moduleOf(to).name]);

/** Imports of types count as well. */
export const betweenFiles = (imports: readonly Import[]): Edge[] => imports.map(({ from, to }) => [from, to]);

/** The text of a target's files: everything beside its record, its API, its kernels and what is done to them. */
export const isPrinter = (file: string): boolean =>
  moduleOf(file).kind === 'a target' &&
  !/\/((record|target|api|packageMemory)\.ts|(schedules|passes|tuning)\/.*)$/.test(file);

export function printersThatKnowMore(imports: readonly Import[]): string[] {
  const allowed = ['kernel', 'program', 'emit'];
  return imports
    .filter(({ from, to }) => isPrinter(from) && isCompiler(to))
    .filter(({ to }) => !isPrinter(to) && !allowed.includes(moduleOf(to).kind))
    .map(describeImport);
}

/** Strings that are a target's name, with their places. */
export function targetNamesIn(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && (targetNames as readonly string[]).includes(node.text)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1} names ${node.text}`);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

/** `onnx` of a file of the format's folder, `recorded` of the half that no format owns. */
export const importersFolder = (file: string): string | undefined =>
  /^compiler\/importers\/([^/]+)\//.exec(file)?.[1];

/** Formats know the half that belongs to none and the record that an importer is; that half knows itself only. */
export function acrossFormats(imports: readonly Import[]): string[] {
  return imports
    .filter(({ from, to }) => importersFolder(from) !== undefined && to.startsWith('compiler/importers/'))
    .filter(({ from, to }) => {
      const [own, other] = [importersFolder(from), importersFolder(to)];
      const isShared = other === 'recorded' || to === 'compiler/importers/types.ts';
      return own !== other && (own === 'recorded' || !isShared);
    })
    .map(describeImport);
}

/** `program` knows of the graph where a call comes from, and nothing else. */
export const programOnGraphs = (imports: readonly Import[]): string[] =>
  imports
    .filter(({ from, to }) => moduleOf(from).kind === 'program' && moduleOf(to).kind === 'ir')
    .filter(({ names, typeOnly }) => !typeOnly || names?.join() !== 'Origin')
    .map(describeImport);

/** Where operators are declared, or where a format or a layer is translated into them. */
const OPERATORS_OWN = [
  'compiler/ops/',
  'compiler/ir/leaves.ts',
  'compiler/ir/fusion.ts',
  'compiler/frontend/layers/',
  'compiler/importers/',
];

/** Files that could import an operator's definition, or could ask for its facts, and so need not name it. */
export function mayKnowOperators(file: string): boolean {
  const { kind } = moduleOf(file);
  const allowed = MAY_IMPORT[kind]!;
  const knows = kind === 'ir' || allowed === 'every other module' || allowed.includes('ir');
  return knows && !isPrinter(file) && !OPERATORS_OWN.some((place) => file.startsWith(place));
}

export const towardsCli = (imports: readonly Import[]): string[] =>
  betweenModules(imports)
    .filter(({ to }) => moduleOf(to).name === 'cli')
    .map(describeImport);

export const acrossCompilerAndRuntime = (imports: readonly Import[]): string[] =>
  imports
    .filter(
      ({ from, to }) =>
        (isCompiler(from) && to.startsWith('runtime/')) || (from.startsWith('runtime/') && isCompiler(to)),
    )
    .map(describeImport);

/** Where Node's modules and packages that run in Node only may be imported. `host/browser` runs in pages. */
export const ON_NODE = /^compiler\/(cli|plugin|host(?!\/browser\/)|training\/data)\//;
const NODE_PACKAGES = ['commander', 'sharp', 'tsx'];

export const isNodeModule = (to: string): boolean =>
  to.startsWith('node:') || NODE_PACKAGES.some((name) => to === name || to.startsWith(`${name}/`));

export const needsNode = (imports: readonly Import[]): string[] =>
  imports.filter(({ from, to }) => isNodeModule(to) && !ON_NODE.test(from)).map(describeImport);

/** Nothing else imports these places, except for the entry for Node: what imports them needs Node as well. */
export const towardsNode = (imports: readonly Import[]): string[] =>
  imports
    .filter(({ from, to }) => ON_NODE.test(to) && !ON_NODE.test(from) && from !== 'compiler/index.ts')
    .map(describeImport);

const NODE_GLOBALS = ['process', 'Buffer', '__dirname', '__filename', 'setImmediate'];

/** `file: name` for each of Node's globals that the text uses and does not declare or import. */
export function nodeGlobals(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    const parent = node.parent as ts.Node | undefined;
    if (ts.isIdentifier(node) && NODE_GLOBALS.includes(node.text)) {
      const isMember =
        (ts.isPropertyAccessExpression(parent!) && parent.name === node) || ts.isPropertyAssignment(parent!);
      const isDeclared =
        ts.isImportSpecifier(parent!) ||
        ((ts.isVariableDeclaration(parent!) || ts.isInterfaceDeclaration(parent!)) && parent.name === node);
      if (isDeclared) declared.add(node.text);
      else if (!isMember) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...used].filter((name) => !declared.has(name)).map((name) => `${file}: ${name}`);
}
