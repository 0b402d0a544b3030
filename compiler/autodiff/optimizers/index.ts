import { adam, adamw } from './adam.ts';
import { rmsprop } from './rmsprop.ts';
import { nesterov, sgd } from './sgd.ts';
import type { Optimizer, OptimizerName } from './types.ts';

export const optimizers: { readonly [K in OptimizerName]: Optimizer } = {
  adam,
  adamw,
  nesterov,
  rmsprop,
  sgd,
};

export const isOptimizerName = (name: string): name is OptimizerName => Object.hasOwn(optimizers, name);
