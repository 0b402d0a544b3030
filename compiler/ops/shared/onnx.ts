/**
 * How an operator is written in ONNX. Its file holds the form as the property `onnx` of its definition: a function
 * that is given the names of the operands, appends nodes to the model and returns the name of the result. The bytes of
 * the file are not known here; the exporter writes them.
 */
import type { Attrs, OpName, TensorType } from '../../ir/types.ts';

/** The element types of tensors that an exported model may hold. */
export type OnnxElement = 'f32' | 'i32' | 'i64' | 'u32' | 'bool';

export type OnnxData = Float32Array | Int32Array | Uint32Array | BigInt64Array;

/** The value of a node's attribute. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** An operand of a node; undefined where an optional one is absent. */
export type OnnxOperand = string | undefined;

/** Appends the nodes and constants of one operator to the exported model. Every method returns a value's name. */
export interface OnnxEmitter {
  emit(op: string, operands: readonly OnnxOperand[], attributes?: OnnxAttributes): string;
  /** The same, but the name is the second output's. */
  emitSecond(op: string, operands: readonly OnnxOperand[], attributes?: OnnxAttributes): string;
  /** Equal constants of a few numbers are stored once. */
  constant(element: OnnxElement, shape: readonly number[], data: OnnxData): string;
  /** A constant f32 of rank 0. */
  scalar(value: number): string;
  /** A constant i64 vector: what ONNX takes for shapes, axes and amounts. */
  integers(values: readonly number[]): string;
  floats(shape: readonly number[], values: Iterable<number>): string;
  /** A constant f32 that has one value everywhere. */
  filled(shape: readonly number[], value: number): string;
  reshape(x: string, shape: readonly number[]): string;
  transpose(x: string, permutation: readonly number[]): string;
  cast(x: string, to: OnnxElement): string;
  /** One number a channel, f32[C], in the shape that broadcasts over f32[N, C, ...] of this rank. */
  perChannel(values: string, channels: number, rank: number): string;
}

/** What a form is given of the node that it writes. */
export interface OnnxSite<K extends OpName> {
  readonly attrs: Attrs[K];
  /** Names in the order of the operator's operands; optional operands that are absent are undefined. */
  readonly inputs: readonly string[];
  readonly types: readonly TensorType[];
  readonly output: TensorType;
  readonly e: OnnxEmitter;
}

/** What ONNX cannot say of a node. */
export interface Unexportable {
  readonly reason: string;
}

export type OnnxForm<K extends OpName> = (site: OnnxSite<K>) => string | Unexportable;

export const int = (value: number): OnnxAttribute => ({ kind: 'int', value });
export const flag = (value: boolean): OnnxAttribute => int(value ? 1 : 0);
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value });
export const text = (value: string): OnnxAttribute => ({ kind: 'text', value });
export const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });

/** The form of an operator that is one node of ONNX with the same operands; `attributes` translates ours. */
export const onnxNode =
  <K extends OpName>(op: string, attributes: (attrs: Attrs[K]) => OnnxAttributes = () => ({})): OnnxForm<K> =>
  ({ e, inputs, attrs }) =>
    e.emit(op, inputs, attributes(attrs));
