/**
 * `runtime.ts` of a package: what its modules import from there, and what that uses in turn, as written in runtime/.
 * Only what they import is exported, so that the file says itself what is called from outside.
 */
import type { EmitHost } from '../emit/host.ts';
import { runtimeLibrary, type Declaration, type RuntimeLibrary, type RuntimePart } from './runtimePart.ts';

/** In the order of the file: a constant stands after those that it is made of. */
export const RUNTIME_PARTS = [
  'arrays',
  'check',
  'weights',
  'weightStream',
  'topK',
  'image',
  'detection',
  'wasm/features',
  'wasm/module',
  'webgpu/types',
  'webgpu/device',
  'webgpu/kernelText',
  'webgpu/program',
  'webgpu/session',
  'webgpu/tensors',
  'webgpu/model',
  'webgpu/imageKernels',
  'webgpu/imageSource',
  'webgpu/image',
  'training/hyperparameters',
  'training/parameters',
  'training/state',
  'training/plan',
  'training/trainer',
  'training/memories',
  'training/arrays',
  'wasm/training',
  'training/immediate',
  'webgpu/training',
  'webgpu/trainerSite',
  'webgpu/trainerSteps',
  'webgpu/trainerCalls',
  'webgpu/trainer',
  'training/schedule',
] as const;

export type RuntimePath = (typeof RUNTIME_PARTS)[number];

/** `modules` are the sources of the package; all that the parts `offered` export is for users of the package. */
export function runtimeFile(
  textOf: EmitHost['runtimeText'],
  modules: Iterable<string>,
  offered: readonly RuntimePath[] = [],
): string {
  const runtime = runtimeLibrary(textOf);
  const exported = new Set([...modules].flatMap(runtimeImports));
  for (const name of offered.flatMap(runtime.exportsOf)) exported.add(name);
  const kept = reachable(runtime, exported);
  checkNames(kept);
  const parts = RUNTIME_PARTS.filter((path) => kept.has(path));
  return parts.map((path) => joinedText(runtime.part(path), kept.get(path)!, exported)).join('\n\n') + '\n';
}

const IMPORT = /^(?:import|export)\s(?:\s*type\s)?\s*\{([^}]*)\}\s*from\s*['"](?:\.\.?\/)+runtime\.js['"]/gm;

/** The names that a module of the package imports from `runtime.js`, or exports from there. */
export function runtimeImports(module: string): string[] {
  const found = [...module.matchAll(IMPORT)];
  if (found.length !== module.split(/\/runtime\.js['"]/).length - 1)
    throw new Error(`a module imports runtime.js in another way than by names:\n${module.slice(0, 2000)}`);
  const names = found.flatMap(([, list]) => list!.split(','));
  return names
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s.*$/, ''),
    )
    .filter(Boolean);
}

/** By part, the names of declarations. */
type Kept = ReadonlyMap<string, ReadonlySet<string>>;

/** From exported names to all declarations that they need. */
function reachable(runtime: RuntimeLibrary, exported: ReadonlySet<string>): Kept {
  const kept = new Map<string, Set<string>>();
  const keep = (path: string, name: string): void => {
    const names = kept.get(path) ?? new Set();
    kept.set(path, names);
    if (names.has(name)) return;
    names.add(name);
    const { declarations, imports } = runtime.part(path);
    for (const one of declarations.filter((declaration) => declaration.name === name))
      for (const use of one.uses) keep(imports.get(use) ?? path, use);
  };
  for (const name of exported) {
    const owner = RUNTIME_PARTS.find((path) => runtime.exportsOf(path).includes(name));
    if (owner === undefined) throw new Error(`no part of runtime/ exports ${name}, which a package imports`);
    keep(owner, name);
  }
  return kept;
}

/** Two parts that are joined must not have one name for two things. */
function checkNames(kept: Kept): void {
  const paths = new Map<string, string>();
  for (const [path, names] of kept) {
    for (const name of names) {
      const other = paths.get(name);
      if (other !== undefined)
        throw new Error(`runtime/${other}.ts and runtime/${path}.ts both declare ${name}`);
      paths.set(name, path);
    }
  }
}

function joinedText(
  { header, declarations }: RuntimePart,
  kept: ReadonlySet<string>,
  exported: ReadonlySet<string>,
): string {
  const first = declarations.find(({ name }) => kept.has(name))!;
  let text = header;
  // At a type the header leaves JavaScript with it: there it would cost as many bytes as the code.
  let gap = first.kind === 'type' ? '\n' : '\n\n';
  declarations.forEach((one, i) => {
    if (!kept.has(one.name)) return;
    const isAdjacent = i > 0 && kept.has(declarations[i - 1]!.name);
    text += (isAdjacent ? one.gap : gap) + declarationText(one, exported);
    gap = '\n\n';
  });
  return text;
}

function declarationText(
  { text, name, isExported, exportAt }: Declaration,
  exported: ReadonlySet<string>,
): string {
  if (!isExported || !exported.has(name)) return text;
  return `${text.slice(0, exportAt)}export ${text.slice(exportAt)}`;
}
