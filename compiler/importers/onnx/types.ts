/** What of an ONNX file the importer knows: the messages of onnx.proto, read and with defaults filled in. */

/** TensorProto: numbers as they lie in the file. */
export interface OnnxTensor {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly type: number;
  readonly dims: readonly number[];
  readonly raw?: Uint8Array;
  /** `float_data`, `int32_data`, `int64_data`, `double_data` or `uint64_data`, whichever holds something. */
  readonly numbers: readonly number[];
  /** `external_data`, where the numbers lie in a file of their own. */
  readonly external?: Readonly<Record<string, string>>;
}

/** AttributeProto: the member that its type names. */
export type OnnxAttribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  /** Graphs, sparse tensors, types: nothing that is supported has one. */
  | { readonly kind: 'other' };

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Empty for ONNX's own. */
  readonly domain: string;
  /** Empty names are operands that are left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** ValueInfoProto of a tensor; an extent is a number, or the name of a symbolic one (empty: unknown). */
export interface OnnxValueInfo {
  readonly name: string;
  /** Undefined where it is no tensor. */
  readonly type?: number;
  readonly shape?: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

export interface OnnxModel {
  readonly producer: string;
  /** Version by domain; ONNX's own is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
}
