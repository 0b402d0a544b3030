/**
 * Checks of a generated module's arguments. They work in Node and in browsers. Each function returns if the argument is
 * right. Otherwise it throws an `Error` before anything runs:
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

/** The kind of argument, as error messages name it. */
export type Role = 'input' | 'gradient' | 'out' | 'parameter';

const article = (type: string): string => (/^[AEIO]/.test(type) ? `an ${type}` : `a ${type}`);

/** Checks one array. `call` names the called function for errors: `resnet18.forward`. */
export function checkInput(call: string, expected: Expected, value: unknown, role: Role = 'input'): void {
  const { name, shape, dtype = 'f32' } = expected;
  const subject = `${call}: ${role} \`${name}\``;
  const size = sizeOf(shape);
  const wanted = `${size} ${size === 1 ? 'number' : 'numbers'} (${shape.join('x') || 'a scalar'})`;
  if (value === undefined || value === null) throw new Error(`${subject} is missing; it needs ${wanted}`);
  const type = typeName(value);
  const needed = ARRAY_TYPES[dtype].name;
  if (type === 'Array')
    throw new Error(`${subject} needs ${article(needed)}, got an array; wrap it: new ${needed}(${name})`);
  if (type !== needed) throw new Error(`${subject} needs ${article(needed)}, got ${describe(value, type)}`);
  const { length } = value as Float32Array;
  if (length !== size) throw new Error(`${subject} needs ${wanted}, got ${length}`);
}

/** Checks an object of arrays by name: none is missing, none is unknown, and each has the expected type and length. */
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
  // Unknown names come first: a misspelt name is also missing, and only this error shows what was written.
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`${call}: there is no ${role} \`${unknown}\`; it takes ${wanted}`);
  for (const one of expected) checkInput(call, one, given[one.name], role);
}

/**
 * Whether every expected array is present with the right type and length. This allocates nothing. Calls that run often
 * test this first, and call `checkInputs` only to throw the error.
 */
export function inputsFit(expected: readonly Expected[], values: unknown): boolean {
  for (let i = 0; i < expected.length; i++) {
    const { name, shape, dtype = 'f32' } = expected[i]!;
    const value = (values as Named<unknown> | undefined)?.[name];
    if (!(value instanceof ARRAY_TYPES[dtype]) || value.length !== sizeOf(shape)) return false;
  }
  return true;
}

/** Checks an option such as a learning rate: a finite number of at least `least`. */
export function checkNumber(call: string, name: string, value: unknown, least: number = -Infinity): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error(`${call}: \`${name}\` needs a finite number, got ${describe(value, typeName(value))}`);
  }
  if (value < least)
    throw new Error(`${call}: \`${name}\` needs a number of at least ${least}, got ${value}`);
}

/** Checks class numbers: each is at least 0 and below `classes`, or equals `ignored`. */
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
      `${call}: input \`${name}\` has the label ${label} at index ${i}, expected a class from 0 to ${classes - 1}`,
    );
  }
}

/** Refuses options of `load` that the package does not have. Options that are undefined count as absent. */
export function checkLoadOptions(model: string, options: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    if (name === 'training')
      throw new Error(`${model}.load: this package does not train; compile it with --train`);
    const near = nearestName(name, known);
    const hint = near ? `, did you mean \`${near}\`?` : `; the options are ${known.join(', ')}`;
    throw new Error(`${model}.load: there is no option \`${name}\`${hint}`);
  }
}

/** The options without those with these names. */
export function withoutOptions<T extends object>(options: T, names: readonly string[]): T {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name))) as T;
}

/** The known name that a misspelt one resembles most, if it resembles one. */
function nearestName(wrong: string, known: readonly string[]): string | undefined {
  const distances = known.map((name) => editDistance(wrong.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return least <= wrong.length / 3 ? known[distances.indexOf(least)] : undefined;
}

/** The number of letters to change, add or remove. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

/** The type by its tag. `instanceof` would fail for arrays from another frame or from a test runner's realm. */
const typeName = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

function describe(value: unknown, type: string): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? `the string ${JSON.stringify(value)}` : article(type);
}
