/**
 * What a table of graph passes says of each pass, and the check of its order. The table is a list in the order in
 * which passes run. Each entry names the entries that must stand before it, and why; a table that contradicts them
 * does not load.
 */
import type { Graph } from '../ir/types.ts';
import type { OrderOptions } from './orderForMemory.ts';
import type { Pass } from './types.ts';

/**
 * `inference` and `export` start from the graph of the model, `training` from the joint graph of forward, loss,
 * gradients and updates. `trainingTail` continues where `training` ends: it may run several times, for other choices
 * of what is computed twice.
 */
export type Pipeline = 'inference' | 'export' | 'training' | 'trainingTail';

/** What one compile asks of the passes. */
export interface PassContext {
  /** In which turns nodes run and what is kept; default: one turn, and all outputs. */
  readonly order?: OrderOptions;
  /** Computes values again for the backward pass; nothing is computed twice without it. */
  readonly recompute?: (graph: Graph) => Graph;
  /** Names of passes that do not run. */
  readonly disabled?: ReadonlySet<string>;
}

/** One run of one pass. A pass that runs twice has two entries of one name. */
export interface PassEntry {
  readonly name: string;
  /** Undefined: this compile does not need the pass. */
  readonly create: (context: PassContext) => Pass | undefined;
  readonly pipelines: readonly Pipeline[];
  /** Entries that run earlier, where both run. */
  readonly after: readonly Requirement[];
  /** Results are correct without the pass as well, so a user may switch it off. */
  readonly optional: boolean;
}

export interface Requirement {
  readonly entry: PassEntry;
  readonly because: string;
}

/** Names that may be switched off, and those that may not; each once, in the order of the table. */
export interface PassNames {
  readonly optional: readonly string[];
  readonly required: readonly string[];
}

/** What runs one after the other on one graph. */
const SEQUENCES: readonly (readonly Pipeline[])[] = [['inference'], ['export'], ['training', 'trainingTail']];

/** The table itself; throws where its order breaks a requirement, or where a requirement says nothing. */
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
