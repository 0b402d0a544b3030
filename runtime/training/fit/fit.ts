/**
 * `fit`: trains a classifier on examples for several epochs. It shuffles, augments, measures, keeps the best weights,
 * and with a store it continues where an earlier run stopped.
 */
import { createBatches, examplesOf, type FitBatches } from './batches.ts';
import { firstState, runEpochs, type FitHost, type FitSite } from './loop.ts';
import { bestOf } from './measure.ts';
import type { Examples, FitEpoch, FitOptions, FitPlan, FitResult, FitState, FitTrainer } from './types.ts';

/** What a run keeps besides the trainer. */
interface KeptRun {
  /** Names the examples and settings. */
  readonly run: string;
  readonly state: FitState;
  best?: Uint8Array | undefined;
}

export async function fitClassifier(
  trainer: FitTrainer,
  plan: FitPlan,
  options: FitOptions,
  host: FitHost = usualHost,
): Promise<FitResult> {
  checkFitOptions(plan, options);
  const examples = examplesOf(options.examples);
  const validation = options.validation && examplesOf(options.validation);
  const batches = createBatches(plan, { ...options, examples, validation });
  const kept = await openRun(trainer, plan, options, describeRun(plan, options, examples, validation));
  const site = createSite(trainer, plan, options, batches, kept, host);
  const ending = site.isStopped() ? 'stopped' : await runEpochs(site, kept.state);
  const { state, best } = kept;
  const bestEpoch = bestOf(state.epochs);
  return {
    ending,
    weights: best ?? (await trainer.exportWeights()),
    ...(bestEpoch && { best: bestEpoch }),
    epochs: state.epochs,
    points: state.points,
  };
}

/** Continues the run of the store, or begins a new one. */
async function openRun(
  trainer: FitTrainer,
  { name }: FitPlan,
  { store, otherRun }: FitOptions,
  run: string,
): Promise<KeptRun> {
  const saved = await store?.load();
  if (!saved) return { run, state: firstState() };
  const isOther = saved.run !== undefined && saved.run !== run;
  if (isOther && otherRun === 'forget') return { run, state: firstState() };
  if (isOther)
    throw new Error(
      `${name}.fit: the store holds a run with other examples or settings; \`otherRun: 'forget'\` replaces it\n  found    ${saved.run}\n  expected ${run}`,
    );
  await trainer.loadState(saved.trainer);
  return { run, state: copyState(saved.state), best: saved.best };
}

const copyState = (state: FitState): FitState => JSON.parse(JSON.stringify(state)) as FitState;

/** The facts that decide a run's numbers. A run continues only if they are the same. */
function describeRun(
  { name, batch }: FitPlan,
  { seed = 1, augment: { flip = false, shift = 0 } = {}, lastBatch = 'use' }: FitOptions,
  examples: Examples,
  validation: Examples | undefined,
): string {
  const digests = [examples, ...(validation ? [validation] : [])].map(
    ({ count, labels }) => `${count} examples (${digestOf(labels)})`,
  );
  return `${name}, ${digests.join(' and ')}, batch ${batch}, seed ${seed}, flip ${flip}, shift ${shift}, last batch ${lastBatch}`;
}

/** FNV-1a of the labels. */
function digestOf(labels: ArrayLike<number>): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < labels.length; i++) hash = Math.imul(hash ^ labels[i]!, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function createSite(
  trainer: FitTrainer,
  plan: FitPlan,
  options: FitOptions,
  batches: FitBatches,
  kept: KeptRun,
  { now, pause }: FitHost,
): FitSite {
  const { epochs, schedule, store, saveSeconds = 60, signal, onStep, onEpoch } = options;
  return {
    ...{ trainer, plan, batches, epochs, saveSeconds, now, pause },
    learningRate: schedule ?? (() => trainer.hyperparameters.learningRate),
    async save() {
      const { run, state, best } = kept;
      if (!store) return;
      const saved = { run, state: copyState(state), trainer: await trainer.saveState() };
      await store.save({ ...saved, best });
    },
    async endEpoch(epoch) {
      if (bestOf(kept.state.epochs) === epoch) kept.best = await trainer.exportWeights();
      await onEpoch?.(epoch);
    },
    report: (progress) => onStep?.(progress),
    isStopped: () => signal?.aborted === true,
    isEnough: () => isEnough(kept.state.epochs, options.patience),
  };
}

const isEnough = (epochs: readonly FitEpoch[], patience = Infinity): boolean =>
  epochs.length - (bestOf(epochs)?.epoch ?? 0) >= patience;

function checkFitOptions(
  { name }: FitPlan,
  { epochs, patience, seed, augment, saveSeconds }: FitOptions,
): void {
  checkWhole(name, 'epochs', epochs, 1);
  checkWhole(name, 'patience', patience, 1);
  checkWhole(name, 'seed', seed, 0);
  checkWhole(name, 'augment.shift', augment?.shift, 0);
  if (saveSeconds !== undefined && !(saveSeconds >= 0))
    throw new Error(`${name}.fit: \`saveSeconds\` needs a number of at least 0, got ${saveSeconds}`);
}

function checkWhole(model: string, option: string, value: number | undefined, least: number): void {
  if (value === undefined && option !== 'epochs') return;
  if (!(Number.isSafeInteger(value) && value! >= least))
    throw new Error(`${model}.fit: \`${option}\` needs a whole number of at least ${least}, got ${value}`);
}

const usualHost: FitHost = {
  now: () => (globalThis as unknown as TaskHost).performance.now() / 1000,
  pause: nextTask,
};

/** Part of the globals of Node and of browsers, so that this type-checks without their types. */
interface TaskHost {
  readonly performance: { now(): number };
  readonly setImmediate?: (task: () => void) => void;
  readonly MessageChannel: new () => {
    readonly port1: { onmessage: (() => void) | null; close(): void };
    readonly port2: { postMessage(message: number): void };
  };
}

/** Resolves in a later task. Timers would wait for milliseconds in browsers. */
function nextTask(): Promise<void> {
  const { setImmediate: later, MessageChannel: Channel } = globalThis as unknown as TaskHost;
  return new Promise((resolve) => {
    if (later) return later(resolve);
    const { port1, port2 } = new Channel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
