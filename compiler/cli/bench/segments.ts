/**
 * Which line of `layers.json` each timed call was. A run is phases one after the other (a training step: forward, loss,
 * step), some of them several times where a step runs its batch in parts.
 */
import { fail } from '../../diagnostics/diagnostic.ts';
import type { CallFacts, Phases } from './subject.ts';

export interface PlacedCall {
  readonly phase: string;
  readonly facts: CallFacts;
}

/** `places[i]` is the position in `calls` of the run's call i. */
export interface RunOrder {
  /** In the order in which the run first comes to them. */
  readonly calls: readonly PlacedCall[];
  readonly places: readonly number[];
}

/** `kernels` are those of one run, in order. */
export function orderRun(folder: string, phases: Phases, kernels: readonly string[]): RunOrder {
  const calls: PlacedCall[] = [];
  const firsts = new Map<string, number>();
  const places: number[] = [];
  while (places.length < kernels.length) {
    const phase = longestFit(phases, kernels, places.length);
    if (phase === undefined) {
      const found = `its layers.json does not list the call ${places.length} of a run, ${kernels[places.length]}`;
      return fail('CNNC5012', 'package', { file: folder }, `${found}: compile it again`);
    }
    const first = firsts.get(phase) ?? calls.length;
    if (!firsts.has(phase)) calls.push(...phases[phase]!.map((facts) => ({ phase, facts })));
    firsts.set(phase, first);
    places.push(...phases[phase]!.map((_, i) => first + i));
  }
  return { calls, places };
}

/** `step` begins as `backward` does, so the longest one is meant. */
function longestFit(phases: Phases, kernels: readonly string[], from: number): string | undefined {
  const fitting = Object.entries(phases).filter(
    ([, calls]) => calls.length > 0 && calls.every(({ kernel }, i) => kernels[from + i] === kernel),
  );
  return fitting.sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
