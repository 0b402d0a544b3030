/**
 * The training loop: epochs of steps, with validation and saving after each epoch, and saving when it stops. All
 * state is in `LoopState` and in the trainer. So a run that continues from a saved pair of both takes the same steps
 * as an uninterrupted run.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { Batch, Batches } from './batches.ts';
import type { EpochResult, History, Measured, TrainingPoint } from './history.ts';
import type { LoadedTrainer } from './trainer.ts';

interface Sums {
  loss: number;
  /** Number of examples whose own class had the highest score. */
  correct: number;
  steps: number;
}

const noSums = (): Sums => ({ loss: 0, correct: 0, steps: 0 });

/** Plain data, because checkpoints store it. */
export interface LoopState {
  /** Finished epochs. */
  epoch: number;
  /** Finished steps of the current epoch. */
  step: number;
  /** Sums over the current epoch. */
  sums: Sums;
  /** Sums since the last point of the curves. */
  window: Sums;
  /** Time spent on the current epoch. */
  seconds: number;
  points: TrainingPoint[];
  epochs: EpochResult[];
}

export const initialState = (): LoopState => ({
  epoch: 0,
  step: 0,
  sums: noSums(),
  window: noSums(),
  seconds: 0,
  points: [],
  epochs: [],
});

export const historyOf = ({ points, epochs }: LoopState): History => ({ points, epochs });

/** What the loop is doing, for display. */
export interface LoopProgress {
  readonly phase: 'train' | 'validate';
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Finished steps of this phase, out of `steps`. */
  readonly step: number;
  readonly steps: number;
  /** Mean over the current window of steps, or over the validation so far. */
  readonly loss: number;
  readonly accuracy: number;
}

export interface LoopSite {
  readonly loaded: LoadedTrainer;
  readonly batches: Batches;
  readonly epochs: number;
  /** Returns the learning rate by the number of finished steps of the whole run. */
  readonly learningRate: (step: number) => number;
  /** Saves the state of the loop and of the trainer. Called between steps. */
  save(state: LoopState): void | Promise<void>;
  /** Describes the last save, for an error message. */
  describeSaved(): string;
  /** Called after each validation, before `save`. */
  onEpoch(result: EpochResult, state: LoopState): void | Promise<void>;
  onProgress(progress: LoopProgress): void;
  /** Called after every step. */
  shouldStop(): boolean;
  /** Gives control to the event loop between steps, because signals arrive only then. */
  pause(): Promise<void>;
  /** The current time in seconds. */
  now(): number;
}

/** The largest number of points of the loss curve in an epoch. */
const POINTS = 50;
/** Longest time between two saves, so that a crash does not lose all of a long epoch. */
const SAVE_SECONDS = 300;

export async function runLoop(site: LoopSite, state: LoopState): Promise<'finished' | 'stopped'> {
  while (state.epoch < site.epochs) {
    const started = site.now() - state.seconds;
    const trained = await trainEpoch(site, state, started);
    const validated = trained ? await validate(site, state) : undefined;
    if (!validated) {
      state.seconds = site.now() - started;
      await site.save(state);
      return 'stopped';
    }
    const result = endEpoch(site, state, validated, site.now() - started);
    await site.onEpoch(result, state);
    await site.save(state);
  }
  return 'finished';
}

/** Trains for one epoch. Returns false if it was stopped; `state` then says how far it came. */
async function trainEpoch(site: LoopSite, state: LoopState, started: number): Promise<boolean> {
  const { batches } = site;
  let saved = site.now();
  while (state.step < batches.trainSteps) {
    await takeStep(site, state, await batches.train(state.epoch, state.step));
    site.onProgress(trainingProgress(site, state));
    await site.pause();
    if (site.shouldStop()) return false;
    if (site.now() - saved < SAVE_SECONDS || state.step === batches.trainSteps) continue;
    state.seconds = site.now() - started;
    await site.save(state);
    saved = site.now();
  }
  return true;
}

function trainingProgress({ batches, loaded }: LoopSite, state: LoopState): LoopProgress {
  const { loss, accuracy } =
    state.window.steps > 0 ? meansOf(state.window, loaded.batch) : state.points.at(-1)!;
  const [epoch, step, steps] = [state.epoch + 1, state.step, batches.trainSteps];
  return { phase: 'train', epoch, step, steps, loss, accuracy };
}

