/**
 * The table of graph passes: what an entry holds, and the check of the order. The table lists passes in the order in
 * which they run. Each entry names the entries that must come before it, with the reason. A table that breaks a
 * requirement does not load.
 */
import type { Graph } from '../ir/types.ts';
import type { OrderOptions } from './orderForMemory.ts';
import type { Pass } from './types.ts';

/**
 * `inference` and `export` start from the graph of the model, `training` from the joint graph of forward, loss,
 * gradients and updates. `trainingTail` continues where `training` ends. It may run several times, for different
 * choices of the values that are computed twice.
 */
export type Pipeline = 'inference' | 'export' | 'training' | 'trainingTail';

/** Options of one compile for its passes. */
export interface PassContext {
  /** The turns of nodes and the outputs that are kept; default: one turn, and all outputs. */
  readonly order?: OrderOptions;
  /** Rewrites the graph so that the backward pass computes values again. Without it, nothing is computed twice. */
  readonly recompute?: (graph: Graph) => Graph;
  /** Names of passes that do not run. */
  readonly disabled?: ReadonlySet<string>;
}

/** One run of one pass. A pass that runs twice has two entries with the same name. */
export interface PassEntry {
  readonly name: string;
  /** Returns undefined if this compile does not need the pass. */
  readonly create: (context: PassContext) => Pass | undefined;
  readonly pipelines: readonly Pipeline[];
  /** The entries that must run earlier if both run. */
  readonly after: readonly Requirement[];
  /** Whether results are also correct without the pass, so a user may switch it off. */
  readonly optional: boolean;
}

export interface Requirement {
  readonly entry: PassEntry;
  readonly because: string;
}

/** The names of passes that may be switched off, and of those that may not; each once, in the order of the table. */
export interface PassNames {
  readonly optional: readonly string[];
  readonly required: readonly string[];
}

/** Pipelines that run one after the other on the same graph. */
const SEQUENCES: readonly (readonly Pipeline[])[] = [['inference'], ['export'], ['training', 'trainingTail']];

/** Returns the table. Throws if its order breaks a requirement, or if a requirement never applies. */
export function checkedTable(entries: readonly PassEntry[]): readonly PassEntry[] {
  for (const entry of entries) for (const required of entry.after) checkRequirement(entries, entry, required);
  return entries;
}

function checkRequirement(
  entries: readonly PassEntry[],
  entry: PassEntry,
  { entry: required, because }: Requirement,
): void {
  const both = SEQUENCES.map((pipelines) => sequence(entries, pipelines)).filter(
    (order) => order.includes(entry) && order.includes(required),
  );
  if (both.length === 0) throw new Error(`no pipeline runs both ${required.name} and ${entry.name}`);
  const isWrong = both.some((order) => order.indexOf(required) >= order.indexOf(entry));
  if (isWrong) throw new Error(`${required.name} must run before ${entry.name}: ${because}`);
}

const sequence = (entries: readonly PassEntry[], pipelines: readonly Pipeline[]): PassEntry[] =>
  pipelines.flatMap((pipeline) => entries.filter((entry) => entry.pipelines.includes(pipeline)));

export function selectPasses(
  entries: readonly PassEntry[],
  pipeline: Pipeline,
  context: PassContext,
): readonly Pass[] {
  return sequence(entries, [pipeline])
    .filter(({ name, optional }) => !(optional && context.disabled?.has(name)))
    .flatMap(({ create }) => create(context) ?? []);
}

export function passNames(entries: readonly PassEntry[]): PassNames {
  const named = (optional: boolean): readonly string[] => [
    ...new Set(entries.filter((entry) => entry.optional === optional).map(({ name }) => name)),
  ];
  return { optional: named(true), required: named(false) };
}
