/** What a package that trains keeps between calls, and what its sources call it. */
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

/** A member for each parameter, by its key in `p`. */
export const parameterMembers = (
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
  value: (parameter: PackageParameter) => string,
): string[] =>
  parameters.map((one) => documented(describeParameter(one), `${keys.get(one.name)}: ${value(one)},`));

/** An entry for each parameter with what weight files say of it; `place` is a further member, from its key in `p`. */
export function parameterEntries(
  parameters: readonly PackageParameter[],
  keys: ParameterKeys,
  place: (key: string, parameter: PackageParameter) => string,
): ParameterEntries {
  const entry = (one: PackageParameter): string => {
    const { name, shape, role } = one;
    const known = `name: ${JSON.stringify(name)}, shape: [${shape.join(', ')}], role: '${role}'`;
    return `{ ${known}, ${place(keys.get(name)!, one)} },`;
  };
  return {
    all: parameters.map(entry),
    stored: parameters.filter(isStored).map(entry),
    others: parameters.filter((one) => !isStored(one)).map(entry),
  };
}

export interface ParameterEntries {
  readonly all: readonly string[];
  /** In weight files. */
  readonly stored: readonly string[];
  readonly others: readonly string[];
}

/** Weights and running statistics are in weight files; what only training needs is not. */
export const isStored = ({ role }: PackageParameter): boolean => role === 'weight' || role === 'buffer';
