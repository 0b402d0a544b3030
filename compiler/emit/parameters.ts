/** The numbers that a package keeps between training calls, and their names in its sources. */
import { uniqueIdentifier } from '../program/identifiers.ts';
import { documented } from './declarations.ts';
import type { ParameterKeys } from './storage.ts';

export interface PackageParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: 'weight' | 'buffer' | 'state' | 'accumulator';
}

export function parameterKeys(parameters: readonly PackageParameter[]): ParameterKeys {
  const taken = new Set<string>();
  return new Map(parameters.map(({ name }) => [name, uniqueIdentifier(name, taken, 'parameter')]));
}

export const parameterSize = ({ shape }: PackageParameter): number =>
  shape.reduce((product, extent) => product * extent, 1);

/** The element type and the shape, for comments: `f32[16,6,5,5]`. */
export const describeParameter = ({ shape }: PackageParameter): string => `f32[${shape.join(',')}]`;

/** The members of `p`, one for each parameter. */
export const parameterMembers = (
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
  value: (parameter: PackageParameter) => string,
): string[] =>
  parameters.map((one) => documented(describeParameter(one), `${keys.get(one.name)}: ${value(one)},`));

/**
 * An entry for each parameter with its name and shape in weight files. `place` prints a further member from its key.
 */
export function parameterEntries(
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
  place: (key: string, parameter: PackageParameter) => string,
): ParameterEntries {
  const entry = (one: PackageParameter): string =>
    tensorEntry(one, `role: '${one.role}', ${place(keys.get(one.name)!, one)}`);
  return {
    all: parameters.map(entry),
    stored: parameters.filter(isStored).map(entry),
    others: parameters.filter((one) => !isStored(one)).map(entry),
  };
}

/** An entry with the name and shape of a tensor; `more` prints further members. */
export const tensorEntry = (
  { name, shape }: Pick<PackageParameter, 'name' | 'shape'>,
  more: string,
): string => `{ name: ${JSON.stringify(name)}, shape: [${shape.join(', ')}], ${more} },`;

export interface ParameterEntries {
  readonly all: readonly string[];
  /** The parameters that weight files hold. */
  readonly stored: readonly string[];
  readonly others: readonly string[];
}

/** Whether weight files hold the parameter: they hold weights and running statistics. */
export const isStored = ({ role }: PackageParameter): boolean => role === 'weight' || role === 'buffer';
