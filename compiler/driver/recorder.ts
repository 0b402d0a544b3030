/** Notes what a compile does: the graphs at every stage, and the time of each stage. */
import { createTimer, type Timer } from '../diagnostics/timer.ts';
import type { Graph } from '../ir/types.ts';
import type { KernelPassOptions } from '../lowering/kernelPasses.ts';
import type { PassHooks } from '../passes/run.ts';

/** The graph at one stage of the compile. */
export interface Stage {
  /** The stage's name: `00-model`, `07-expandBatchNorm`. */
  readonly name: string;
  readonly graph: Graph;
}

export interface Recorder {
  readonly timer: Timer;
  /** Whether programs keep their kernels of every stage, for a dump. */
  readonly keepsKernels: boolean;
  /** The stages so far. */
  readonly stages: readonly Stage[];
  note(stage: Stage): void;
}

export function createRecorder(onStage: (stage: Stage) => void = () => {}, keepsKernels = false): Recorder {
  const stages: Stage[] = [];
  return {
    timer: createTimer(),
    keepsKernels,
    stages,
    note(stage) {
      stages.push(stage);
      onStage(stage);
    },
  };
}

/** Returns a function that notes stages with numbers from `from` on: `training-` becomes `training-03-simplify`. */
export function numbered({ note }: Recorder, prefix: string, from = 0): (name: string, graph: Graph) => void {
  let next = from;
  return (name, graph) => note({ name: `${prefix}${String(next++).padStart(2, '0')}-${name}`, graph });
}

/** Options of lowering: which kernel passes are disabled, and a timer for the others. */
export const kernelPassOptions = (
  { timer, keepsKernels }: Recorder,
  disabled: ReadonlySet<string>,
): KernelPassOptions => ({
  disabled,
  keepsStages: keepsKernels,
  time: (pass, run) => timer.time('kernel passes', pass, run),
});

/** Hooks that time passes. `after` is called with the graph after each pass. */
export const passHooks = ({ timer }: Recorder, after?: PassHooks['after']): PassHooks => ({
  after,
  time: (stage, run) => timer.time('graph passes', stage, run),
});
