/**
 * Turns the inputs of a file into inputs of a model: names become identifiers, and shapes get no open extents. Open
 * extents must be given, except for the batch, which is then 1.
 */
import type { ErrorCode } from '../../diagnostics/codes.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { DType, TensorType } from '../../ir/types.ts';
import { isFloat, type SourceDType } from './known.ts';
import { claimIdentifier, shown } from './names.ts';
import type { SourceInput } from './sourceGraph.ts';

export interface ModelInput {
  /** The name in the file. */
  readonly source: string;
  /** The name in the model: an identifier. */
  readonly name: string;
  readonly dtype: SourceDType;
  readonly shape: readonly number[];
}

/** Whole shapes, by the input's name in the file or in the model. */
export type GivenShapes = Readonly<Record<string, readonly number[]>>;

/** The start of an error message: the format and the file. */
export interface Subject {
  readonly subject: string;
  readonly file: string;
}

export const typeOf = ({ dtype, shape }: ModelInput): TensorType => ({ dtype: graphType(dtype), shape });

const graphType = (dtype: SourceDType): DType => (isFloat(dtype) ? 'f32' : 'i32');

export function settleInputs(
  inputs: readonly SourceInput[],
  given: GivenShapes,
  { subject, file }: Subject,
): ModelInput[] {
  const refuse = (code: ErrorCode, found: string, details: readonly string[]): never =>
    fail(code, subject, { file }, found, details);
  // A Map, so that a name from the file cannot match a property that every object has.
  const wanted = new Map(Object.entries(given));
  const taken = new Set<string>();
  const used = new Set<string>();
  const open: string[] = [];
  const settled = inputs.map(({ name: source, dtype, shape }): ModelInput => {
    const name = claimIdentifier(taken, source, 'input');
    const key = wanted.has(name) ? name : source;
    used.add(key);
    const extents = shape.map((extent, axis) => extentOf(extent, axis, wanted.get(key)));
    if (extents.includes(undefined))
      open.push(`--input ${name}=${shape.map((extent) => (extent === '' ? '?' : extent)).join('x')}`);
    return { source, name, dtype, shape: extents.map((extent) => extent ?? 1) };
  });
  if (open.length > 0)
    refuse(
      'CNNC3018',
      'some dimensions of the inputs are open in the file; give the shapes',
      open.map(shown),
    );
  const unknown = [...wanted.keys()].find((key) => !used.has(key));
  if (unknown !== undefined)
    refuse('CNNC1024', `there is no input ${shown(unknown)}`, [`it has ${[...taken].join(', ')}`]);
  for (const input of settled)
    checkShape(input, wanted.get(input.name) ?? wanted.get(input.source), { subject, file });
  return settled;
}

/** Returns the extent. An open batch is 1. */
function extentOf(
  extent: number | string,
  axis: number,
  wanted: readonly number[] | undefined,
): number | undefined {
  if (wanted) return wanted[axis];
  if (typeof extent === 'number' && extent >= 0) return extent;
  return axis === 0 ? 1 : undefined;
}

function checkShape(
  { source, shape }: ModelInput,
  wanted: readonly number[] | undefined,
  { subject, file }: Subject,
): void {
  const refuse = (found: string): never =>
    fail('CNNC3019', subject, { file }, `the input ${shown(source)} ${found}`);
  if (wanted && wanted.length !== shape.length) refuse(`has rank ${shape.length}, not ${wanted.length}`);
  if (shape.length === 0) refuse('is a scalar, expected a batch first');
  if (!shape.every(Number.isSafeInteger)) refuse(`has the shape [${shape.join(',')}]`);
}
