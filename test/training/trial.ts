/** `fit` on a softmax regression, with a store in memory: what the tests of the loop and of its stores run. */
import { fitClassifier } from '../../runtime/training/fit/fit.ts';
import type {
  FitOptions,
  FitResult,
  FitState,
  FitStore,
  SavedFit,
} from '../../runtime/training/fit/types.ts';
import { fitExamples } from '../../compiler/training/fit.ts';
import {
  createSoftmaxTrainer,
  schedules,
  type SoftmaxOptions,
  type SoftmaxTrainer,
} from './softmaxTrainer.ts';
import { stripeData } from './support.ts';

export const EPOCHS = 3;
export const size = { batch: 8, extents: [1, 4, 4], classes: 3 } as const;
export const data = stripeData(90, 12);

export interface Trial {
  readonly loaded: ReturnType<typeof createSoftmaxTrainer>;
  /** What was saved, oldest first. */
  readonly saved: SavedFit[];
  readonly log: string[];
  run(more?: Partial<FitOptions>): Promise<FitResult>;
}

/** Values that are saved as JSON and bytes. */
const copyOf = ({ state, ...saved }: SavedFit): SavedFit => ({
  ...saved,
  state: JSON.parse(JSON.stringify(state)) as FitState,
});

/** A store in memory. `saved` may hold a run already. */
const memoryStore = (saved: SavedFit[]): FitStore => ({
  load: () => Promise.resolve(saved.at(-1)),
  save: (one) => Promise.resolve(void saved.push(copyOf(one))),
  clear: () => Promise.resolve(void saved.splice(0)),
});

interface TrialOptions extends Partial<SoftmaxOptions> {
  readonly stopAfter?: number;
  readonly saved?: SavedFit[];
  readonly now?: () => number;
  /** Another trainer in place of the loaded one. */
  readonly other?: (trainer: SoftmaxTrainer) => SoftmaxTrainer;
}

/** 90 examples: eleven steps an epoch and two examples left over; validation in two batches, the second half full. */
export function createTrial({
  stopAfter = Infinity,
  saved = [],
  now,
  other,
  ...options
}: TrialOptions = {}): Trial {
  const loaded = createSoftmaxTrainer({ ...size, ...options });
  const log: string[] = [];
  let asked = 0;
  const usual: FitOptions = {
    ...fitExamples(data),
    ...{ epochs: EPOCHS, seed: 5, augment: { flip: true }, normalization: data.normalization },
    lastBatch: 'skip',
    schedule: schedules.cosineSchedule(0.02, { steps: EPOCHS * 11 }),
    store: memoryStore(saved),
    signal: {
      get aborted() {
        // The first question comes before the first step.
        return asked++ >= stopAfter;
      },
    },
    onStep: ({ phase, epoch, step, steps }) => void log.push(`${phase} ${epoch} ${step}/${steps}`),
    onEpoch: ({ epoch }) => void log.push(`epoch ${epoch}`),
  };
  const host = { now: now ?? (() => 0), pause: () => Promise.resolve() };
  const trainer = other ? other(loaded.trainer) : loaded.trainer;
  return {
    ...{ loaded, saved, log },
    run: (more) => fitClassifier(trainer, loaded.plan, { ...usual, ...more }, host),
  };
}

export const lastState = ({ saved }: Trial): FitState => saved.at(-1)!.state;
