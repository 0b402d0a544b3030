/** A file's bytes, or a diagnosis in the name of `subject`. */
import { readFileSync } from 'node:fs';
import { fail } from '../diagnostics/diagnostic.ts';

export function readFile(subject: string, file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    return fail('CNNC5001', subject, { file }, `cannot read the file: ${(error as Error).message}`);
  }
}
