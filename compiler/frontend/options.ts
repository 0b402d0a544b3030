/**
 * Reads the options of layers and models. Model files run without a type check, so every option is checked here. An
 * unknown name, a missing option and a wrong value are each refused with one sentence.
 */
import { nearest } from '../diagnostics/diagnostic.ts';
import type { Padding, Pair } from '../ops/shared/window.ts';
import { describe } from './tensor.ts';

/** Checks and reads one option. */
export interface Reader<T> {
  /** Completes the phrase `expected ...` in errors. */
  readonly expected: string;
  /** Returns undefined to refuse the value. */
  read(value: unknown): T | undefined;
  /** Returns the default. Without it the option is required. */
  readonly fallback?: () => T;
}

type Schema<O> = { readonly [K in keyof Required<O>]: Reader<unknown> };

type Values<S> = { readonly [K in keyof S]: S[K] extends Reader<infer T> ? T : never };

/** Reads all options by the schema. A schema that forgets an option of `O` does not compile. */
export function readOptions<O extends object, S extends Schema<O>>(
  refuse: (found: string) => never,
  options: O,
  schema: S,
): Values<S> {
  if (typeof options !== 'object' || options === null) {
    refuse(`the options are ${describe(options)}, expected an object with ${Object.keys(schema).join(', ')}`);
  }
  checkNames(refuse, Object.keys(options), Object.keys(schema));
  const given = options as Readonly<Record<string, unknown>>;
  const values = Object.entries<Reader<unknown>>(schema).map(([name, reader]) => {
    return [name, readOption(refuse, name, given[name], reader)] as const;
  });
  return Object.fromEntries(values) as Values<S>;
}

function readOption<T>(refuse: (found: string) => never, name: string, value: unknown, reader: Reader<T>): T {
  if (value === undefined && reader.fallback) return reader.fallback();
  if (value === undefined) return refuse(`the option ${name} is missing, expected ${reader.expected}`);
  const result = reader.read(value);
  return result === undefined
    ? refuse(`the option ${name} is ${describe(value)}, expected ${reader.expected}`)
    : result;
}

export function checkNames(
  refuse: (found: string) => never,
  names: readonly string[],
  known: readonly string[],
): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  refuse(
    `unknown option ${unknown}${near ? `, did you mean ${near}?` : `; the options are ${known.join(', ')}`}`,
  );
}

/** Makes an option optional, with a default. */
export const optional = <T>(reader: Reader<T>, value: T): Reader<T> => ({ ...reader, fallback: () => value });

/** Makes an option optional. Its value is undefined if it is left out. */
export const absent = <T>(reader: Reader<T>): Reader<T | undefined> => ({
  ...reader,
  fallback: () => undefined,
});

