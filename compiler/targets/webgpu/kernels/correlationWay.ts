/** Which family computes a correlation. Both read the same panels of weights. */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import type { Family } from '../families.ts';
import { buildCorrelation, describeTile, type Correlation, type CorrelationBuffers } from './correlate.ts';
import { buildTiled, describeTiled, planTiled } from './tiled.ts';

export interface CorrelationWay {
  readonly name: string;
  build(k: KernelBuilder, buffers: CorrelationBuffers): void;
}

/** `what` names the way in registers. */
export function correlationWay(of: Correlation, family: Family, what: string): CorrelationWay {
  const tiled = family === 'tiled' ? planTiled(of) : undefined;
  if (tiled) {
    return { name: describeTiled(tiled), build: (k, buffers) => buildTiled(k, tiled, buffers) };
  }
  return {
    name: `${what}, ${describeTile(of)}`,
    build: (k, buffers) => buildCorrelation(k, of, buffers),
  };
}
