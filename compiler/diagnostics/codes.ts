/**
 * The codes of all errors: one for each kind of mistake. Users search for them and programs compare them, so a code
 * keeps its meaning for good: it is never renumbered, and the code of an error that no longer exists is not used again.
 */
import { COMMAND_CODES } from './codes/commands.ts';
import { FORMAT_CODES } from './codes/formats.ts';
import { MODEL_CODES } from './codes/models.ts';
import { PACKAGE_CODES } from './codes/packages.ts';
import { TARGET_CODES } from './codes/targets.ts';
import { TRAINING_CODES } from './codes/training.ts';
import type { CodeEntry } from './codes/types.ts';
import { WEIGHT_CODES } from './codes/weights.ts';

const TABLES = {
  ...MODEL_CODES,
  ...WEIGHT_CODES,
  ...FORMAT_CODES,
  ...COMMAND_CODES,
  ...PACKAGE_CODES,
  ...TRAINING_CODES,
  ...TARGET_CODES,
};

export type ErrorCode = keyof typeof TABLES;

export const ERROR_CODES: Readonly<Record<ErrorCode, CodeEntry>> = TABLES;

/** The first digit of a code after `CNNC`, and what its errors are about. */
export const ERROR_AREAS: Readonly<Record<string, string>> = {
  1: 'Model files and layers',
  2: 'Weights and checkpoints',
  3: 'Importing and exporting other formats',
  4: 'Command line and options',
  5: 'Packages, folders and images',
  6: 'Training and data sets',
  7: 'Targets, memory and tuning',
};
