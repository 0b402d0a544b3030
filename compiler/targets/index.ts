/**
 * Every target that exists, by its name. A new one is its folder and an entry here; the command line, the
 * library's options and their diagnoses follow.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { Target, TargetName } from '../lowering/target.ts';
import { typescriptTarget } from './typescript/target.ts';
import type { ChooseWay } from './wasm/schedules/conv2d/conv2d.ts';
import { createWasmTarget, wasmTarget, type Precision } from './wasm/target.ts';
import { createWebgpuTarget, webgpuTarget } from './webgpu/target.ts';

/** What a compile may ask of a target; each takes what concerns it. */
export interface TargetOptions {
  /** `exact`: convolutions by no algorithm that adds rounding errors, whatever it gains. */
  readonly precision: Precision;
  readonly choose?: ChooseWay;
}

/** The target with these options. */
export function createTarget(name: KnownTarget, options: TargetOptions): Target {
  switch (name) {
    case 'typescript':
      return typescriptTarget;
    case 'wasm':
      return createWasmTarget(options);
    case 'webgpu':
      return createWebgpuTarget({ precision: options.precision });
  }
}

/** The first is the default of a compile. */
export const targets = { typescript: typescriptTarget, wasm: wasmTarget, webgpu: webgpuTarget } satisfies {
  readonly [K in TargetName]?: Target;
};

export type KnownTarget = keyof typeof targets;

export const targetNames = Object.keys(targets) as KnownTarget[];

/** Those whose calls return when all is done; the others' return promises. */
export const immediateTargetNames = ['typescript', 'wasm'] as const satisfies readonly KnownTarget[];

/** The named targets, each once and in the table's order; `all` stands for every one. */
export function selectTargets(names: readonly string[], subject: string): readonly KnownTarget[] {
  const known = [...targetNames, 'all'];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || names.length === 0) {
    const found = unknown === undefined ? 'no target is named' : `there is no target ${describe(unknown)}`;
    fail(subject, {}, `${found}, known are ${known.join(', ')}`);
  }
  return names.includes('all') ? targetNames : targetNames.filter((name) => names.includes(name));
}

const describe = (name: unknown): string => (typeof name === 'string' ? JSON.stringify(name) : String(name));
