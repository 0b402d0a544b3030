/** The numbers of a model's parameters: read, matched with what the model expects, and drawn if they are missing. */
import { Diagnostic } from '../diagnostics/diagnostic.ts';
import { buildGraph } from '../frontend/buildGraph.ts';
import { initializeParameters } from '../frontend/initialize.ts';
import { matchWeights, type ExpectedWeight, type LeftOut } from '../frontend/matchWeights.ts';
import type { Model } from '../frontend/model.ts';
import type { SafetensorsFile } from '../frontend/safetensors.ts';
import { isParameter } from '../ir/leaves.ts';
import type { Graph } from '../ir/types.ts';
import type { ParameterData } from '../program/bake.ts';
import type { MakeWeights } from './options.ts';

/** The tensors of a file, or a function that makes them. */
export type WeightSource = WeightFile | MakeWeights;

export interface WeightFile {
  /** The file's name in errors. */
  readonly name: string;
  /** Whether the options name the file, the model does, or a program has passed its bytes. */
  readonly from: 'file' | 'model' | 'given';
  readonly file: SafetensorsFile;
}

export interface MatchedParameters {
  /** Numbers of every parameter. */
  readonly data: ParameterData;
  /** Tensors of the file and parameters of the model that have no match. */
  readonly left: readonly LeftOut[];
}

/** Every parameter of a graph, in order. */
export const parametersOf = (graph: Graph): ExpectedWeight[] =>
  graph.nodes.filter(isParameter).map(({ attrs, type }) => ({ name: attrs.name, shape: type.shape }));

export interface MatchSettings {
  readonly seed: number;
  /** Whether weights that do not fit are left out instead of refused. */
  readonly isPartial: boolean;
  /** Names of tensors without a parameter that are not reported. */
  readonly alsoKnown: () => readonly string[];
}

/** Returns the source's numbers. The seed draws the rest, or all if there is no source. */
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

/**
 * Parameters that the model has only in training, such as those of auxiliary heads. A weight file may contain them.
 */
export function trainingOnly(model: Model, inference: Graph): readonly string[] {
  const known = new Set(parametersOf(inference).map(({ name }) => name));
  try {
    const names = parametersOf(buildGraph(model, { training: true })).map(({ name }) => name);
    return names.filter((name) => !known.has(name));
  } catch (error) {
    // A model without a loss cannot be trained, but it can be compiled.
    if (error instanceof Diagnostic) return [];
    throw error;
  }
}
