/** The part of the compile's report about a program: kernel calls by kind, and the memory plan. */
import { runCalls } from '../program/liveness.ts';
import type { MemoryPlan } from '../program/memoryPlan.ts';
import type { KernelCall, Program, Timeline } from '../program/types.ts';

export interface ProgramReport {
  /** The number of distinct kernels. */
  readonly kernels: number;
  /** Groups of calls, those with the most multiply-adds first. */
  readonly calls: readonly CallGroup[];
  readonly memory: MemoryReport;
}

export interface CallGroup {
  /** `conv2d`, `maxPool`, `repack`. */
  readonly kind: string;
  /** `direct, 2 pixels x 4 channels`, or `loops`. */
  readonly schedule: string;
  readonly count: number;
  readonly multiplyAdds: number;
}

export interface MemoryReport extends Pick<
  MemoryPlan,
  'arenaBytes' | 'lowerBoundBytes' | 'peak' | 'placedBy'
> {
  /** The arena's size divided by the lower bound. */
  readonly ratio: number;
}

export function programReport(program: Program, plan: MemoryPlan, timeline?: Timeline): ProgramReport {
  const calls = runCalls(program, timeline);
  const { arenaBytes, lowerBoundBytes, peak, placedBy } = plan;
  const ratio = lowerBoundBytes === 0 ? 1 : arenaBytes / lowerBoundBytes;
  return {
    kernels: new Set(calls.map(({ kernel }) => kernel)).size,
    calls: groupCalls(calls),
    memory: { arenaBytes, lowerBoundBytes, ratio, placedBy, peak },
  };
}

function groupCalls(calls: readonly KernelCall[]): CallGroup[] {
  const groups = new Map<string, CallGroup>();
  for (const { kernel, schedule, multiplyAdds } of calls) {
    // A kernel's name begins with what it computes, then come sizes and the fused tail.
    const [kind = kernel.name] = kernel.name.split('_');
    const key = `${kind} ${schedule}`;
    const known = groups.get(key) ?? { kind, schedule, count: 0, multiplyAdds: 0 };
    groups.set(key, {
      ...known,
      count: known.count + 1,
      multiplyAdds: known.multiplyAdds + multiplyAdds,
    });
  }
  return [...groups.values()].sort((a, b) => b.multiplyAdds - a.multiplyAdds || b.count - a.count);
}
