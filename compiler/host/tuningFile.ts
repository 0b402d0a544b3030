/** The record of `--tune` as a file: read where it exists, written where measuring has added to it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Tuning } from '../driver/host.ts';
import type { TargetRecord } from '../emit/target.ts';
import { loadAssembler } from './browser/assemble.ts';
import { fileReason } from './fileErrors.ts';

/** Opens the tuning of the first target that can be tuned. */
export async function openTuning(file: string, targets: readonly TargetRecord[]): Promise<Tuning> {
  const target = targets.find((one) => one.openTuning !== undefined);
  const recorded = existsSync(file) ? { text: read(file), file } : undefined;
  const opened = target?.openTuning?.(recorded, { assembleNow: await loadAssembler() });
  return {
    choices: new Map(target && opened ? [[target.name, opened.choices]] : []),
    save() {
      const text = opened?.changed();
      if (text === undefined) return;
      try {
        writeFileSync(file, text);
      } catch (error) {
        fail('CNNC5002', 'tuning', { file }, `cannot write the file: ${fileReason(error)}`);
      }
    },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return fail('CNNC5001', 'tuning', { file }, `cannot read the file: ${(error as Error).message}`);
  }
}
