/**
 * The parameters of a model that trains, and the weight files that they are read from and written to. A file must fit
 * as a whole, unless the caller asks for the part that fits.
 */
import { fitTensors, refuseTensors, type LeftOut, type Shaped } from '../fitTensors.ts';
import { parseSafetensors, type WeightTensor } from '../weights.ts';

/** Weights, running statistics (`buffer`), optimizer state, or sums of gradients over micro-batches (`accumulator`). */
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

/** Whether weight files hold the parameter. They hold no optimizer state. */
export const isExported = ({ role }: HasRole): boolean => role === 'weight' || role === 'buffer';

/** Whether state files hold the parameter. Every step computes the sums of gradients again, so no file holds them. */
export const isStored = ({ role }: HasRole): boolean => role !== 'accumulator';

export interface LoadWeightsOptions {
  /** Loads only the tensors that fit instead of throwing: for example into a network with another head. */
  readonly partial?: boolean;
}

/** Fills all parameters from a weight file, or none; the error lists every problem. */
export function readWeights(model: string, parameters: readonly NamedParameter[], bytes: Uint8Array): void {
  loadWeights({ name: model, parameters }, parseSafetensors(bytes), {});
}

/**
 * The array that each tensor of a file fills, by its name in the file. Throws like `readWeights`, but reads no numbers.
 */
export function placeWeights(
  model: string,
  parameters: readonly NamedParameter[],
  file: ReadonlyMap<string, Shaped>,
): ReadonlyMap<string, Float32Array> {
  const { taken } = fitWeights({ name: model, parameters }, file, {});
  return new Map(taken.map(({ parameter, stored }) => [stored, parameter.data]));
}

/** Fills parameters from a file. With `partial` it returns what was left out, in the model and in the file. */
export function loadWeights(
  owner: ParameterOwner,
  file: ReadonlyMap<string, WeightTensor>,
  options: LoadWeightsOptions,
): LeftOut[] {
  const { taken, left } = fitWeights(owner, file, options);
  for (const { parameter, stored } of taken) parameter.data.set(file.get(stored)!.data);
  return left;
}

interface FittedWeights {
  /** The parameters that are filled, and their names in the file. */
  readonly taken: readonly { readonly parameter: NamedParameter; readonly stored: string }[];
  readonly left: LeftOut[];
}

function fitWeights(
  { name: model, parameters }: ParameterOwner,
  file: ReadonlyMap<string, Shaped>,
  { partial = false }: LoadWeightsOptions,
): FittedWeights {
  const wanted = parameters.filter(isExported);
  const { stored, left: missing, extra } = fitTensors(wanted, file);
  const left = [...missing, ...extra];
  const call = `${model}.loadWeights`;
  if (left.length > 0 && !partial) refuseTensors(call, left);
  if (stored.size === 0) refuseTensors(call, left, 'nothing in the file fits the model');
  const fitting = wanted.filter(({ name }) => stored.has(name));
  return { taken: fitting.map((parameter) => ({ parameter, stored: stored.get(parameter.name)! })), left };
}
