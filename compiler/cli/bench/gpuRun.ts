/**
 * The parts of a run on WebGPU: the calls that `layers.json` lists, and the call that each dispatch belongs to. The
 * modules of the package list their dispatches.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../../diagnostics/diagnostic.ts';
import { importing } from '../package.ts';
import { MOST_DISPATCHES } from './gpuTimer.ts';
import type { Pass } from './measure.ts';
import type { PlacedCall } from './segments.ts';
import type { CallFacts, KernelFamily, Subject } from './subject.ts';

export interface GpuRun {
  /** `times` is the number of calls in one run: more than one if a step has micro-batches. */
  readonly calls: readonly (PlacedCall & { readonly times: number })[];
  /** `places[i]` is the position in `calls` of the call that dispatch i belongs to. */
  readonly places: readonly number[];
}

/** A phase with its name in `layers.json`. */
type PhaseFunction = (dispatch: (layer: string) => void, family: KernelFamily) => void;

/** The run of a model that uses this kernel family. */
export async function orderGpuRun(subject: Subject, pass: Pass, family: KernelFamily): Promise<GpuRun> {
  const phases = pass === 'training' ? await stepPhases(subject) : await forwardPhases(subject);
  const known = (pass === 'training' ? subject.training : subject.inference) ?? {};
  const firsts = new Map<string, number>();
  const calls: PlacedCall[] = [];
  const times: number[] = [];
  const places = phases.flatMap((phase) => {
    const own = (known[phase.name] ?? []).map((facts) => ({ ...facts, ...facts.variants?.[family] }));
    const first = firsts.get(phase.name) ?? calls.length;
    if (!firsts.has(phase.name)) calls.push(...own.map((facts) => ({ phase: phase.name, facts })));
    firsts.set(phase.name, first);
    own.forEach((_, i) => (times[first + i] = (times[first + i] ?? 0) + 1));
    return placesOf(subject, own, dispatchesOf(phase, family)).map((place) => first + place);
  });
  if (places.length > MOST_DISPATCHES) {
    const found = `it has ${places.length} dispatches, too many to time in one run`;
    fail('CNNC5031', 'package', { file: subject.folder }, found, [`at most ${MOST_DISPATCHES}`]);
  }
  return { calls: calls.map((call, i) => ({ ...call, times: times[i]! })), places };
}

const importModule = <T>({ folder, home }: Subject, file: string): Promise<T> =>
  importing(folder, `its ${file} cannot be run`, async () => {
    return (await import(pathToFileURL(resolve(join(home, file))).href)) as T;
  });

async function forwardPhases(subject: Subject): Promise<readonly PhaseFunction[]> {
  const { forward } = await importModule<{ readonly forward: PhaseFunction }>(subject, 'forward.js');
  return [forward];
}

interface TrainerModule {
  readonly training: {
    readonly microBatches: number;
    readonly step: { readonly run: readonly PhaseFunction[]; readonly update?: PhaseFunction };
  };
}

async function stepPhases(subject: Subject): Promise<readonly PhaseFunction[]> {
  const { training } = await importModule<TrainerModule>(subject, 'training/trainer.js');
  const { run, update } = training.step;
  const parts = Array.from({ length: training.microBatches }, () => run).flat();
  return update ? [...parts, update] : parts;
}

/** The layers of the dispatches of a phase. */
function dispatchesOf(phase: PhaseFunction, family: KernelFamily): readonly string[] {
  const found: string[] = [];
  phase((layer) => found.push(layer), family);
  return found;
}

/** The call of each dispatch. A kernel with several loops has several dispatches. */
function placesOf(
  { folder }: Subject,
  calls: readonly CallFacts[],
  dispatches: readonly string[],
): readonly number[] {
  const places = calls.flatMap(({ dispatches: count = 0 }, place) => Array<number>(count).fill(place));
  const at = dispatches.findIndex((layer, i) => calls[places[i] ?? -1]?.label !== layer);
  if (at < 0 && places.length === dispatches.length) return places;
  const layer = dispatches[at] ?? calls[places.at(dispatches.length)!]!.label;
  const found = `its layers.json and its dispatches differ in ${layer}`;
  return fail('CNNC5012', 'package', { file: folder }, `${found}; compile the model again`);
}
