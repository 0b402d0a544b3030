/**
 * The checks of a generated module's arguments. They work in Node and in browsers. Every function returns when the
 * argument is right. When it is not, it throws an `Error` before anything runs:
 *
 *     resnet18.forward: input `image` needs 150528 numbers (1x3x224x224), got 100
 */
import { ARRAY_TYPES, type Named } from './arrays.ts';

export interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
  /** Default `f32`. */
  readonly dtype?: 'f32' | 'i32' | 'u32';
}

/** What the value is to the caller: `input`, `gradient`, `out`, `parameter`. */
export type Role = 'input' | 'gradient' | 'out' | 'parameter';

const article = (type: string): string => (/^[AEIO]/.test(type) ? `an ${type}` : `a ${type}`);

/** One array. `call` is what was called, `resnet18.forward`. */
export function checkInput(call: string, expected: Expected, value: unknown, role: Role = 'input'): void {
  const { name, shape, dtype = 'f32' } = expected;
  const subject = `${call}: ${role} \`${name}\``;
  const size = sizeOf(shape);
  const wanted = `${size} ${size === 1 ? 'number' : 'numbers'} (${shape.join('x') || 'a scalar'})`;
  if (value === undefined || value === null) throw new Error(`${subject} is missing, it needs ${wanted}`);
  const type = typeName(value);
  const needed = ARRAY_TYPES[dtype].name;
  if (type === 'Array')
    throw new Error(`${subject} needs ${article(needed)}, got an array: wrap it, new ${needed}(${name})`);
  if (type !== needed) throw new Error(`${subject} needs ${article(needed)}, got ${describe(value, type)}`);
  const { length } = value as Float32Array;
  if (length !== size) throw new Error(`${subject} needs ${wanted}, got ${length}`);
}

/** An argument that holds arrays by name: none missing, none unknown, each of its length. */
export function checkInputs(
  call: string,
  expected: readonly Expected[],
  values: unknown,
  role: Role = 'input',
): void {
  const names = expected.map(({ name }) => name);
  const wanted = `{ ${names.join(', ')} }`;
  if (typeName(values) !== 'Object') {
    throw new Error(
      `${call} takes its ${role}s by name, ${wanted}, got ${describe(values, typeName(values))}`,
    );
  }
  const given = values as Readonly<Record<string, unknown>>;
  // Unknown before missing: a misspelt name is both, and only the first says what was written.
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`${call}: there is no ${role} \`${unknown}\`, it takes ${wanted}`);
  for (const one of expected) checkInput(call, one, given[one.name], role);
}

/**
 * Whether every array is there and has its length. This allocates nothing, so a call that runs often asks this first, and
 * `checkInputs` only to find out what is wrong.
 */
export function inputsFit(expected: readonly Expected[], values: unknown): boolean {
  for (let i = 0; i < expected.length; i++) {
    const { name, shape, dtype = 'f32' } = expected[i]!;
    const value = (values as Named<unknown> | undefined)?.[name];
    if (!(value instanceof ARRAY_TYPES[dtype]) || value.length !== sizeOf(shape)) return false;
  }
  return true;
}

/** An option such as a learning rate: a finite number, at least `least`. */
export function checkNumber(call: string, name: string, value: unknown, least: number = -Infinity): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error(`${call}: \`${name}\` needs a finite number, got ${describe(value, typeName(value))}`);
  }
  if (value < least) throw new Error(`${call}: \`${name}\` needs a number from ${least} up, got ${value}`);
}

/** Class numbers: each from 0 to below `classes`, or the number that stands for none. */
export function checkLabels(
  call: string,
  name: string,
  labels: Int32Array,
  classes: number,
  ignored?: number,
): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if ((label >= 0 && label < classes) || label === ignored) continue;
    throw new Error(
      `${call}: input \`${name}\` has the label ${label} at ${i}, there are ${classes} classes: 0 to ${classes - 1}`,
    );
  }
}

function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

/** By the tag rather than `instanceof`, which fails for arrays of another frame or of a test runner's realm. */
const typeName = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

function describe(value: unknown, type: string): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? `the string ${JSON.stringify(value)}` : article(type);
}
