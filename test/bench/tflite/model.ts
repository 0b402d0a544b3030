/**
 * A float32 model for TFLite before it is a file, and the numbers of TFLite's schema (`schema.fbs` of
 * github.com/google-ai-edge/LiteRT) as far as they are needed here.
 */

/** `BuiltinOperator`. */
export const OPERATORS = {
  ADD: 0,
  AVERAGE_POOL_2D: 1,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  FULLY_CONNECTED: 9,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU6: 21,
  RESHAPE: 22,
  PAD: 34,
  MEAN: 40,
  STRIDED_SLICE: 45,
} as const;

export type OperatorName = keyof typeof OPERATORS;

/** `BuiltinOptions`: the type of the table of options that an operator has. The others have none here. */
export const OPTIONS: Readonly<Partial<Record<OperatorName, number>>> = {
  CONV_2D: 1,
  DEPTHWISE_CONV_2D: 2,
  AVERAGE_POOL_2D: 5,
  MAX_POOL_2D: 5,
  FULLY_CONNECTED: 8,
  CONCATENATION: 10,
  ADD: 11,
  MUL: 21,
  PAD: 22,
  MEAN: 27,
  STRIDED_SLICE: 32,
};

export const PADDINGS = { same: 0, valid: 1 } as const;
export const ACTIVATIONS = { linear: 0, relu: 1, relu6: 3 } as const;
export const TENSOR_TYPES = { float32: 0, int32: 2 } as const;

/** A field of a table: an int32, or a byte, which enums and booleans are. */
export type Field = number | { readonly byte: number };

/** The index of a tensor in the model. */
export type TensorIndex = number;

export interface TfliteTensor {
  readonly shape: readonly number[];
  readonly type: keyof typeof TENSOR_TYPES;
  /** The numbers of a constant. */
  readonly data?: Float32Array | Int32Array;
}

export interface TfliteOperator {
  readonly name: OperatorName;
  readonly inputs: readonly TensorIndex[];
  readonly output: TensorIndex;
  /** The table of options in the schema's order; without entries for an operator that has none. */
  readonly options: readonly Field[];
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly input: TensorIndex;
  readonly output: TensorIndex;
}
