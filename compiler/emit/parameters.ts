/** What a package that trains keeps between calls, and what its sources call it. */
import { uniqueIdentifier } from '../program/identifiers.ts';
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

/** Weights and running statistics are in weight files; what only training needs is not. */
export const isStored = ({ role }: PackageParameter): boolean => role === 'weight' || role === 'buffer';
