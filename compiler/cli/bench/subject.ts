/**
 * The subject of `cnnc bench`: one target of a package, with its API and the calls that its `layers.json` lists. A folder
 * that cannot be measured is reported as a `Diagnostic`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, nearest } from '../../diagnostics/diagnostic.ts';
import type { TargetBench } from '../../emit/target.ts';
import { TARGETS } from '../../targets/index.ts';
import { checkPackage, importing } from '../package.ts';

/** A line of `layers.json`; see compiler/emit/layers.ts. */
export interface CallFacts {
  readonly kernel: string;
  readonly label: string;
  readonly schedule: string;
  /** The facts of the other kernel families that the package can choose when it is loaded. */
  readonly variants?: Readonly<Record<string, Pick<CallFacts, 'kernel' | 'schedule' | 'dispatches'>>>;
  /** The number of dispatches of the call on WebGPU. */
  readonly dispatches?: number;
  readonly result: string;
  readonly multiplyAdds: number;
  readonly bytes: number;
  readonly args: readonly string[];
}

export type Phases = Readonly<Record<string, readonly CallFacts[]>>;

/** The facts of the kernels that run when this variant is loaded. */
export const withVariant = (phases: Phases, variant: string | undefined): Phases =>
  Object.fromEntries(
    Object.entries(phases).map(([name, calls]) => [
      name,
      calls.map((facts) => ({ ...facts, ...(variant === undefined ? {} : facts.variants?.[variant]) })),
    ]),
  );

interface LayersFile {
  readonly name: string;
  readonly target: string;
  readonly phases: Phases;
}

interface TensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
}

export type TensorInfos = Readonly<Record<string, TensorInfo>>;
export type Arrays = Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>;

/** The families that a package for WebGPU chooses from; see runtime/webgpu/types.ts. */
export const KERNEL_FAMILIES = ['blocked', 'tiled'] as const;
export type KernelFamily = (typeof KERNEL_FAMILIES)[number];

/** A loaded package: a model has `forward` and `close`, a trainer `trainStep` as well. */
export interface LoadedModel {
  forward(inputs: Arrays): unknown;
  trainStep?(inputs: Arrays): unknown;
  /** Present in a package for WebGPU. */
  readonly family?: KernelFamily;
  close(): void;
}

/** The API of a target's `index.js`; see compiler/package/indexModule.ts. */
export interface TargetModule {
  readonly info: {
    readonly name: string;
    readonly inputs: TensorInfos;
    readonly arenaBytes: number;
    readonly weightBytes: number;
    readonly training?: { readonly targets: TensorInfos; readonly arenaBytes: number };
  };
  load(options: Readonly<Record<string, unknown>>): Promise<LoadedModel>;
}

export interface Subject {
  /** The folder that the user named; errors name it too. */
  readonly folder: string;
  readonly target: string;
  /** How it is measured. */
  readonly bench: TargetBench;
  /** The folder with the `index.js` of the target. */
  readonly home: string;
  readonly info: TargetModule['info'];
  readonly inference: Phases;
  /** Present if the package trains. */
  readonly training?: Phases;
}

const SUBJECT = 'package';
const LAYERS = 'layers.json';

/** Opens the target that was asked for, or the first one that the package lists. */
export async function openSubject(folder: string, asked: string | undefined): Promise<Subject> {
  checkPackage(folder);
  const homes = targetHomes(folder);
  if (homes.size === 0) {
    fail(
      'CNNC5012',
      SUBJECT,
      { file: folder },
      `it has no ${LAYERS}: an older version of cnnc wrote it; compile the model again`,
    );
  }
  const target = asked ?? [...homes.keys()][0]!;
  const home = homes.get(target) ?? refuseTarget(folder, target, [...homes.keys()]);
  const training = join(home, 'training', LAYERS);
  const { info } = await importTarget(folder, home);
  return {
    ...{ folder, target, bench: benchOf(folder, target), home, info },
    inference: readLayers(join(home, LAYERS)).phases,
    training: existsSync(training) ? readLayers(training).phases : undefined,
  };
}

function benchOf(folder: string, target: string): TargetBench {
  const record = TARGETS.find(({ name }) => name === target);
  return (
    record?.bench ??
    fail(
      'CNNC5012',
      SUBJECT,
      { file: folder },
      `this version of cnnc does not know the target ${JSON.stringify(target)}`,
    )
  );
}

export const importTarget = (folder: string, home: string): Promise<TargetModule> =>
  importing(folder, 'running its index.js failed', async () => {
    return (await import(pathToFileURL(resolve(home, 'index.js')).href)) as TargetModule;
  });

/** Place in the order in which `load()` of a package tries targets. Targets outside the table come last. */
const placeOf = (target: string): number =>
  TARGETS.find(({ name }) => name === target)?.choice.place ?? Infinity;

/** The folder of each target, in that order. */
function targetHomes(folder: string): Map<string, string> {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const homes = [folder, ...folders.map(({ name }) => join(folder, name))].filter(
    (home) => existsSync(join(home, LAYERS)) && existsSync(join(home, 'index.js')),
  );
  const targets = homes.map((home) => [readLayers(join(home, LAYERS)).target, home] as const);
  return new Map(targets.sort(([a], [b]) => placeOf(a) - placeOf(b)));
}

function refuseTarget(folder: string, asked: string, known: readonly string[]): never {
  const near = nearest(asked, known);
  const hint = near ? `, did you mean ${near}?` : `; it has ${known.join(', ')}`;
  return fail(
    'CNNC7001',
    '--target',
    { file: folder },
    `the package has no target ${JSON.stringify(asked)}${hint}`,
  );
}

function readLayers(file: string): LayersFile {
  const layers = parseJson(readFileSync(file, 'utf8')) as Partial<LayersFile> | undefined;
  return layers && isLayers(layers)
    ? layers
    : fail('CNNC5012', SUBJECT, { file }, 'this is not a list of kernel calls that cnnc wrote');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isLayers = (layers: Partial<LayersFile>): layers is LayersFile =>
  typeof layers.target === 'string' &&
  typeof layers.phases === 'object' &&
  Array.isArray(layers.phases['forward']) &&
  Object.values(layers.phases).flat().every(isCall);

/** Checks the names of kernels, because they become code in the copy that is measured. */
const isCall = ({ kernel, label, schedule, result, multiplyAdds, bytes, args }: CallFacts): boolean =>
  /^[A-Za-z_$][\w$]*$/.test(kernel) &&
  [label, schedule, result].every((text) => typeof text === 'string') &&
  [multiplyAdds, bytes].every(Number.isFinite) &&
  Array.isArray(args);
