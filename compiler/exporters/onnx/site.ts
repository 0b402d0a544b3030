/**
 * What a rule sees of the node that it exports, and how it writes ONNX nodes: names in, a name out. What several
 * rules need (reshapes, casts, constants) is here.
 */
import type { Attrs, OpName, TensorType } from '../../ir/types.ts';
import {
  ELEMENT_TYPES,
  type Attribute,
  type Attributes,
  type ElementName,
  type TensorData,
} from './messages.ts';

export interface ExportSite<K extends OpName> {
  readonly attrs: Attrs[K];
  /** Names of the operands; optional ones that are absent are undefined. */
  readonly inputs: readonly string[];
  readonly types: readonly TensorType[];
  readonly output: TensorType;
  readonly e: Emitter;
}

export interface Emitter {
  /** A node of ONNX; answers the name of its output. */
  emit(op: string, inputs: readonly (string | undefined)[], attributes?: Attributes): string;
  /** The second output, where the first is of no use. */
  emitSecond(op: string, inputs: readonly (string | undefined)[], attributes?: Attributes): string;
  /** Small equal ones are one. */
  constant(element: ElementName, shape: readonly number[], data: TensorData): string;
}

/** Answers the name of the value, or what of the node has no place in ONNX. */
export type ExportRule<K extends OpName> = (site: ExportSite<K>) => string | Unexportable;

export interface Unexportable {
  readonly reason: string;
}

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const flag = (value: boolean): Attribute => int(value ? 1 : 0);
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const text = (value: string): Attribute => ({ kind: 'text', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });

export const scalar = (e: Emitter, value: number): string => e.constant('f32', [], Float32Array.of(value));

export const integers = (e: Emitter, values: readonly number[]): string =>
  e.constant('i64', [values.length], BigInt64Array.from(values.map(BigInt)));

export const floats = (e: Emitter, shape: readonly number[], values: Iterable<number>): string =>
  e.constant('f32', shape, Float32Array.from(values));

export const reshape = (e: Emitter, x: string, shape: readonly number[]): string =>
  e.emit('Reshape', [x, integers(e, shape)]);

export const transpose = (e: Emitter, x: string, permutation: readonly number[]): string =>
  e.emit('Transpose', [x], { perm: ints(permutation) });

export const cast = (e: Emitter, x: string, to: ElementName): string =>
  e.emit('Cast', [x], { to: int(ELEMENT_TYPES[to]) });

/** Numbers a channel, f32[C], beside x f32[N, C, ...]. */
export const perChannel = (e: Emitter, values: string, channels: number, rank: number): string =>
  reshape(e, values, [channels, ...Array<number>(Math.max(rank - 2, 0)).fill(1)]);

/** An operation that ONNX has under another name, with the attributes that `attributes` makes of ours. */
export const named =
  <K extends OpName>(op: string, attributes: (attrs: Attrs[K]) => Attributes = () => ({})): ExportRule<K> =>
  ({ e, inputs, attrs }) =>
    e.emit(op, inputs, attributes(attrs));
