/**
 * Selects the weights that training learns, from the option `--train`:
 *
 *     all            every weight
 *     head           the last layer that has weights
 *     last:3         the last three such layers
 *     bias           every bias
 *     layer4.*,fc.*  names by pattern, separated by commas; `*` stands for any text
 *
 * A layer is the part before the last dot of its weights' names.
 */
import { fail, nearest } from '../diagnostics/diagnostic.ts';

/** Returns whether a weight is learned, by its name. `names` are in the order in which the network uses them. */
export function selectTrained(spec: string, names: readonly string[]): (name: string) => boolean {
  const chosen = new Set(spec.split(',').flatMap((part) => choose(part.trim(), names)));
  return (name) => chosen.has(name);
}

const layerOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

function choose(part: string, names: readonly string[]): readonly string[] {
  if (part === 'all') return names;
  if (part === 'head') return lastLayers(1, names);
  if (part === 'bias') return names.filter((name) => name === 'bias' || name.endsWith('.bias'));
  const count = /^last:(\d+)$/.exec(part)?.[1];
  if (count !== undefined && Number(count) > 0) return lastLayers(Number(count), names);
  const pattern = new RegExp(`^${part.split('*').map(escape).join('.*')}$`);
  const matching = names.filter((name) => pattern.test(name));
  return matching.length > 0 ? matching : refuse(part, names);
}

const escape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

function lastLayers(count: number, names: readonly string[]): readonly string[] {
  const layers = [...new Set(names.map(layerOf))];
  const last = new Set(layers.slice(-count));
  return names.filter((name) => last.has(layerOf(name)));
}

function refuse(part: string, names: readonly string[]): never {
  const layers = [...new Set(names.map(layerOf))];
  const near = nearest(part.replace(/\.?\*$/, ''), layers);
  const hint = near === undefined ? `the model's layers: ${layers.join(', ')}` : `did you mean ${near}.*?`;
  return fail('CNNC6040', '--train', {}, `no weight matches ${JSON.stringify(part)}`, [
    'expected all, head, last:N, bias, or names such as layer4.*',
    hint,
  ]);
}
