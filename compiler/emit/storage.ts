/**
 * The object of a module that holds a buffer: `m`, the arena of one run; `p`, the model's parameters;
 * `w`, packed weights, which are computed once from the parameters, and constants of the program; `s`, what only `prepare`
 * needs.
 */
import { preparedBuffers } from '../program/liveness.ts';
import {
  phaseCalls,
  type Buffer,
  type BufferId,
  type KernelCall,
  type PhaseName,
  type Program,
} from '../program/types.ts';

export type Storage = 'm' | 'w' | 'p' | 's';

export interface StorageNames {
  storageOf(buffer: Buffer): Storage;
  /** `m.conv1`, `w.conv1_weight_ohwi4`, `p.conv1_weight`. */
  text(id: BufferId): string;
  /** The objects that these calls touch, in the order m, w, p, s. */
  used(calls: readonly KernelCall[]): readonly Storage[];
}

/** The keys of parameters in the package's `p`, by their public names. */
export type ParameterKeys = ReadonlyMap<string, string>;

export function storageNames(program: Program, keys: ParameterKeys): StorageNames {
  const prepared = preparedBuffers(program);
  const storageOf = (buffer: Buffer): Storage => {
    if (buffer.role === 'parameter') return 'p';
    if (buffer.role === 'staged') return 's';
    return buffer.role === 'constant' || prepared.has(buffer.id) ? 'w' : 'm';
  };
  const text = (id: BufferId): string => {
    const buffer = program.buffers[id]!;
    const name = buffer.role === 'parameter' ? keys.get(buffer.publicName!) : buffer.name;
    return `${storageOf(buffer)}.${name}`;
  };
  const used = (calls: readonly KernelCall[]): readonly Storage[] => {
    const found = new Set(calls.flatMap((call) => call.args.map((id) => storageOf(program.buffers[id]!))));
    return (['m', 'w', 'p', 's'] as const).filter((storage) => found.has(storage));
  };
  return { storageOf, text, used };
}

/** The objects that the calls of a phase touch. */
export const phaseStorage = (program: Program, name: PhaseName): readonly Storage[] =>
  storageNames(program, new Map()).used(phaseCalls(program, name));

export const STORAGE_TYPES: Readonly<Record<Storage, string>> = {
  m: 'Memory',
  w: 'Weights',
  p: 'Parameters',
  s: 'Staged',
};
