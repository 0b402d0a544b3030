/**
 * The part of a trainer that all targets share: it runs the phases of a step in order, keeps the number of steps and
 * the hyperparameters, and reads and writes weights and states. It knows the network only by names and arrays.
 */
import type { LeftOut } from '../fitTensors.ts';
import { setHyperparameters, setSeed, type Hyperparameters, type Scalars } from './hyperparameters.ts';
import { isExported, loadWeights, type LoadWeightsOptions, type ParameterOwner } from './parameters.ts';
import { loadState, saveState, type Counters } from './state.ts';
import { parseSafetensors, serializeSafetensors } from '../weights.ts';

/** A whole training step in one memory. */
export interface StepPart extends Scalars {
  readonly loss: Float32Array;
  /** Forward, loss, backward and update. For one of several micro-batches it ends with the sums of gradients. */
  readonly run: (part: number) => void;
  readonly microBatches?: { readonly count: number; readonly update: () => void };
}

/** Forward, backward and update as separate calls, in a separate memory. */
export interface HalvesPart extends Scalars {
  readonly forward: () => void;
  readonly backward: () => void;
  readonly update: () => void;
}

/** Every call reads these fields again, because their arrays are replaced when the memory grows. */
export interface TrainingParts extends ParameterOwner {
  readonly step: StepPart;
  readonly halves: () => HalvesPart;
  /** Runs at load, and again after weights or a state have been loaded. */
  readonly prepare: () => void;
}

export interface TrainerOptions {
  /** The seed of dropout's random numbers. */
  readonly seed: number;
  readonly hyperparameters: Hyperparameters;
}

export interface TrainerCore {
  readonly hyperparameters: Hyperparameters;
  readonly step: number;
  forward(): void;
  /** Forward, loss, backward, update. The loss is stored in `result`: returning a number would allocate an object. */
  trainStep(result: { loss: number }): void;
  backward(): void;
  applyGradients(): void;
  exportWeights(): Uint8Array;
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): LeftOut[];
  saveState(): Uint8Array;
  loadState(bytes: Uint8Array | ArrayBuffer): void;
  /** Whether parameters have changed since inference was prepared. */
  readonly isStale: boolean;
  /** Records that inference has been prepared with the current parameters. */
  refreshed(): void;
}

export function createTrainerCore(
  parts: TrainingParts,
  { seed, hyperparameters }: TrainerOptions,
): TrainerCore {
  const counters = { seed: seed >>> 0, step: 0 };
  const state = { isForwardDone: false, isStale: true };
  parts.prepare();
  return {
    hyperparameters,
    get step() {
      return counters.step;
    },
    get isStale() {
      return state.isStale;
    },
    refreshed: () => void (state.isStale = false),
    ...createSteps(parts, counters, state, hyperparameters),
    ...createFiles(parts, counters, state, hyperparameters),
  };
}

interface CoreState {
  /** `backward` needs the activations that `forward` keeps. */
  isForwardDone: boolean;
  isStale: boolean;
}

function createSteps(
  parts: TrainingParts,
  counters: Counters,
  state: CoreState,
  hyperparameters: Hyperparameters,
): Pick<TrainerCore, 'forward' | 'backward' | 'applyGradients' | 'trainStep'> {
  return {
    forward() {
      const part = parts.halves();
      setSeed(part, counters.seed, counters.step);
      part.forward();
      state.isForwardDone = true;
      state.isStale = true;
    },
    backward() {
      if (!state.isForwardDone)
        throw new Error(
          `${parts.name}.backward: call forward first, it keeps the activations that backward needs`,
        );
      parts.halves().backward();
      state.isForwardDone = false;
    },
    applyGradients() {
      const part = parts.halves();
      setHyperparameters(parts.name, part, hyperparameters, counters.step + 1);
      part.update();
      state.isStale = true;
      counters.step++;
    },
    trainStep(result) {
      setHyperparameters(parts.name, parts.step, hyperparameters, counters.step + 1);
      state.isStale = true;
      runStep(parts, counters, result);
      counters.step++;
    },
  };
}

function createFiles(
  parts: TrainingParts,
  counters: Counters,
  state: CoreState,
  hyperparameters: Hyperparameters,
): Pick<TrainerCore, 'exportWeights' | 'loadWeights' | 'saveState' | 'loadState'> {
  const changed = (): void => {
    parts.prepare();
    state.isStale = true;
  };
  return {
    exportWeights: () => serializeSafetensors(parts.parameters.filter(isExported), { format: 'pt' }),
    loadWeights(bytes, options = {}) {
      const left = loadWeights(parts, parseSafetensors(bytesOf(bytes)), options);
      changed();
      return left;
    },
    saveState: () => saveState(parts, counters, hyperparameters),
    loadState(bytes) {
      loadState(parts, bytesOf(bytes), counters, hyperparameters);
      changed();
    },
  };
}

const bytesOf = (bytes: Uint8Array | ArrayBuffer): Uint8Array =>
  bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);

/** Runs one step. The loss of micro-batches is their mean. */
function runStep(
  { step, parameters }: TrainingParts,
  { seed, step: done }: Counters,
  result: { loss: number },
): void {
  if (!step.microBatches) {
    setSeed(step, seed, done);
    step.run(0);
    result.loss = step.loss[0]!;
    return;
  }
  const { count, update } = step.microBatches;
  for (let i = 0; i < parameters.length; i++) {
    if (parameters[i]!.role === 'accumulator') parameters[i]!.data.fill(0);
  }
  let loss = 0;
  for (let part = 0; part < count; part++) {
    setSeed(step, seed, done * count + part);
    step.run(part);
    loss += step.loss[0]! / count;
  }
  update();
  result.loss = loss;
}
