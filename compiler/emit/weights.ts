/** The parts of `memory.ts` that state the places of weights and constants in a memory of bytes, and fill them. */
import type { Buffer } from '../program/types.ts';
import { describeBuffer, weightName } from './buffers.ts';
import { documented, functionSource, list, recordSource } from './declarations.ts';
import { fixingFlag, type CompiledModel } from './model.ts';
import type { ModuleProgram } from './types.ts';
import { ARRAYS } from './text.ts';

/** The numbers of a constant, as arguments. */
export const numbersText = ({ data }: Buffer): string => Array.from(data ?? []).join(', ');

/** An array over the variable `buffer` of emitted code; `address` is an expression, in bytes. */
export const viewText = ({ element, length }: Buffer, address: string): string =>
  `new ${ARRAYS[element]}(buffer, ${address}, ${length})`;

/** `weights: { form: 'moving', sha256: '...' }`: the member of `info`. */
export const weightsLiteral = ({ weights: { form, sha256 } }: CompiledModel): string =>
  `/** \`sha256\` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: '${form}', sha256: '${sha256()}' }`;

/** `, flag: '--fixed-weights'`: a member for the record of weights, if they are fixed. */
export function flagText(model: CompiledModel): string {
  const flag = fixingFlag(model);
  return flag ? `, flag: '${flag}'` : '';
}

/** The arguments of `matchArrays`; `memory` is an expression. */
export function matchText(model: CompiledModel, memory: string): string {
  const flag = fixingFlag(model);
  return `file, weightArrays(${memory})${flag ? `, '${flag}'` : ''}`;
}

const PLACES: Readonly<Record<ModuleProgram['weights'], string>> = {
  file: 'The weights, packed in the layouts that the kernels read.',
  prepared: 'Packed weights and constants.',
  staged: 'The weights in the layouts that the kernels read, and constants.',
  shared: 'Weights that are read in ../memory.ts.',
};

/** `w`: the place of each weight; `place` prints it for the target. */
export const weightPlacesSource = (
  weights: ModuleProgram['weights'],
  buffers: readonly Buffer[],
  place: (buffer: Buffer) => string,
): string =>
  recordSource(
    'w',
    [PLACES[weights]],
    buffers.map((buffer) => documented(describeBuffer(buffer), `${buffer.name}: ${place(buffer)},`)),
  );

/** `weightArrays`: the array that each tensor of the weight file fills, by its name in the file. */
export function weightArraysSource(
  buffers: readonly Buffer[],
  doc: string,
  address: (buffer: Buffer) => string,
): string {
  const elements = [...new Set(['f32' as const, ...buffers.map(({ element }) => element)])];
  const type = `Map<string, ${elements.map((one) => ARRAYS[one]).join(' | ')}>`;
  const entries = buffers.map(
    (buffer) => `[${JSON.stringify(weightName(buffer))}, ${viewText(buffer, address(buffer))}],`,
  );
  const head = `export function weightArrays(buffer: ArrayBuffer): ${type}`;
  return functionSource(head, [doc], [`return new ${type}(${list(entries)});`]);
}
