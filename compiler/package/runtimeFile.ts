/**
 * `runtime.ts` of a package: the declarations that its modules import, and those that these need, as written in
 * runtime/. Only imported declarations are exported, so the file shows which of them other modules use.
 */
import type { EmitHost } from '../emit/host.ts';
import { runtimeLibrary, type Declaration, type RuntimeLibrary, type RuntimePart } from './runtimePart.ts';

/** The parts in the order of the file: a constant comes after those that it is computed from. */
export const RUNTIME_PARTS = [
  'arrays',
  'check',
  'batches',
  'weights',
  'weightStream',
  'fitTensors',
  'stagedWeights',
  'topK',
  'image',
  'imagePixels',
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
  'webgpu/batches',
  'webgpu/imageKernels',
  'webgpu/imageSource',
  'webgpu/image',
  'webgpu/forwardImage',
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
  'webgpu/staged',
  'webgpu/trainerSite',
  'webgpu/trainerSteps',
  'webgpu/trainerCalls',
  'webgpu/trainer',
  'training/schedule',
  'training/fit/types',
  'training/fit/random',
  'training/fit/images',
  'training/fit/batches',
  'training/fit/measure',
  'training/fit/loop',
  'training/fit/fit',
  'training/fit/stores',
] as const;

export type RuntimePath = (typeof RUNTIME_PARTS)[number];

/** Prints the file. `modules` are the package's sources. All exports of the parts `offered` are kept for users. */
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
    throw new Error(`a module imports runtime.js, but not by names:\n${module.slice(0, 2000)}`);
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

/** The names of the declarations that are kept, by part. */
type Kept = ReadonlyMap<string, ReadonlySet<string>>;

/** All declarations that the exported names need. */
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

/** Throws if two parts in the file declare the same name. */
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
  // Next to a type, the header is removed from JavaScript together with it: there it would be as long as the code.
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
