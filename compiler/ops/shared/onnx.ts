/**
 * How an operator is written in ONNX. Its file has this form as the property `onnx` of its definition: a function
 * that gets the names of the operands, appends nodes to the model and returns the name of the result. The exporter
 * writes the bytes of the file.
 */
import type { Attrs, OpName, TensorType } from '../../ir/types.ts';

/** The element types of tensors in an exported model. */
export type OnnxElement = 'f32' | 'i32' | 'i64' | 'u32' | 'bool';

export type OnnxData = Float32Array | Int32Array | Uint32Array | BigInt64Array;

/** The value of a node's attribute. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** An operand of a node. Undefined if it is optional and absent. */
export type OnnxOperand = string | undefined;

/** Appends the nodes and constants of one operator to the exported model. Every method returns a value's name. */
export interface OnnxEmitter {
  emit(op: string, operands: readonly OnnxOperand[], attributes?: OnnxAttributes): string;
  /** `emit` for an operator whose second output is used. */
  emitSecond(op: string, operands: readonly OnnxOperand[], attributes?: OnnxAttributes): string;
  /** Appends a constant. Equal constants of a few numbers are stored once. */
  constant(element: OnnxElement, shape: readonly number[], data: OnnxData): string;
  /** Appends a constant f32 of rank 0. */
  scalar(value: number): string;
  /** Appends a constant i64 vector, as ONNX takes shapes, axes and amounts. */
  integers(values: readonly number[]): string;
  floats(shape: readonly number[], values: Iterable<number>): string;
  /** Appends a constant f32 with the same value everywhere. */
  filled(shape: readonly number[], value: number): string;
  reshape(x: string, shape: readonly number[]): string;
  transpose(x: string, permutation: readonly number[]): string;
  cast(x: string, to: OnnxElement): string;
  /** Reshapes one number per channel, f32[C], so that it broadcasts over f32[N, C, ...] of this rank. */
  perChannel(values: string, channels: number, rank: number): string;
}

/** What a form gets about the node that it writes. */
export interface OnnxSite<K extends OpName> {
  readonly attrs: Attrs[K];
  /** Names in the order of the operator's operands. Optional operands that are absent are undefined. */
  readonly inputs: readonly string[];
  readonly types: readonly TensorType[];
  readonly output: TensorType;
  readonly e: OnnxEmitter;
}

/** The part of a node that ONNX cannot express. */
export interface Unexportable {
  readonly reason: string;
}

export type OnnxForm<K extends OpName> = (site: OnnxSite<K>) => string | Unexportable;

export const int = (value: number): OnnxAttribute => ({ kind: 'int', value });
export const flag = (value: boolean): OnnxAttribute => int(value ? 1 : 0);
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value });
export const text = (value: string): OnnxAttribute => ({ kind: 'text', value });
export const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });

/** The form of an operator that is one ONNX node with the same operands. `attributes` translates the attributes. */
export const onnxNode =
  <K extends OpName>(op: string, attributes: (attrs: Attrs[K]) => OnnxAttributes = () => ({})): OnnxForm<K> =>
  ({ e, inputs, attrs }) =>
    e.emit(op, inputs, attributes(attrs));
