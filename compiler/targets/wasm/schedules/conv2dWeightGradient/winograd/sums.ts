/**
 * Sums over tiles of the products of transformed numbers, and the weights that they are transformed back to. Sums are
 * stored as `[16][I / 8][O][8]`, a chunk of panels of input channels at a time.
 */
import { add, constant, lane, mul, type Operand } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { forPanels } from '../../../../../lowering/shared/blocks.ts';
import { INDEPENDENT, range } from '../../../../../lowering/shared/shorthands.ts';
import { sumVariables, zeroVectors, type Sums } from '../../../../../lowering/shared/sums.ts';
import { addTo } from '../../shared/run.ts';
import { multiplyStep } from '../../shared/tile.ts';
import { INPUTS, inputPanels, OUTPUTS, POSITIONS, SIDE, WORKSPACES, type Building } from './plan.ts';
import { weightElement } from './transforms.ts';

/** Calls `body` with the first panel of input channels of each chunk. */
export function forChunks({ k, geometry, chunk }: Building, body: (first: Expr) => void): void {
  k.for('chunk', 0, inputPanels(geometry), body, { step: chunk });
}

/** Calls `body` for each panel of the chunk, with its number in the chunk and the number of its channels. */
function forInputs({ k, geometry, chunk }: Building, body: (inChunk: Expr, lanes: number) => void): void {
  const extent = Math.min(geometry.channels, chunk * INPUTS);
  forPanels(k, { name: 'inputs', extent, block: INPUTS }, body);
}

/** Multiplies the matrices of each position, and adds the products to the sums unless there is only one block. */
export function multiplyTiles(all: Building, tiles: Operand, chunk: Expr): void {
  const { k, geometry } = all;
  const alongOutputs = (position: Expr, inChunk: Expr, inputs: number): void =>
    k.for(
      'outputs',
      0,
      geometry.outputs / OUTPUTS,
      (panel) => {
        const place = { position, panel, inputs, inChunk, inputPanel: add(chunk, inChunk) };
        storeSums(all, place, sumTile(all, place, tiles));
      },
      INDEPENDENT,
    );
  k.for('position', 0, POSITIONS, (position) =>
    forInputs(all, (inChunk, inputs) => alongOutputs(position, inChunk, inputs)),
  );
}

interface TilePlace {
  readonly position: Expr;
  /** The panels of output and input channels, the latter's number in the chunk, and the number of its channels. */
  readonly panel: Expr;
  readonly inputPanel: Expr;
  readonly inChunk: Expr;
  readonly inputs: number;
}

function sumTile(all: Building, { position, panel, inputPanel, inputs }: TilePlace, tiles: Operand): Sums {
  const { k, blockTiles, inputMatrix, gradientMatrix } = all;
  const sums = sumVariables(k, OUTPUTS, zeroVectors(inputs / 4));
  const operands = { x: WORKSPACES.gradients, offsets: range(OUTPUTS), weights: WORKSPACES.inputs };
  const gAt = k.let('gAt', add(mul(position, gradientMatrix), mul(panel, OUTPUTS * blockTiles)));
  const xAt = k.let('xAt', add(mul(position, inputMatrix), mul(inputPanel, INPUTS * blockTiles)));
  k.for('tile', 0, tiles, (tile) =>
    multiplyStep(k, sums, operands, add(gAt, mul(tile, OUTPUTS)), add(xAt, mul(tile, INPUTS))),
  );
  return sums;
}

function storeSums(all: Building, { position, panel, inChunk }: TilePlace, sums: Sums): void {
  const { k, geometry, sumsMatrix, isSingle } = all;
  const row = add(mul(inChunk, geometry.outputs), mul(panel, OUTPUTS));
  const at = k.let('sumsAt', add(mul(position, sumsMatrix), mul(row, INPUTS)));
  sums.forEach((vectors, r) =>
    vectors.forEach((sum, v) => {
      const to = add(at, r * INPUTS + 4 * v);
      if (isSingle) k.store(WORKSPACES.sums, to, sum);
      else addTo(k, WORKSPACES.sums, to, sum);
    }),
  );
}

/** Computes G^T s G of the sums and stores the weights. */
export function transformSums(all: Building, chunk: Expr): void {
  const { k, geometry } = all;
  forInputs(all, (inChunk, lanes) => {
    const channel = k.let('channel', mul(add(chunk, inChunk), INPUTS));
    const storeOutput = (output: Expr): void => {
      const at = k.let('at', mul(add(mul(inChunk, geometry.outputs), output), INPUTS));
      k.for('lane', 0, lanes, (first) => storeWeights(all, output, add(channel, first), add(at, first)), {
        step: 4,
      });
    };
    k.for('output', 0, geometry.outputs, storeOutput, INDEPENDENT);
  });
}

/** Stores the weights of an output and four input channels, whose sums are at `sumsAt`. */
function storeWeights({ k, site, sumsMatrix }: Building, output: Expr, first: Expr, sumsAt: Expr): void {
  const [channel, at] = [k.let('four', first), k.let('from', sumsAt)];
  const column = (x: number): Expr[] =>
    range(SIDE).map((y) => k.load(WORKSPACES.sums, add(at, (y * SIDE + x) * sumsMatrix), 'f32x4'));
  for (const ky of range(3)) {
    const half = range(SIDE).map((x) => k.let(`h${x}`, weightElement(column(x), ky)));
    for (const kx of range(3)) {
      const weights = k.let(`w${kx}`, weightElement(half, kx));
      for (const i of [0, 1, 2, 3] as const)
        site.output.store([output, add(channel, i), constant(ky), constant(kx)], lane(weights, i));
    }
  }
}
