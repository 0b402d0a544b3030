/**
 * Lifetimes of buffers: when their numbers are needed, as call numbers over the phases of a timeline. Inputs exist
 * before call 0. Outputs are kept until the end of the run.
 */
import {
  HALVES,
  phaseCalls,
  rootOf,
  writtenArgs,
  type Buffer,
  type BufferId,
  type KernelCall,
  type Program,
  type Timeline,
} from './types.ts';

export interface Lifetime {
  /** The first call that writes it; -1 for inputs. */
  readonly from: number;
  /** The last call that uses it; for outputs, the number of calls. */
  readonly to: number;
}

/** The calls of a timeline, in order. */
export const runCalls = (program: Program, timeline: Timeline = HALVES): readonly KernelCall[] =>
  timeline.flatMap((name) => phaseCalls(program, name));

export interface LifetimeOptions {
  readonly timeline?: Timeline;
  /** Which outputs are kept until the end; default: all. */
  readonly isKept?: (output: Buffer) => boolean;
}

/**
 * Lifetimes of the buffers that share the arena: inputs, outputs and temporaries of the run. A buffer lives as long
 * as any part of it. Outputs that are not `kept` live until their last reader, like temporaries.
 */
export function arenaLifetimes(
  program: Program,
  { timeline = HALVES, isKept = () => true }: LifetimeOptions = {},
): ReadonlyMap<BufferId, Lifetime> {
  const calls = runCalls(program, timeline);
  const lifetimes = new Map<BufferId, Lifetime>();
  const prepared = preparedBuffers(program);
  const isArena = (id: BufferId): boolean => {
    const { role } = program.buffers[id]!;
    return role !== 'parameter' && role !== 'constant' && !prepared.has(id);
  };
  for (const buffer of program.buffers)
    if (buffer.role === 'input') lifetimes.set(buffer.id, { from: -1, to: -1 });
  calls.forEach((call, at) => {
    for (const arg of call.args) {
      const id = rootOf(program, arg).buffer;
      if (!isArena(id)) continue;
      lifetimes.set(id, { from: lifetimes.get(id)?.from ?? at, to: at });
    }
  });
  for (const buffer of program.buffers) {
    const lifetime = lifetimes.get(buffer.id);
    if (buffer.role === 'output' && lifetime && isKept(buffer))
      lifetimes.set(buffer.id, { ...lifetime, to: calls.length });
  }
  return lifetimes;
}

/** Buffers that `prepare` writes. They are kept as long as the model, outside of the arena. */
export function preparedBuffers(program: Program): ReadonlySet<BufferId> {
  const prepare = program.phases.find((phase) => phase.name === 'prepare')?.calls ?? [];
  return new Set(prepare.flatMap((call) => writtenArgs(call).map((position) => call.args[position]!)));
}