const meansOf = ({ loss, correct, steps }: Sums, batch: number): { loss: number; accuracy: number } => ({
  loss: loss / steps,
  accuracy: correct / (steps * batch),
});

async function takeStep(site: LoopSite, state: LoopState, batch: Batch): Promise<void> {
  const { loaded, batches } = site;
  const { trainer } = loaded;
  const total = state.epoch * batches.trainSteps + state.step;
  trainer.hyperparameters['learningRate'] = site.learningRate(total);
  const result = await trainer.trainStep({ [loaded.image]: batch.image, [loaded.label]: batch.label });
  const loss = Number(result['loss']);
  state.step++;
  if (!Number.isFinite(loss)) failDiverged(site, state, loss, total);
  const { correct } = judgeBatch(loaded, result[loaded.scores] as Float32Array, batch);
  for (const sums of [state.sums, state.window]) {
    sums.loss += loss;
    sums.correct += correct;
    sums.steps++;
  }
  const isFull = state.window.steps >= Math.ceil(batches.trainSteps / POINTS);
  if (!isFull && state.step < batches.trainSteps) return;
  state.points.push({ step: total + 1, ...meansOf(state.window, loaded.batch) });
  state.window = noSums();
}

function failDiverged(site: LoopSite, state: LoopState, loss: number, total: number): never {
  const { batches, epochs } = site;
  const where = `step ${total + 1} (epoch ${state.epoch + 1} of ${epochs}, batch ${state.step} of ${batches.trainSteps})`;
  return fail('CNNC6021', 'train', {}, `training has diverged: the loss is ${loss} at ${where}`, [
    site.describeSaved(),
    'try a lower --learning-rate, a --warmup, or --clip 1',
  ]);
}

/** Returns undefined if it was stopped. */
async function validate(site: LoopSite, state: LoopState): Promise<Measured | undefined> {
  const { batches, loaded } = site;
  let [correct, lossSum, count] = [0, 0, 0];
  for (let step = 0; step < batches.validationSteps; step++) {
    const batch = await batches.validation(step);
    const outputs = await loaded.trainer.predict({ [loaded.image]: batch.image });
    const judged = judgeBatch(loaded, outputs[loaded.scores]!, batch);
    correct += judged.correct;
    lossSum += judged.loss;
    count += batch.count;
    const [steps, loss, accuracy] = [batches.validationSteps, lossSum / count, correct / count];
    site.onProgress({ phase: 'validate', epoch: state.epoch + 1, step: step + 1, steps, loss, accuracy });
    await site.pause();
    if (site.shouldStop()) return undefined;
  }
  if (!Number.isFinite(lossSum))
    failDiverged(site, state, lossSum, (state.epoch + 1) * batches.trainSteps - 1);
  return { loss: lossSum / count, accuracy: correct / count };
}

/** Adds up loss and hits over the batch's examples. */
function judgeBatch({ classes }: LoadedTrainer, scores: Float32Array, { label, count }: Batch) {
  const sums = { loss: 0, correct: 0 };
  for (let i = 0; i < count; i++) {
    const { loss, isCorrect } = judge(scores.subarray(i * classes, (i + 1) * classes), label[i]!);
    sums.loss += loss;
    sums.correct += isCorrect ? 1 : 0;
  }
  return sums;
}

/** Returns -log softmax(scores)[label], and whether the label's score is the first of the highest. */
export function judge(scores: Float32Array, label: number): { loss: number; isCorrect: boolean } {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
  return { loss: Math.log(sum) + largest - scores[label]!, isCorrect: scores.indexOf(largest) === label };
}

function endEpoch(site: LoopSite, state: LoopState, validation: Measured, seconds: number): EpochResult {
  const { trainSteps } = site.batches;
  const step = (state.epoch + 1) * trainSteps;
  const result: EpochResult = {
    epoch: state.epoch + 1,
    step,
    learningRate: site.learningRate(step - 1),
    training: meansOf(state.sums, site.loaded.batch),
    validation,
    seconds,
  };
  state.epochs.push(result);
  Object.assign(state, { epoch: state.epoch + 1, step: 0, sums: noSums(), seconds: 0 });
  return result;
}
