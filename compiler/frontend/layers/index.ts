/**
 * The families of layers. Every function that one of these files exports is a method of `Net`. A new family
 * needs a file and two lines here.
 */
import * as activation from './activation.ts';
import * as arithmetic from './arithmetic.ts';
import * as convolution from './convolution.ts';
import * as dropout from './dropout.ts';
import type { Layer, NamedLayer } from './layer.ts';
import * as linear from './linear.ts';
import * as loss from './loss.ts';
import * as normalization from './normalization.ts';
import * as operation from './operation.ts';
import * as pooling from './pooling.ts';
import * as reduction from './reduction.ts';
import * as resampling from './resampling.ts';
import * as shape from './shape.ts';

export const layers = {
  ...activation,
  ...arithmetic,
  ...convolution,
  ...dropout,
  ...linear,
  ...loss,
  ...normalization,
  ...operation,
  ...pooling,
  ...reduction,
  ...resampling,
  ...shape,
};

/** A layer as a method of the net. The net supplies the first parameter; the caller gives the name. */
type Method<F> = F extends (layer: infer L, ...rest: infer Rest) => infer Result
  ? L extends NamedLayer
    ? (name: string, ...rest: Rest) => Result
    : (...rest: Rest) => Result
  : never;

/** All layers as methods. Their documentation is at the functions in this folder. */
export type LayerMethods = { readonly [K in keyof typeof layers]: Method<(typeof layers)[K]> };

/** Any layer, as the net calls it. */
export type LayerFunction = (layer: NamedLayer & Layer, ...rest: never[]) => unknown;
