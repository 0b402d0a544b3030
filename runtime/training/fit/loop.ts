/**
 * The training loop: epochs of steps, with validation and saving after each epoch, and saving when it stops. All
 * state is in `FitState` and in the trainer. So a run that continues from a saved pair of both takes the same steps
 * as an uninterrupted run.
 */
import type { FitBatch, FitBatches } from './batches.ts';
import { addStep, judgeBatch, meansOf, noSums } from './measure.ts';
import type { FitEpoch, FitPlan, FitProgress, FitState, FitTrainer, MeasuredFit } from './types.ts';

/** The environment of a run. */
export interface FitHost {
  /** The current time in seconds. */
  now(): number;
  /** Gives control to the event loop between steps, because messages and signals arrive only then. */
  pause(): Promise<void>;
}

export interface FitSite extends FitHost {
  readonly trainer: FitTrainer;
  readonly plan: FitPlan;
  readonly batches: FitBatches;
  readonly epochs: number;
  readonly saveSeconds: number;
  /** Returns the learning rate by the number of finished steps of the whole run. */
  learningRate(step: number): number;
  /** Saves the state of the loop and of the trainer. Called between steps. */
  save(): Promise<void>;
  /** Called after each epoch, before `save`. */
  endEpoch(epoch: FitEpoch): Promise<void>;
  report(progress: FitProgress): void;
  /** Whether the run stops. Called after every step. */
  isStopped(): boolean;
  /** Whether no further epoch is worth it. */
  isEnough(): boolean;
}

/** The largest number of points of the curve in an epoch. */
const POINTS = 50;

export const firstState = (): FitState => ({
  epoch: 0,
  step: 0,
  sums: noSums(),
  window: noSums(),
  seconds: 0,
  points: [],
  epochs: [],
});

export async function runEpochs(
  site: FitSite,
  state: FitState,
): Promise<'finished' | 'patience' | 'stopped'> {
  while (state.epoch < site.epochs) {
    if (site.isEnough()) return 'patience';
    const started = site.now() - state.seconds;
    const trained = await trainEpoch(site, state, started);
    const validated = trained ? await validate(site, state) : undefined;
    if (!validated) {
      state.seconds = site.now() - started;
      await site.save();
      return 'stopped';
    }
    await site.endEpoch(finishEpoch(site, state, validated.found, site.now() - started));
    await site.save();
  }
  return 'finished';
}

/** Trains for one epoch. Returns false if it was stopped; `state` then says how far it came. */
async function trainEpoch(site: FitSite, state: FitState, started: number): Promise<boolean> {
  const { batches } = site;
  const clock = startClock(site);
  let saved = site.now();
  while (state.step < batches.trainSteps) {
    const batch = await batches.train(state.epoch, state.step);
    await takeStep(site, state, batch);
    clock.count(batch.count);
    site.report(trainingProgress(site, state, clock.imagesPerSecond()));
    await site.pause();
    if (site.isStopped()) return false;
    if (site.now() - saved < site.saveSeconds || state.step === batches.trainSteps) continue;
    state.seconds = site.now() - started;
    await site.save();
    saved = site.now();
  }
  return true;
}

/** Measures the speed of one phase. */
function startClock({ now }: FitHost): { count(images: number): void; imagesPerSecond(): number } {
  const started = now();
  let done = 0;
  return {
    count: (images) => void (done += images),
    imagesPerSecond: () => done / Math.max(now() - started, 1e-9),
  };
}

function trainingProgress(
  { batches, plan, epochs }: FitSite,
  state: FitState,
  imagesPerSecond: number,
): FitProgress {
  const { loss, accuracy } =
    state.window.steps > 0 ? meansOf(state.window, plan.batch) : state.points.at(-1)!;
  const [epoch, step, steps] = [state.epoch + 1, state.step, batches.trainSteps];
  return { phase: 'train', epoch, epochs, step, steps, loss, accuracy, imagesPerSecond };
}

async function takeStep(site: FitSite, state: FitState, batch: FitBatch): Promise<void> {
  const { trainer, plan, batches } = site;
  const total = state.epoch * batches.trainSteps + state.step;
  trainer.hyperparameters.learningRate = site.learningRate(total);
  const inputs = { [plan.image]: batch.image, [plan.label]: batch.label };
  const { count } = batch;
  const result = await (count < plan.batch
    ? trainer.trainStep(inputs, { count })
    : trainer.trainStep(inputs));
  const found = result as Readonly<Record<string, Float32Array>> & { readonly loss: number };
  state.step++;
  if (!Number.isFinite(found.loss)) refuseLoss(site, state, found.loss, total);
  const { correct } = judgeBatch(plan, found[plan.scores]!, batch);
  for (const sums of [state.sums, state.window]) addStep(sums, found.loss, correct, count / plan.batch);
  const isFull = state.window.steps >= Math.ceil(batches.trainSteps / POINTS);
  if (!isFull && state.step < batches.trainSteps) return;
  state.points.push({ step: total + 1, ...meansOf(state.window, plan.batch) });
  state.window = noSums();
}

function refuseLoss({ plan, batches, epochs }: FitSite, state: FitState, loss: number, total: number): never {
  const where = `step ${total + 1} (epoch ${state.epoch + 1} of ${epochs}, batch ${state.step} of ${batches.trainSteps})`;
  throw new Error(`${plan.name}.fit: training has diverged: the loss is ${loss} at ${where}`);
}

/** Returns undefined if it was stopped. `found` is empty if there is nothing to validate with. */
async function validate(site: FitSite, state: FitState): Promise<{ found?: MeasuredFit } | undefined> {
  const { batches, plan, epochs, trainer } = site;
  if (batches.validationSteps === 0) return {};
  const clock = startClock(site);
  let [correct, lossSum, count] = [0, 0, 0];
  for (let step = 0; step < batches.validationSteps; step++) {
    const batch = await batches.validation(step);
    const outputs = (await trainer.predict({ [plan.image]: batch.image })) as Record<string, Float32Array>;
    const judged = judgeBatch(plan, outputs[plan.scores]!, batch);
    correct += judged.correct;
    lossSum += judged.loss;
    count += batch.count;
    clock.count(batch.count);
    const place = { epoch: state.epoch + 1, epochs, step: step + 1, steps: batches.validationSteps };
    const means = { loss: lossSum / count, accuracy: correct / count };
    site.report({ phase: 'validate', ...place, ...means, imagesPerSecond: clock.imagesPerSecond() });
    await site.pause();
    if (site.isStopped()) return undefined;
  }
  if (!Number.isFinite(lossSum)) refuseLoss(site, state, lossSum, (state.epoch + 1) * batches.trainSteps - 1);
  return { found: { loss: lossSum / count, accuracy: correct / count } };
}

function finishEpoch(
  site: FitSite,
  state: FitState,
  validation: MeasuredFit | undefined,
  seconds: number,
): FitEpoch {
  const { trainSteps } = site.batches;
  const step = (state.epoch + 1) * trainSteps;
  const result: FitEpoch = {
    epoch: state.epoch + 1,
    step,
    learningRate: site.learningRate(step - 1),
    training: meansOf(state.sums, site.plan.batch),
    ...(validation && { validation }),
    seconds,
  };
  state.epochs.push(result);
  Object.assign(state, { epoch: state.epoch + 1, step: 0, sums: noSums(), seconds: 0 });
  return result;
}
