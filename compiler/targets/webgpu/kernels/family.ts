/**
 * The two families of schedules, and which of them computes a correlation: `blocked` in registers alone, `tiled` in the
 * memory of workgroups where the shape fits. Both read the same panels of weights.
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import type { Grid } from '../../../kernel/types.ts';
import { buildCorrelation, describeTile, type Correlation, type CorrelationBuffers } from './correlate.ts';
import { buildTiled, describeTiled, planTiled } from './tiled.ts';

export type Family = 'blocked' | 'tiled';

export interface CorrelationWay {
  readonly name: string;
  /** A part of the schedule; empty where loops become the grid. */
  readonly grid: { readonly grid?: Grid };
  build(k: KernelBuilder, buffers: CorrelationBuffers): void;
}

/** `what` names the way in registers. */
export function correlationWay(of: Correlation, family: Family, what: string): CorrelationWay {
  const tiled = family === 'tiled' ? planTiled(of) : undefined;
  if (tiled) {
    const { grid } = tiled;
    return {
      name: describeTiled(tiled),
      grid: { grid },
      build: (k, buffers) => buildTiled(k, tiled, buffers),
    };
  }
  return {
    name: `${what}, ${describeTile(of)}`,
    grid: {},
    build: (k, buffers) => buildCorrelation(k, of, buffers),
  };
}