export const isWhole = (value: unknown, least: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least;

export const count: Reader<number> = {
  expected: 'a whole number from 1',
  read: (value) => (isWhole(value, 1) ? value : undefined),
};

export const integer: Reader<number> = {
  expected: 'a whole number',
  read: (value) => (Number.isSafeInteger(value) ? (value as number) : undefined),
};

export const flag: Reader<boolean> = {
  expected: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

export const finite: Reader<number> = {
  expected: 'a number',
  read: (value) => (Number.isFinite(value) ? (value as number) : undefined),
};

/** A number in [low, high]. */
export const within = (low: number, high: number): Reader<number> => ({
  expected: `a number from ${low} to ${high}`,
  read: (value) =>
    Number.isFinite(value) && low <= (value as number) && (value as number) <= high
      ? (value as number)
      : undefined,
});

export const atLeast = (low: number): Reader<number> => ({
  expected: `a number from ${low}`,
  read: (value) => (Number.isFinite(value) && (value as number) >= low ? (value as number) : undefined),
});

/** A probability below 1, so that something is left: from 0 to below 1. */
export const probability: Reader<number> = {
  expected: 'a number from 0 to below 1',
  read: (value) => (within(0, 1).read(value) === 1 ? undefined : within(0, 1).read(value)),
};

/** A limit of a range. Infinity means no limit. */
export const limit: Reader<number> = {
  expected: 'a number, or Infinity',
  read: (value) => (typeof value === 'number' && !Number.isNaN(value) ? value : undefined),
};

/** A number above 0. */
export const positive: Reader<number> = {
  expected: 'a number above 0',
  read: (value) => (Number.isFinite(value) && (value as number) > 0 ? (value as number) : undefined),
};

export const oneOf = <const T extends string>(...values: readonly T[]): Reader<T> => ({
  expected: values.map((value) => JSON.stringify(value)).join(' or '),
  read: (value) => values.find((known) => known === value),
});

/** A list of whole numbers. They may be negative. */
export const integers: Reader<readonly number[]> = {
  expected: 'a list of whole numbers',
  read: (value) =>
    Array.isArray(value) && value.every(Number.isSafeInteger) ? (value as number[]) : undefined,
};

/** A list of finite numbers. */
export const numbers: Reader<readonly number[]> = {
  expected: 'a list of numbers',
  read: (value) => (Array.isArray(value) && value.every(Number.isFinite) ? (value as number[]) : undefined),
};

/** A list of numbers, which may be infinite or NaN. */
export const anyNumbers: Reader<readonly number[]> = {
  expected: 'a list of numbers',
  read: (value) =>
    Array.isArray(value) && value.every((number) => typeof number === 'number') ? value : undefined,
};

/** A whole number or a list of them. They may be negative. */
export const integerOrList: Reader<readonly number[]> = {
  expected: 'a whole number or a list of them',
  read: (value) => (Number.isSafeInteger(value) ? [value as number] : integers.read(value)),
};

const isWholeList = (value: unknown, length: number, least: number): value is readonly number[] =>
  Array.isArray(value) && value.length === length && value.every((part) => isWhole(part, least));

/** One number for height and width, or [height, width]. */
export type PairOption = number | Pair;

export const pair: Reader<Pair> = {
  expected: 'a whole number from 1, or [height, width]',
  read(value) {
    if (isWhole(value, 1)) return [value, value];
    return isWholeList(value, 2, 1) ? [value[0]!, value[1]!] : undefined;
  },
};

export const pairFromZero: Reader<Pair> = {
  expected: 'a whole number from 0, or [height, width]',
  read(value) {
    if (isWhole(value, 0)) return [value, value];
    return isWholeList(value, 2, 0) ? [value[0]!, value[1]!] : undefined;
  },
};

/** Factors for height and width, not necessarily whole. */
export const positivePair: Reader<Pair> = {
  expected: 'a number above 0, or [height, width]',
  read(value) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value, value];
    const [height, width] = list.map((part) => positive.read(part));
    return list.length === 2 && height !== undefined && width !== undefined ? [height, width] : undefined;
  },
};

/** Padding in pixels: one number for all four sides, [height, width], or [top, left, bottom, right]. */
export type ExplicitPadding = number | Pair | Padding;

export const explicitPadding: Reader<Padding> = {
  expected: 'a whole number from 0, [height, width], or [top, left, bottom, right]',
  read(value) {
    if (isWhole(value, 0)) return [value, value, value, value];
    if (isWholeList(value, 2, 0)) return [value[0]!, value[1]!, value[0]!, value[1]!];
    return isWholeList(value, 4, 0) ? [value[0]!, value[1]!, value[2]!, value[3]!] : undefined;
  },
};

/**
 * `ExplicitPadding`, or `same` as in TensorFlow: the output has ceil(in / stride) positions, and an odd rest of the
 * padding goes to the bottom and right.
 */
export type PaddingOption = ExplicitPadding | 'same';

export const padding: Reader<Padding | 'same'> = {
  expected: `${explicitPadding.expected}, or "same"`,
  read: (value) => (value === 'same' ? value : explicitPadding.read(value)),
};
