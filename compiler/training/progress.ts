/**
 * Displays the progress of a training run. On a terminal one line with a bar is rewritten; in a pipe a plain line
 * appears now and then. Both get one line for every epoch.
 */
import { formatDuration } from './curves.ts';
import type { LoopProgress } from './fit.ts';
import type { EpochResult } from './history.ts';

/** A place to display progress, such as the command line's terminal. */
export interface Screen {
  err(text: string): void;
  /** Whether the line may be rewritten. */
  readonly interactive: boolean;
  /** Width of a line. A longer line cannot be rewritten. Default 80. */
  readonly columns?: number;
}

export interface RunSize {
  readonly epochs: number;
  /** Number of examples in a step. */
  readonly batch: number;
  readonly trainSteps: number;
  readonly validationSteps: number;
}

export interface TrainingProgress {
  show(progress: LoopProgress): void;
  endEpoch(result: EpochResult): void;
  /** Prints a line that stays. */
  note(text: string): void;
  /** Removes the rewritten line. A second call does nothing. */
  end(): void;
}

const CLEAR_LINE = '\r\x1b[2K';
/** Longest length of the bar. */
const BAR = 20;
/** Seconds between two lines. */
const INTERVAL = { terminal: 0.1, pipe: 30 };

/** Creates the display. `now` returns seconds. */
export function createTrainingProgress(screen: Screen, size: RunSize, now: () => number): TrainingProgress {
  const clock = createClock(size, now);
  const interval = screen.interactive ? INTERVAL.terminal : INTERVAL.pipe;
  let shownAt = now();
  let isShown = false;
  const end = (): void => {
    if (isShown) screen.err(CLEAR_LINE);
    isShown = false;
  };
  const note = (text: string): void => {
    end();
    screen.err(`${text}\n`);
  };
  return {
    note,
    end,
    show(progress) {
      clock.count(progress);
      if (now() - shownAt < interval) return;
      shownAt = now();
      if (screen.interactive) {
        const line = progressLine(progress, size, clock, (screen.columns ?? 80) - 1);
        screen.err(CLEAR_LINE + line);
      } else screen.err(`${progressLine(progress, size, clock, Infinity)}\n`);
      isShown = screen.interactive;
    },
    endEpoch: (result) => note(epochLine(result, size.epochs)),
  };
}

interface Clock {
  count(progress: LoopProgress): void;
  imagesPerSecond(phase: LoopProgress['phase']): number;
  secondsLeft(progress: LoopProgress): number;
}

/** Measures the two phases separately, because a validation step has no backward pass. */
function createClock({ epochs, batch, trainSteps, validationSteps }: RunSize, now: () => number): Clock {
  const spent = { train: { seconds: 0, steps: 0 }, validate: { seconds: 0, steps: 0 } };
  let before = now();
  const perStep = (phase: LoopProgress['phase']): number => {
    const { seconds, steps } = spent[phase];
    if (steps > 0) return seconds / steps;
    // Before there is a measurement: a validation step does a third of the work.
    return phase === 'validate' && spent.train.steps > 0 ? perStep('train') / 3 : 0;
  };
  return {
    count({ phase }) {
      spent[phase].seconds += now() - before;
      spent[phase].steps++;
      before = now();
    },
    imagesPerSecond: (phase) => (perStep(phase) > 0 ? batch / perStep(phase) : 0),
    secondsLeft({ phase, epoch, step }) {
      const more = epochs - epoch;
      const train = more * trainSteps + (phase === 'train' ? trainSteps - step : 0);
      const validate = more * validationSteps + validationSteps - (phase === 'validate' ? step : 0);
      return train * perStep('train') + validate * perStep('validate');
    },
  };
}

const formatAccuracy = (accuracy: number): string => `${(accuracy * 100).toFixed(2)} %`;

/** The progress as one line. The bar takes the remaining space. */
function progressLine(progress: LoopProgress, { epochs }: RunSize, clock: Clock, columns: number): string {
  const { phase, epoch, step, steps, loss, accuracy } = progress;
  const rate = clock.imagesPerSecond(phase);
  const head = `epoch ${epoch}/${epochs} ${phase === 'train' ? 'train' : 'check'}`;
  const numbers = [
    `loss ${loss.toFixed(4)}`,
    `accuracy ${formatAccuracy(accuracy)}`,
    `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} images/s`,
    `${formatDuration(clock.secondsLeft(progress))} left`,
  ].join('  ');
  const room = Math.min(BAR, columns - head.length - numbers.length - 5);
  const filled = Math.floor((step / steps) * room);
  const bar = room >= 4 ? ` [${'#'.repeat(filled)}${'-'.repeat(room - filled)}]` : '';
  return `${head}${bar}  ${numbers}`.slice(0, columns);
}

function epochLine(
  { epoch, training, validation, learningRate, seconds }: EpochResult,
  epochs: number,
): string {
  const digits = String(epochs).length;
  return [
    `epoch ${String(epoch).padStart(digits)}/${epochs}`,
    `training loss ${training.loss.toFixed(4)}, accuracy ${formatAccuracy(training.accuracy)}`,
    `validation loss ${validation.loss.toFixed(4)}, accuracy ${formatAccuracy(validation.accuracy)}`,
    `rate ${Number(learningRate.toPrecision(3))}`,
    formatDuration(seconds),
  ].join('  ');
}
