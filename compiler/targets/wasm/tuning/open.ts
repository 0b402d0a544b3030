/** The target's tuning, for `--tune`: earlier measurements from a record, and new ones, which are added to it. */
import type { RecordedTuning, Tuning, TuningTools } from '../../../emit/target.ts';
import { type TuningRecord, readRecord, writeRecord } from './record.ts';
import { createTuner } from './tuner.ts';

export function openTuning(recorded: RecordedTuning | undefined, { assembleNow }: TuningTools): Tuning {
  const record = recorded ? readRecord(recorded.text, recorded.file) : (new Map() as TuningRecord);
  const tuner = createTuner(record, { assemble: assembleNow });
  return {
    choices: tuner.choose,
    changed: () => (tuner.hasMeasured() ? writeRecord(record) : undefined),
  };
}
