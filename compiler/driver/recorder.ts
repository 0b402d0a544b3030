/** What a compile reports while it runs: the graphs at every stage, and the time that each stage takes. */
import { createTimer, type Timer } from '../diagnostics/timer.ts';
import type { Graph } from '../ir/types.ts';
import type { KernelPassOptions } from '../lowering/kernelPasses.ts';
import type { PassHooks } from '../passes/run.ts';

export interface Stage {
  /** `00-model`, `07-expandBatchNorm`. */
  readonly name: string;
  readonly graph: Graph;
}

export interface Recorder {
  readonly timer: Timer;
  /** Whether programs keep their kernels at every stage, for a dump. */
  readonly keepsKernels: boolean;
  /** Grows while the compile runs. */
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

/** Names of stages from `from` on, each with its number: `training-` becomes `training-03-simplify`. */
export function numbered({ note }: Recorder, prefix: string, from = 0): (name: string, graph: Graph) => void {
  let next = from;
  return (name, graph) => note({ name: `${prefix}${String(next++).padStart(2, '0')}-${name}`, graph });
}

/** Lowering without the disabled kernel passes, which measures the others. */
export const kernelPassOptions = (
  { timer, keepsKernels }: Recorder,
  disabled: ReadonlySet<string>,
): KernelPassOptions => ({
  disabled,
  keepsStages: keepsKernels,
  time: (pass, run) => timer.time('kernel passes', pass, run),
});

/** Hooks that measure passes; `after` is called with the graph after each. */
export const passHooks = ({ timer }: Recorder, after?: PassHooks['after']): PassHooks => ({
  after,
  time: (stage, run) => timer.time('graph passes', stage, run),
});
