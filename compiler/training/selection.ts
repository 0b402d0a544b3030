/**
 * `--train`: which weights are learned. `head`: the last layer; `last:N`: the last N layers (a convolution or
 * a linear layer each, with the norms behind it); `bias`: every bias; or names with `*` for any characters,
 * `layer4.*`. Several stand with commas between them.
 */
import { fail } from '../diagnostics/diagnostic.ts';

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
}

const FLAG = '--train';

/** `weights` in the order of the model. */
export function selectTrained(selection: string, weights: readonly Weight[]): (name: string) => boolean {
  const trained = new Set(selection.split(',').flatMap((part) => selectPart(part.trim(), weights)));
  return (name) => trained.has(name);
}

function selectPart(part: string, weights: readonly Weight[]): readonly string[] {
  const [, count] = /^last:(.*)$/.exec(part) ?? [];
  if (part === 'head') return lastLayers(1, weights);
  if (count !== undefined) {
    if (!/^[1-9]\d*$/.test(count)) fail(FLAG, {}, `${part}: expected a whole number from 1, as in last:2`);
    return lastLayers(Number(count), weights);
  }
  const pattern = part === 'bias' ? /(^|\.)bias$/ : patternOf(part);
  const names = weights.map(({ name }) => name).filter((name) => pattern.test(name));
  if (names.length === 0) failUnmatched(part, weights);
  return names;
}

/** From the last but N weight of rank 2 or more on. */
function lastLayers(count: number, weights: readonly Weight[]): readonly string[] {
  const starts = weights.flatMap(({ shape }, i) => (shape.length > 1 ? [i] : []));
  if (count > starts.length)
    fail(FLAG, {}, `last:${count}: the model has ${starts.length} layers with weights`);
  return weights.slice(starts.at(-count)).map(({ name }) => name);
}

const patternOf = (part: string): RegExp =>
  new RegExp(
    `^${part
      .split('*')
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

function failUnmatched(part: string, weights: readonly Weight[]): never {
  const layers = [...new Set(weights.map(({ name }) => name.replace(/\.[^.]*$/, '')))];
  const shown = layers.length > 24 ? [...layers.slice(0, 12), '...', ...layers.slice(-12)] : layers;
  return fail(FLAG, {}, `no weight is called ${JSON.stringify(part)}`, [
    'expected head, last:N, bias, or a name such as layer4.*',
    `the layers are ${shown.join(', ')}`,
  ]);
}
