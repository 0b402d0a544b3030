/** Chooses the family that computes a correlation. Both families read the same panels of weights. */
import type { OpName } from '../../../../../ir/types.ts';
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import type { Workspace } from '../../../../../lowering/target.ts';
import type { Site } from '../../../../../ops/types.ts';
import type { Family } from '../../../families.ts';
import { buildCorrelation, describeTile, type Correlation, type CorrelationBuffers } from './correlate.ts';
import { buildTiled, describeTiled, planTiled } from './tiled.ts';
import { buildParts, partsWorkspace, planParts } from './tiledParts.ts';

export interface CorrelationWay {
  readonly name: string;
  readonly workspaces: readonly Workspace[];
  build(k: KernelBuilder, buffers: CorrelationBuffers): void;
}

/** Builds the kernel of a node whose operands are the source, the weights and perhaps a bias. */
export const buildWay = (
  way: CorrelationWay,
  { inputs, output }: Pick<Site<OpName>, 'inputs'> & Pick<CorrelationBuffers, 'output'>,
  k: KernelBuilder,
): void => {
  const [source, weights, bias] = inputs.map(({ place }) => place.buffer) as [string, string, string?];
  way.build(k, { source, weights, bias, output });
};

/** The way to compute a correlation. `what` is the name of the way in registers. */
export function correlationWay(of: Correlation, family: Family, what: string): CorrelationWay {
  const tiled = family === 'tiled' ? planTiled(of) : undefined;
  if (tiled) {
    const inParts = planParts(of, tiled);
    if (inParts)
      return {
        name: describeTiled(inParts),
        workspaces: [partsWorkspace(inParts)],
        build: (k, buffers) => buildParts(k, inParts, buffers),
      };
    return {
      ...{ name: describeTiled(tiled), workspaces: [] },
      build: (k, buffers) => buildTiled(k, tiled, buffers),
    };
  }
  return {
    ...{ name: `${what}, ${describeTile(of)}`, workspaces: [] },
    build: (k, buffers) => buildCorrelation(k, of, buffers),
  };
}
