/** Every operation's samples and small convolutions over their grids; webgpuInterpreted.slow.test.ts has the others. */
import { describe, it } from 'vitest';
import type { OpName } from '../../compiler/ir/types.ts';
import { definitionOf } from '../../compiler/ops/index.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { describeShape, SHAPES } from '../support/convShapes.ts';
import { alone, caseOf, inside, takesTail, withTail } from '../support/opCases.ts';
import { sampledOps } from './sampleChecks.ts';
import { BLOCKED, checkConvolution, checkOnGrid, isQuick, TILED } from './webgpuInterpreted.ts';

describe('the samples of', () => {
  it.each([
    ...sampledOps.map((op) => [op, 'blocked', BLOCKED] as const),
    ...sampledOps.filter((op) => op in TILED.schedules).map((op) => [op, 'tiled', TILED] as const),
  ])('%s, %s', (op: OpName, _family, target) => {
    for (const sample of definitionOf<OpName>(op).samples) {
      for (const { graph, bindings } of [alone, inside].map((build) => caseOf(op, sample, build)))
        checkOnGrid(target, graph, bindings);
      if (!takesTail(op, sample)) continue;
      const { graph, bindings } = caseOf(op, sample, withTail);
      checkOnGrid(target, fuse.run(graph), bindings, graph);
    }
  });
});

describe('convolutions', () => {
  it.each(SHAPES.filter(isQuick).map((shape) => [describeShape(shape), shape] as const))('%s', (_, shape) =>
    checkConvolution(shape),
  );
});
