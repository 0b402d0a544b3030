/**
 * Finds the line of `layers.json` for each timed call. A run consists of phases (a training step: forward, loss, step),
 * some of which run several times if a step has micro-batches.
 */
import { fail } from '../../diagnostics/diagnostic.ts';
import type { CallFacts, Phases } from './subject.ts';

export interface PlacedCall {
  readonly phase: string;
  readonly facts: CallFacts;
}

/** `places[i]` is the position in `calls` of call i of the run. */
export interface RunOrder {
  /** The calls, in the order of their first use in the run. */
  readonly calls: readonly PlacedCall[];
  readonly places: readonly number[];
}

/** `kernels` are the kernels of one run, in order. */
export function orderRun(folder: string, phases: Phases, kernels: readonly string[]): RunOrder {
  const calls: PlacedCall[] = [];
  const firsts = new Map<string, number>();
  const places: number[] = [];
  while (places.length < kernels.length) {
    const phase = longestFit(phases, kernels, places.length);
    if (phase === undefined) {
      const found = `its layers.json does not list the call ${places.length} of a run, ${kernels[places.length]}`;
      return fail('CNNC5012', 'package', { file: folder }, `${found}; compile the model again`);
    }
    const first = firsts.get(phase) ?? calls.length;
    if (!firsts.has(phase)) calls.push(...phases[phase]!.map((facts) => ({ phase, facts })));
    firsts.set(phase, first);
    places.push(...phases[phase]!.map((_, i) => first + i));
  }
  return { calls, places };
}

/** Chooses the longest phase that fits, because `step` begins like `backward`. */
function longestFit(phases: Phases, kernels: readonly string[], from: number): string | undefined {
  const fitting = Object.entries(phases).filter(
    ([, calls]) => calls.length > 0 && calls.every(({ kernel }, i) => kernels[from + i] === kernel),
  );
  return fitting.sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
