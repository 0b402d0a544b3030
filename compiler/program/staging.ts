/**
 * Prepares a program for a package for inference whose weight file holds the parameters as the model has them. When the
 * package is loaded, `prepare` folds and packs them. Postcondition:
 *
 * - Parameters that a run reads without change are `constant`, with their numbers.
 * - Everything else that only `prepare` needs is `staged`: the other parameters, and intermediate results. Staged buffers
 *   share memory that is free again after `prepare`.
 *
 * A staged parameter takes memory from the call on before which it is read from the weight file. It must not be read
 * earlier, because until then other numbers may be in its place.
 */
import type { ParameterData } from './bake.ts';
import { BYTES_PER_ELEMENT } from './bytes.ts';
import { preparedBuffers, runCalls, type Lifetime } from './liveness.ts';
import { planLifetimes, type MemoryPlan, type PlanOptions } from './memoryPlan.ts';
import { phaseCalls, rootOf, type Buffer, type BufferId, type Program } from './types.ts';

export interface Staging {
  /** The memory of staged buffers. Lifetimes count the calls of `prepare`. */
  readonly plan: MemoryPlan;
  /** The parameters to read before each call of `prepare`, and after the last one. Each is read once. */
  readonly reads: readonly (readonly BufferId[])[];
}

export interface StagedProgram {
  readonly program: Program;
  readonly staging: Staging;
}

export function stageParameters(
  program: Program,
  data: ParameterData,
  { alignment }: Pick<PlanOptions, 'alignment'> = {},
): StagedProgram {
  const kept = new Set(runCalls(program).flatMap(({ args }) => args.map((id) => rootOf(program, id).buffer)));
  const prepared = preparedBuffers(program);
  const buffers = program.buffers.map((buffer): Buffer => {
    const { id, role, publicName } = buffer;
    const isKept = kept.has(rootOf(program, id).buffer);
    if (role === 'parameter' && isKept) return { ...buffer, role: 'constant', data: data.get(publicName!)! };
    return !isKept && (role === 'parameter' || prepared.has(id)) ? { ...buffer, role: 'staged' } : buffer;
  });
  const staged = { ...program, buffers };
  const reads = parameterReads(program);
  const lifetimes = stagedLifetimes(staged, reads);
  const plan = planLifetimes(staged, phaseCalls(staged, 'prepare'), lifetimes, { alignment });
  return { program: staged, staging: { plan, reads } };
}

/** Bytes from which on a parameter takes memory only from right before its first use. */
const LARGE = 4096;

/**
 * Parameters by the calls of `prepare` before which they are read; those that only a run reads come last. A group of
 * reads ends before the next large parameter, so that a layer is one group: its small ones are read early.
 */
function parameterReads(program: Program): BufferId[][] {
  const known = new Set<BufferId>();
  const firstReads = (args: readonly BufferId[]): BufferId[] => {
    const roots = [...new Set(args.map((id) => rootOf(program, id).buffer))];
    const found = roots.filter((id) => program.buffers[id]!.role === 'parameter' && !known.has(id));
    for (const id of found) known.add(id);
    return found;
  };
  const isLarge = (id: BufferId): boolean => program.buffers[id]!.length * BYTES_PER_ELEMENT >= LARGE;
  let group: BufferId[] = [];
  const reads = phaseCalls(program, 'prepare').map(({ args }, call) => {
    const found = firstReads(args);
    const begins = call === 0 || (found.some(isLarge) && group.some(isLarge));
    if (begins) group = found;
    else group.push(...found);
    return begins ? group : [];
  });
  return [...reads, firstReads(runCalls(program).flatMap(({ args }) => args))];
}

function stagedLifetimes(program: Program, reads: Staging['reads']): ReadonlyMap<BufferId, Lifetime> {
  const lifetimes = new Map<BufferId, Lifetime>();
  const use = (id: BufferId, at: number): void => {
    if (program.buffers[id]!.role === 'staged')
      lifetimes.set(id, { from: lifetimes.get(id)?.from ?? at, to: at });
  };
  phaseCalls(program, 'prepare').forEach(({ args }, at) => {
    for (const id of reads[at]!) use(id, at);
    for (const arg of args) use(rootOf(program, arg).buffer, at);
  });
  return lifetimes;
}
