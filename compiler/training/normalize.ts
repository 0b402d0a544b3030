/**
 * Turns levels into the network's numbers: value = (level * scale - mean) / std, rounded to f32 after every step,
 * exactly as `preprocess` of generated packages does it. Tables suffice, because there are only 256 levels.
 */
import type { Preprocess } from '../frontend/preprocess.ts';
import type { Normalization } from './dataset.ts';

/** One table for each plane of the model's input. */
export type LevelTables = readonly LevelTable[];

export interface LevelTable {
  /** The example's plane that this plane comes from. */
  readonly source: number;
  /** Values by level. */
  readonly values: Float32Array;
}

/** The tables of the model's own normalization; without one, of the data set's. */
export function levelTables(
  preprocess: Preprocess | undefined,
  normalization: Normalization | undefined,
  planes: number,
): LevelTables {
  const { mean, std } = preprocess ?? normalization ?? {};
  const scale = preprocess?.scale ?? 1 / 255;
  return Array.from({ length: planes }, (_, plane) => ({
    // Data sets store red, green, blue.
    source: preprocess?.channels === 'bgr' ? planes - 1 - plane : plane,
    values: tableOf(scale, mean?.[plane] ?? 0, std?.[plane] ?? 1),
  }));
}

function tableOf(scale: number, mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, level) => {
    return Math.fround(Math.fround(level * scale) - Math.fround(mean)) / Math.fround(std);
  });
}
