/**
 * The strip of the output's gradient that an input gradient reads: the rows for some pixels of every phase
 * (gradientPhases.ts), with zeros around the image.
 */
import { reachOf, type GradientPhase } from '../../../../lowering/shared/gradientPhases.ts';
import { rowsOfStrips, type Strip } from '../shared/strip.ts';

export interface GradientStrip {
  /** Rows of a phase's pixels in one strip. */
  readonly stripRows: number;
  readonly strip: Strip;
}

/** A strip of at most `bytes`, if that is not the default. */
export function gradientStrip(
  workspace: string,
  rows: readonly GradientPhase[],
  columns: readonly GradientPhase[],
  channels: number,
  bytes?: number,
): GradientStrip {
  const [down, across] = [reachOf(rows), reachOf(columns)];
  const stripColumns = across.count - 1 + across.to - across.from;
  const halo = down.to - down.from - 1;
  const stripRows = rowsOfStrips(down.count, stripColumns * channels, halo, bytes);
  const strip = { workspace, rows: stripRows + halo, columns: stripColumns, channels, left: -across.from };
  return { stripRows, strip };
}
