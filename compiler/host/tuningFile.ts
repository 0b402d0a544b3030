/** The record of `--tune` as a file: read where it exists, written where measuring has added to it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Tuning } from '../driver/host.ts';
import { readRecord, writeRecord } from '../targets/wasm/tuning/record.ts';
import { createTuner } from '../targets/wasm/tuning/tuner.ts';
import { assembleNow } from './assemblerProcess.ts';

export function openTuning(file: string): Tuning {
  const record = existsSync(file) ? readRecord(read(file), file) : new Map();
  const tuner = createTuner(record, { assemble: assembleNow });
  return {
    choose: tuner.choose,
    save() {
      if (!tuner.hasMeasured()) return;
      try {
        writeFileSync(file, writeRecord(record));
      } catch (error) {
        fail('tuning', { file }, `cannot be written: ${(error as Error).message}`);
      }
    },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return fail('tuning', { file }, `cannot be read: ${(error as Error).message}`);
  }
}
