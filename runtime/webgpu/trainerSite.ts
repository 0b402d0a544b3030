/**
 * The state that the parts of a trainer on WebGPU share: its session, and submissions that the GPU has not accepted
 * yet.
 */
import type { Named, NumberArray } from '../arrays.ts';
import type { NamedParameter } from '../training/parameters.ts';
import type { HalvesPart } from '../training/trainer.ts';
import type { GpuSession, RecordPass, Submission } from './session.ts';
import type { GpuTraining } from './training.ts';

export interface TrainerSite {
  readonly session: GpuSession;
  readonly training: GpuTraining;
  /** Arrays for parameters that are read from files or written to them. */
  readonly mirrors: readonly NamedParameter[];
  /** Submissions that have not been awaited yet. */
  readonly pending: Promise<unknown>[];
  readonly state: { given: Named<NumberArray>; halves?: HalvesPart };
}

/** Submits without waiting. `settle` throws the error if the GPU rejects the submission. */
export function submit(
  trainer: TrainerSite,
  call: string,
  record: RecordPass,
  submission?: Submission,
): void {
  const { session, training, pending } = trainer;
  const accepted = session.submit(`${training.name}.${call}`, record, submission);
  // Needs a handler until then, because an unhandled rejection ends the process in Node.
  accepted.catch(() => undefined);
  pending.push(accepted);
}

/** Waits until the GPU has accepted all submissions; throws the first error. */
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
