/**
 * The largest number of bytes alive at one call, which no plan of these lifetimes can go below, and the buffers that
 * are alive then, for reports.
 */
import type { Lifetime } from './liveness.ts';
import type { Storage } from './storages.ts';
import type { KernelCall, Program } from './types.ts';

export interface Peak {
  /** The first call at which the most is alive; -1 before the first call, the number of calls after the last one. */
  readonly call: number;
  /** The label of that call. */
  readonly label: string;
  /** All buffers that are alive then, largest first. */
  readonly holders: readonly PeakHolder[];
}

export interface PeakHolder {
  readonly name: string;
  /** Bytes in whole cache lines, as the plan counts them. The sum over the holders is the lower bound. */
  readonly bytes: number;
  readonly lifetime: Lifetime;
}

/** Finds the peak in one sweep over starts and ends. */
export function peakOf(storages: readonly Storage[]): { bytes: number; call: number } {
  const begin = [...storages].sort((a, b) => a.from - b.from);
  const end = [...storages].sort((a, b) => a.to - b.to);
  let [alive, gone] = [0, 0];
  let peak = { bytes: 0, call: 0 };
  for (const { from, bytes } of begin) {
    for (; gone < end.length && end[gone]!.to < from; gone++) alive -= end[gone]!.bytes;
    alive += bytes;
    if (alive > peak.bytes) peak = { bytes: alive, call: from };
  }
  return peak;
}

export function describePeak(
  program: Program,
  calls: readonly KernelCall[],
  lifetimes: ReadonlyMap<number, Lifetime>,
  storages: readonly Storage[],
  call: number,
): Peak {
  const label = call < 0 ? 'before the first call' : (calls[call]?.label ?? 'after the last call');
  const holders = storages
    .filter(({ from, to }) => from <= call && call <= to)
    .sort((a, b) => b.bytes - a.bytes || a.from - b.from || a.buffers[0]! - b.buffers[0]!)
    .map(({ buffers, bytes }): PeakHolder => {
      // If this call passes the storage on, the result is the buffer that stays.
      const holder = buffers.filter((id) => lifetimes.get(id)!.from <= call).at(-1)!;
      return { name: program.buffers[holder]!.name, bytes, lifetime: lifetimes.get(holder)! };
    });
  return { call, label, holders };
}
