/** What a package says about its weights: their form, where they come from, and a hash of their content. */
import type { WeightFacts, WeightOrigin } from '../emit/model.ts';
import { isStored } from '../emit/parameters.ts';
import { safetensorsParts } from '../frontend/safetensors.ts';
import { importerByExtension } from '../importers/choose.ts';
import type { Graph } from '../ir/types.ts';
import type { ParameterData } from '../program/bake.ts';
import type { Settings } from './options.ts';
import { parametersIn } from './parameters.ts';
import { sha256 } from './sha256.ts';
import type { WeightSource } from './weights.ts';

interface Compiled {
  readonly data: ParameterData;
  readonly weights: WeightSource | undefined;
  readonly settings: Pick<Settings, 'weightForm' | 'seed' | 'source'>;
}

/** `graph` is that of inference before the passes. */
export function weightFacts(graph: Graph, { data, weights, settings }: Compiled): WeightFacts {
  let hash: string | undefined;
  return {
    form: settings.weightForm,
    origin: originOf(weights, settings),
    sha256: () => (hash ??= hashOf(graph, data)),
  };
}

/**
 * The hash of the file that `exportWeights()` of a trainer returns: a safetensors file with all parameters in the model's
 * order.
 */
function hashOf(graph: Graph, data: ParameterData): string {
  const stored = parametersIn(graph).filter(isStored);
  return sha256(
    safetensorsParts(
      stored.map(({ name, shape }) => ({ name, shape, data: data.get(name)! })),
      { format: 'pt' },
    ),
  );
}

function originOf(
  weights: WeightSource | undefined,
  { seed, source }: Pick<Settings, 'seed' | 'source'>,
): WeightOrigin {
  if (weights === undefined) return { kind: 'random', seed };
  if (typeof weights === 'function') return { kind: 'given' };
  const { from, name } = weights;
  if (from !== 'given') return { kind: from, file: name.replace(/^.*[/\\]/, '') };
  // An importer passes the weights of the file that the model comes from.
  return importerByExtension(source) ? { kind: 'file', file: source } : { kind: 'given' };
}
