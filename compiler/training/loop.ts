/**
 * The training loop: epochs of steps, validation after each, saving after each and when it is to stop.
 * All that it knows lies in `LoopState` and in the trainer, so that a run which continues from a saved pair of
 * the two takes the very steps that the interrupted one would have taken.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { Batch, Batches } from './batches.ts';
import type { EpochResult, History, Measured, TrainingPoint } from './history.ts';
import type { LoadedTrainer } from './trainer.ts';

interface Sums {
  loss: number;
  /** Examples whose class had the highest score. */
  correct: number;
  steps: number;
}

const noSums = (): Sums => ({ loss: 0, correct: 0, steps: 0 });

/** Plain data: it is stored in checkpoints. */
export interface LoopState {
  /** Epochs done. */
  epoch: number;
  /** Steps done in the epoch under way. */
  step: number;
  /** Of the epoch under way. */
  sums: Sums;
  /** Since the last point of the curves. */
  window: Sums;
  /** Spent on the epoch under way. */
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

/** What the loop is doing, to be shown. */
export interface LoopProgress {
  readonly phase: 'train' | 'validate';
  /** From 1. */
  readonly epoch: number;
  /** Steps done of `steps` in this phase. */
  readonly step: number;
  readonly steps: number;
  /** Means over the window of steps under way, or over the validation so far. */
  readonly loss: number;
  readonly accuracy: number;
}

export interface LoopSite {
  readonly loaded: LoadedTrainer;
  readonly batches: Batches;
  readonly epochs: number;
  /** By the number of steps done in the whole run. */
  readonly learningRate: (step: number) => number;
  /** Keeps the state and the trainer's; called between steps. */
  save(state: LoopState): void | Promise<void>;
  /** What was saved last, for a diagnosis. */
  describeSaved(): string;
  /** After each validation, before `save`. */
  onEpoch(result: EpochResult, state: LoopState): void | Promise<void>;
  onProgress(progress: LoopProgress): void;
  /** Asked after every step. */
  shouldStop(): boolean;
  /** Lets the event loop turn between steps: signals arrive only then. */
  pause(): Promise<void>;
  /** In seconds. */
  now(): number;
}

/** Points of the loss curve in an epoch, at most. */
const POINTS = 50;
/** A long epoch is not lost as a whole when the machine goes down. */
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

/** False when it was stopped; `state` then says how far it came. */
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
  return fail('train', {}, `the loss is ${loss} at ${where}: training has diverged`, [
    site.describeSaved(),
    'try a lower --learning-rate, a --warmup, or --clip 1',
  ]);
}

/** Undefined when it was stopped. */
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

/** Sums over the batch's examples. */
function judgeBatch({ classes }: LoadedTrainer, scores: Float32Array, { label, count }: Batch) {
  const sums = { loss: 0, correct: 0 };
  for (let i = 0; i < count; i++) {
    const { loss, isCorrect } = judge(scores.subarray(i * classes, (i + 1) * classes), label[i]!);
    sums.loss += loss;
    sums.correct += isCorrect ? 1 : 0;
  }
  return sums;
}

/** -log softmax(scores)[label], and whether the label's score is the first of the highest. */
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
