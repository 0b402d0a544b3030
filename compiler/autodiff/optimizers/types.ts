import type { GraphBuilder } from '../../ir/builder.ts';
import type { ValueId } from '../../ir/types.ts';

/** Scalars that the host hands to every step, by name. */
export type Hyperparameter =
  | 'learningRate'
  | 'weightDecay'
  | 'momentum'
  | 'beta1'
  | 'beta2'
  | 'alpha'
  | 'epsilon'
  /** 1 - beta1^t and 1 - beta2^t after t steps. */
  | 'biasCorrection1'
  | 'biasCorrection2';

export interface StepSite {
  readonly g: GraphBuilder;
  readonly parameter: ValueId;
  /** Of the loss, weight decay not included. */
  readonly gradient: ValueId;
  /** False for parameters that the decay rule leaves alone: `weightDecay` then counts as 0. */
  readonly decays: boolean;
  hyper(name: Hyperparameter): ValueId;
  /** A state of the parameter's shape that starts at zero. Returns its value before this step. */
  state(name: string): ValueId;
  /** The state's value after this step. */
  setState(name: string, value: ValueId): void;
}

export interface Optimizer {
  readonly name: OptimizerName;
  readonly hyperparameters: readonly Hyperparameter[];
  /** Appends one step for one parameter; returns the parameter's new value. */
  step(site: StepSite): ValueId;
}

export type OptimizerName = 'sgd' | 'nesterov' | 'rmsprop' | 'adam' | 'adamw';
