/**
 * `runtime.ts` of a package: what its modules import from there, and what that uses in turn, as written in runtime/.
 * Only what they import is exported, so that the file says itself what is called from outside.
 */
import type { EmitHost } from '../emit/host.ts';
import { runtimePart, type Declaration, type RuntimePart } from './runtimePart.ts';

/** In the order of the file: a constant stands after those that it is made of. */
const PARTS = [
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

export type RuntimePath = (typeof PARTS)[number];

/** `modules` are the sources of the package; all that the parts `offered` export is for users of the package. */
export function runtimeFile(
  textOf: EmitHost['runtimeText'],
  modules: Iterable<string>,
  offered: readonly RuntimePath[] = [],
): string {
  const parts = PARTS.map((path) => runtimePart(path, textOf));
  const exported = new Set([...modules].flatMap(runtimeImports));
  for (const path of offered) {
    for (const { name, isExported } of runtimePart(path, textOf).declarations)
      if (isExported) exported.add(name);
  }
  const kept = reachable(parts, exported);
  const texts = parts.filter((part) => part.declarations.some((one) => kept.has(one)));
  return texts.map((part) => partText(part, kept, exported)).join('\n\n') + '\n';
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

/** From exported names to all declarations that they need. */
function reachable(parts: readonly RuntimePart[], exported: ReadonlySet<string>): ReadonlySet<Declaration> {
  const byPath = new Map(parts.map((part) => [part.path, part]));
  const kept = new Set<Declaration>();
  const keep = (part: RuntimePart, name: string): void => {
    const own = part.declarations.filter((one) => one.name === name);
    for (const one of own) {
      if (kept.has(one)) continue;
      kept.add(one);
      for (const use of one.uses) keep(byPath.get(part.imports.get(use) ?? part.path)!, use);
    }
  };
  for (const name of exported) {
    const owners = parts.filter(({ declarations }) =>
      declarations.some((one) => one.isExported && one.name === name),
    );
    if (owners.length !== 1)
      throw new Error(`${owners.length} parts of runtime/ export ${name}, which a package imports`);
    keep(owners[0]!, name);
  }
  checkNames(parts, kept);
  return kept;
}

/** Joined, two parts must not have the same name for different things. */
function checkNames(parts: readonly RuntimePart[], kept: ReadonlySet<Declaration>): void {
  const owners = new Map<string, string>();
  for (const { path, declarations } of parts) {
    for (const { name } of declarations.filter((one) => kept.has(one))) {
      const other = owners.get(name) ?? path;
      if (other !== path) throw new Error(`runtime/${other}.ts and runtime/${path}.ts both declare ${name}`);
      owners.set(name, path);
    }
  }
}

function partText(
  { header, declarations }: RuntimePart,
  kept: ReadonlySet<Declaration>,
  exported: ReadonlySet<string>,
): string {
  const first = declarations.find((one) => kept.has(one))!;
  let text = header;
  // At a type the header leaves JavaScript with it: there it would cost as many bytes as the code.
  let gap = first.kind === 'type' ? '\n' : '\n\n';
  declarations.forEach((one, i) => {
    if (!kept.has(one)) return;
    const isAdjacent = kept.has(declarations[i - 1]!);
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
