/**
 * A graph as calls of tfjs, which is what tfjs-converter makes of a model. Activations are NHWC, filters HWIO. A
 * value is named by its node's number, and so are the tensors that are known from the start.
 */
export type Value = number;

export type Activation = 'linear' | 'relu' | 'relu6';

/** Top, bottom, left, right. */
export type Sides = readonly [number, number, number, number];
export type Pair = readonly [number, number];

export interface Window {
  readonly strides: Pair;
  readonly sides: Sides;
}

export type Step = { readonly to: Value } & (
  | ({
      readonly op: 'conv2d' | 'depthwiseConv2d';
      readonly x: Value;
      readonly filter: Value;
      readonly bias?: Value;
      readonly activation: Activation;
      readonly dilations: Pair;
    } & Window)
  /** A filter for each group. */
  | ({
      readonly op: 'groupedConv2d';
      readonly x: Value;
      readonly filters: readonly Value[];
      readonly bias?: Value;
      readonly activation: Activation;
      readonly dilations: Pair;
    } & Window)
  | {
      readonly op: 'matMul';
      readonly x: Value;
      readonly weight: Value;
      readonly bias?: Value;
      readonly activation: Activation;
    }
  | ({ readonly op: 'maxPool' | 'averagePool'; readonly x: Value; readonly kernel: Pair } & Window)
  | { readonly op: 'relu' | 'relu6' | 'globalAveragePool'; readonly x: Value }
  | { readonly op: 'add' | 'mul'; readonly a: Value; readonly b: Value }
  | { readonly op: 'concat'; readonly xs: readonly Value[]; readonly axis: number }
  | {
      readonly op: 'slice';
      readonly x: Value;
      readonly begin: readonly number[];
      readonly end: readonly number[];
      readonly strides: readonly number[];
    }
  | { readonly op: 'pad'; readonly x: Value; readonly sides: readonly Pair[]; readonly value: number }
  | { readonly op: 'reshape'; readonly x: Value; readonly shape: readonly number[] }
  /** Normalizes with the batch's own statistics. */
  | {
      readonly op: 'batchNorm';
      readonly x: Value;
      readonly scale: Value;
      readonly offset: Value;
      readonly epsilon: number;
    }
);

export interface StoredTensor {
  readonly value: Value;
  readonly shape: readonly number[];
  /** In numbers, in the file of all of them. */
  readonly offset: number;
}

export interface TfjsPlan {
  readonly input: { readonly value: Value; readonly shape: readonly number[] };
  readonly steps: readonly Step[];
  readonly output: Value;
  readonly tensors: readonly StoredTensor[];
}
