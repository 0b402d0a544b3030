/**
 * The table of graph passes: the pipelines in which each runs, the passes that must come before it, and why. A new
 * pass needs its file and an entry here.
 */
import { bandRows } from './bandRows.ts';
import { expandBatchNorm } from './expandBatchNorm.ts';
import { foldConstants } from './foldConstants.ts';
import { foldPad } from './foldPad.ts';
import { foldScale } from './foldScale.ts';
import { foldScaleAhead } from './foldScaleAhead.ts';
import { fuse } from './fuse.ts';
import { orderForMemoryIn } from './orderForMemory.ts';
import { removeDeadNodes } from './removeDeadNodes.ts';
import { shareSubexpressions } from './shareSubexpressions.ts';
import { simplify } from './simplify.ts';
import { sinkScale } from './sinkScale.ts';
import {
  checkedTable,
  passNames,
  selectPasses,
  type PassContext,
  type PassEntry,
  type PassNames,
  type Pipeline,
  type Requirement,
} from './table.ts';
import type { Pass } from './types.ts';

/** Pipelines whose passes see the whole graph, before it is changed for kernels. */
const GRAPHS = ['inference', 'export', 'training'] as const;
const KERNELS = ['inference', 'trainingTail'] as const;

const entry = (
  pass: Pass,
  pipelines: readonly Pipeline[],
  requirements: readonly Requirement[] = [],
): PassEntry => ({
  name: pass.name,
  create: () => pass,
  pipelines,
  after: requirements,
  optional: true,
});

const after = (required: PassEntry, because: string): Requirement => ({ entry: required, because });

const unread = entry(removeDeadNodes, GRAPHS);
const constants = entry(foldConstants, GRAPHS, [
  after(unread, 'what is not read need not be computed, as gradients that were not asked for'),
]);
const simplified = entry(simplify, GRAPHS, [after(constants, 'it looks for operands that are constants')]);
const replaced = entry(removeDeadNodes, GRAPHS, [
  after(simplified, 'the passes that follow count readers, and what was replaced is none'),
]);
const shared = entry(shareSubexpressions, GRAPHS, [
  after(simplified, 'more expressions are equal when they are simplified'),
]);
const pads = entry(foldPad, GRAPHS, [after(simplified, 'two pads in a row are one by then')]);
const norms = entry(expandBatchNorm, GRAPHS, [
  after(shared, 'one node is compared more easily than the arithmetic that it becomes'),
]);
const scales = entry(foldScale, GRAPHS, [
  after(norms, 'an expanded batch norm is a factor and a summand'),
  after(replaced, 'a layer takes a factor where it has no other reader'),
]);
const sunk = entry(sinkScale, GRAPHS, [
  after(scales, 'only what no layer before it takes moves to where there are fewer elements'),
]);
const ahead = entry(foldScaleAhead, GRAPHS, [
  after(sunk, 'sunk factors reach the linear layer that follows a pooling or a flatten'),
]);
const again: PassEntry = {
  name: 'recompute',
  create: ({ recompute }) => recompute && { name: 'recompute', run: recompute },
  pipelines: ['trainingTail'],
  after: [after(shared, 'sharing would make one value of the two again')],
  // Only a compile with a memory limit uses this pass, and it needs it.
  optional: false,
};
const fused = entry(fuse, KERNELS, [
  after(pads, 'a convolution pads for nothing, a fused pad is a kernel'),
  after(ahead, 'passes do not look into the bodies of fusions'),
  after(again, 'passes do not look into the bodies of fusions'),
]);
const bands = entry(
  bandRows,
  ['inference'],
  [after(fused, 'only what is still a value of its own may run band by band')],
);
const ordered: PassEntry = {
  name: 'orderForMemory',
  create: ({ order = {} }) => orderForMemoryIn(order),
  pipelines: KERNELS,
  after: [
    after(fused, 'a fusion is one step and needs no memory inside'),
    after(bands, 'bands are steps as well'),
    after(again, 'copies for the backward pass are steps as well'),
  ],
  optional: true,
};

const TABLE = checkedTable([
  unread,
  constants,
  simplified,
  replaced,
  shared,
  pads,
  norms,
  scales,
  sunk,
  ahead,
  again,
  fused,
  bands,
  ordered,
]);

/** The passes of a pipeline, in order. */
export const passesFor = (pipeline: Pipeline, context: PassContext = {}): readonly Pass[] =>
  selectPasses(TABLE, pipeline, context);

export const graphPassNames: PassNames = passNames(TABLE);
