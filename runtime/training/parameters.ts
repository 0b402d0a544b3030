/**
 * The parameters of a model that trains, and the weight files that they come from and go to. A file fits as a whole or
 * not at all, unless the caller asks for the part that fits.
 */
import { parseSafetensors, type WeightTensor } from '../weights.ts';

/** A weight, running statistic (`buffer`), state of the optimizer, or sum of the gradients of micro-batches. */
export type ParameterRole = 'weight' | 'buffer' | 'state' | 'accumulator';

export interface NamedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: ParameterRole;
  readonly data: Float32Array;
}

/** A model and its parameters. */
export interface ParameterOwner {
  readonly name: string;
  readonly parameters: readonly NamedParameter[];
}

interface HasRole {
  readonly role: ParameterRole;
}

/** The optimizer's state is not part of the weights. */
export const isExported = ({ role }: HasRole): boolean => role === 'weight' || role === 'buffer';

/** Every step computes the sums of gradients again, so no file holds them. */
export const isStored = ({ role }: HasRole): boolean => role !== 'accumulator';

export interface LoadWeightsOptions {
  /** Keep what does not fit as it is, instead of refusing the file: for a net with another head. */
  readonly partial?: boolean;
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** Fills parameters from a weight file, all of them or none; throws with every problem listed. */
export function readWeights(model: string, parameters: readonly NamedParameter[], bytes: Uint8Array): void {
  loadWeights({ name: model, parameters }, parseSafetensors(bytes), {});
}

/** The same, before any numbers are read: where each tensor of the file belongs, by its name in the file. */
export function placeWeights(
  model: string,
  parameters: readonly NamedParameter[],
  file: ReadonlyMap<string, Shaped>,
): ReadonlyMap<string, Float32Array> {
  const { taken } = fitWeights({ name: model, parameters }, file, {});
  return new Map(taken.map(({ parameter, stored }) => [stored, parameter.data]));
}

/** Fills the parameters that a file has, and says which it does not have. */
export function loadWeights(
  owner: ParameterOwner,
  file: ReadonlyMap<string, WeightTensor>,
  options: LoadWeightsOptions,
): LeftOut[] {
  const { taken, left } = fitWeights(owner, file, options);
  for (const { parameter, stored } of taken) parameter.data.set(file.get(stored)!.data);
  return left;
}

interface Shaped {
  readonly shape: readonly number[];
}

interface FittedWeights {
  /** Parameters with the names that the file has for them. */
  readonly taken: readonly { readonly parameter: NamedParameter; readonly stored: string }[];
  readonly left: LeftOut[];
}

/** Names may carry the prefix `module.` (PyTorch's DataParallel); counters of batches are not needed. */
function fitWeights(
  owner: ParameterOwner,
  file: ReadonlyMap<string, Shaped>,
  { partial = false }: LoadWeightsOptions,
): FittedWeights {
  const storedNames = new Map([...file.keys()].map((name) => [name.replace(/^module\./, ''), name]));
  const wanted = owner.parameters.filter(isExported);
  const names = new Set(wanted.map(({ name }) => name));
  const left: LeftOut[] = wanted.flatMap(({ name, shape }) => {
    const tensor = file.get(storedNames.get(name) ?? '');
    if (!tensor) return [{ name, reason: 'missing in the file' }];
    const fits = tensor.shape.join() === shape.join();
    return fits
      ? []
      : [{ name, reason: `the file has [${tensor.shape.join(',')}], the model [${shape.join(',')}]` }];
  });
  for (const name of storedNames.keys()) {
    if (!names.has(name) && !name.endsWith('num_batches_tracked'))
      left.push({ name, reason: 'not in the model' });
  }
  const problems = left.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n');
  if (left.length > 0 && !partial)
    throw new Error(`${owner.name}.loadWeights: the file does not fit\n${problems}`);
  const skipped = new Set(left.map(({ name }) => name));
  const taken = wanted
    .filter(({ name }) => !skipped.has(name))
    .map((parameter) => ({ parameter, stored: storedNames.get(parameter.name)! }));
  if (taken.length === 0) throw new Error(`${owner.name}.loadWeights: nothing in the file fits\n${problems}`);
  return { taken, left };
}
