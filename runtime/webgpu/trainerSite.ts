/** What the parts of a trainer on WebGPU share: its session, and what was submitted and is not done. */
import type { Named, NumberArray } from '../arrays.ts';
import type { NamedParameter } from '../training/parameters.ts';
import type { HalvesPart } from '../training/trainer.ts';
import type { GpuSession, RecordPass, Submission } from './session.ts';
import type { GpuTraining } from './training.ts';

export interface TrainerSite {
  readonly session: GpuSession;
  readonly training: GpuTraining;
  /** Arrays in which what is stored goes to and comes from files. */
  readonly mirrors: readonly NamedParameter[];
  /** What was submitted and not yet waited for. */
  readonly pending: Promise<unknown>[];
  readonly state: { given: Named<NumberArray>; halves?: HalvesPart };
}

/** Does not wait; what the GPU refuses is thrown by `settle`. */
export function submit(
  trainer: TrainerSite,
  call: string,
  record: RecordPass,
  submission?: Submission,
): void {
  const { session, training, pending } = trainer;
  const accepted = session.submit(`${training.name}.${call}`, record, submission);
  // Until then it needs a handler: a rejection without one ends the process in Node.
  accepted.catch(() => undefined);
  pending.push(accepted);
}

/** Waits for all that was submitted; throws what the GPU refused. */
export async function settle({ pending }: TrainerSite): Promise<void> {
  await Promise.all(pending.splice(0));
}

export async function runAndSettle<T>(trainer: TrainerSite, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    await settle(trainer);
  }
}
