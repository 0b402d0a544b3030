/** The parts of an ONNX file that the importer uses: the messages of onnx.proto, with defaults filled in. */

/** TensorProto: numbers as they are stored in the file. */
export interface OnnxTensor {
  readonly name: string;
  /** TensorProto.DataType. */
  readonly type: number;
  readonly dims: readonly number[];
  readonly raw?: Uint8Array;
  /** `float_data`, `int32_data`, `int64_data`, `double_data` or `uint64_data`, whichever is not empty. */
  readonly numbers: readonly number[];
  /** `external_data`, if the numbers are in another file. */
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
  /** Graphs, sparse tensors and types. No supported operator has one. */
  | { readonly kind: 'other' };

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Empty for ONNX's own operator set. */
  readonly domain: string;
  /** An empty name is an operand that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** ValueInfoProto of a tensor. An extent is a number, or the name of a symbolic one (empty if unknown). */
export interface OnnxValueInfo {
  readonly name: string;
  /** Undefined if it is no tensor. */
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
  /** Versions by domain. The domain of ONNX's own operator set is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
}
