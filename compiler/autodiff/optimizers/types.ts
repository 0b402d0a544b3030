import type { GraphBuilder } from '../../ir/builder.ts';
import type { ValueId } from '../../ir/types.ts';

/** Scalars that the host passes to every step, by name. */
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
  /** The gradient of the loss, without weight decay. */
  readonly gradient: ValueId;
  /** False for parameters without weight decay: for them `weightDecay` is 0. */
  readonly decays: boolean;
  hyper(name: Hyperparameter): ValueId;
  /** Declares a state with the parameter's shape that starts at zero. Returns its value before this step. */
  state(name: string): ValueId;
  /** Sets the state's value after this step. */
  setState(name: string, value: ValueId): void;
}

export interface Optimizer {
  readonly name: OptimizerName;
  readonly hyperparameters: readonly Hyperparameter[];
  /** Appends one step for one parameter. Returns the parameter's new value. */
  step(site: StepSite): ValueId;
}

export type OptimizerName = 'sgd' | 'nesterov' | 'rmsprop' | 'adam' | 'adamw';
