/** The numbers of a model's parameters: read, matched with what the model expects and drawn where they are missing. */
import { Diagnostic } from '../diagnostics/diagnostic.ts';
import { buildGraph } from '../frontend/buildGraph.ts';
import { initializeParameters } from '../frontend/initialize.ts';
import { matchWeights, type ExpectedWeight, type LeftOut } from '../frontend/matchWeights.ts';
import type { Model } from '../frontend/model.ts';
import type { SafetensorsFile } from '../frontend/safetensors.ts';
import type { Graph } from '../ir/types.ts';
import type { ParameterData } from '../program/bake.ts';
import type { MakeWeights } from './options.ts';

/** Tensors of a file, or a function that makes them. */
export type WeightSource = WeightFile | MakeWeights;

export interface WeightFile {
  /** What a diagnosis calls the file. */
  readonly name: string;
  readonly file: SafetensorsFile;
}

export interface MatchedParameters {
  /** Of every parameter. */
  readonly data: ParameterData;
  /** What of the file, or of the model, found no partner. */
  readonly left: readonly LeftOut[];
}

/** Every parameter of a graph, in order. */
export function parametersOf(graph: Graph): ExpectedWeight[] {
  return graph.nodes.flatMap((node) =>
    node.op === 'parameter' ? [{ name: node.attrs.name, shape: node.type.shape }] : [],
  );
}

export interface MatchSettings {
  readonly seed: number;
  /** What does not fit is left out instead of refused. */
  readonly isPartial: boolean;
  /** Names of tensors without a parameter that need not be reported. */
  readonly alsoKnown: () => readonly string[];
}

/** What the source has; the rest, or all without a source, comes from the seed. */
export function matchParameters(
  graph: Graph,
  source: WeightSource | undefined,
  { seed, ...settings }: MatchSettings,
): MatchedParameters {
  const expected = parametersOf(graph);
  const { weights, left } = given(expected, source, settings);
  const isComplete = expected.every(({ name }) => weights.has(name));
  return { left, data: isComplete ? weights : new Map([...initializeParameters(graph, seed), ...weights]) };
}

function given(
  expected: readonly ExpectedWeight[],
  source: WeightSource | undefined,
  { isPartial, alsoKnown }: Omit<MatchSettings, 'seed'>,
): { readonly weights: ParameterData; readonly left: readonly LeftOut[] } {
  if (source === undefined) return { weights: new Map(), left: [] };
  if (typeof source === 'function') return { weights: source(expected), left: [] };
  const allowed = { alsoKnown, allowExtra: isPartial, allowMismatch: isPartial };
  return matchWeights(source.file, expected, source.name, allowed);
}

/** Parameters that the model has in training only: auxiliary heads, which a file of weights may hold. */
export function trainingOnly(model: Model, inference: Graph): readonly string[] {
  const known = new Set(parametersOf(inference).map(({ name }) => name));
  try {
    const names = parametersOf(buildGraph(model, { training: true })).map(({ name }) => name);
    return names.filter((name) => !known.has(name));
  } catch (error) {
    // A model that has no loss cannot be trained; that is no reason not to use it.
    if (error instanceof Diagnostic) return [];
    throw error;
  }
}
