/**
 * A convolution's weight gradient as products of panels. The sums of 4 output x 8 input channels for one element of the
 * kernel stay in registers during a loop over the pixels of a block.
 *
 *     for each block of pixels: pack panels of the input and of the gradient
 *       for each panel of 8 input channels, element of the kernel, panel of 4 output channels
 *         for each pixel: sums[4][8] += gradient[4] x input[8]
 *
 * Between blocks the sums are stored as [groups][C / 8][KH][KW][O / 4][4][8].
 */
import { add, lane, mul, sub } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forPanels } from '../../../../lowering/shared/blocks.ts';
import { areaOf } from '../../../../lowering/shared/convolution.ts';
import { INDEPENDENT, range } from '../../../../lowering/shared/shorthands.ts';
import { sumVariables, zeroVectors, type Sums } from '../../../../lowering/shared/sums.ts';
import type { Schedule } from '../../../../lowering/target.ts';
import { fillPanels, panelCount, panelLength, panelsLength, type Panels } from '../shared/panels.ts';
import { multiplyStep } from '../shared/tile.ts';
import { gradientPanels, packGradient, rowsOfBlock, sumsSchedule } from './tileSums.ts';
import type { Building, SummedPlan, SummedTiles } from './tileSums.ts';
import { inputUnder, pixelBlock, placedWeightGradient } from './weightGradientPlan.ts';
import type { WeightGradientGeometry, WeightGradientRequest } from './weightGradientPlan.ts';

const OUTPUTS = 4;
const INPUT = 'inputPanels';

type Plan = SummedPlan & { readonly input: Panels };

export function blockedWeightGradientSchedule(
  request: WeightGradientRequest,
): Schedule<'conv2dWeightGradient'> {
  const plan = planBlocked(placedWeightGradient(request));
  const { block, input } = plan;
  const pixels = block.images > 1 ? `${block.images} images` : `${block.rows} rows`;
  const name = `blocked, ${OUTPUTS} x ${input.block} channels, ${pixels}`;
  return sumsSchedule(name, request, plan, TILES, { name: INPUT, length: panelsLength(input) });
}

function planBlocked(geometry: WeightGradientGeometry): Plan {
  const { channels, groups } = geometry;
  const lanes = channels <= 4 ? 4 : 8;
  const block = pixelBlock(geometry, lanes);
  const input: Panels = {
    ...{ workspace: INPUT, images: block.images, groups, channels, block: lanes },
    ...inputUnder(geometry, block.rows),
  };
  return { geometry, block, input, gradient: gradientPanels(geometry, block, OUTPUTS) };
}

/** The length of the sums for one panel of input channels and one element of the kernel. */
const tapLength = ({ gradient, input }: Plan): number => panelCount(gradient) * OUTPUTS * input.block;
const sumsLength = (plan: Plan): number =>
  plan.geometry.groups * panelCount(plan.input) * areaOf(plan.geometry.window) * tapLength(plan);

type Blocked = Building<Plan>;

function pack(all: Blocked, image: Expr, firstRow: Expr): void {
  const { k, site, geometry, block, input } = all;
  const { window, height, width } = geometry;
  const { buffer } = site.inputs[0]!.place;
  const packInput = (at: Expr): void => {
    const first = k.let('top', sub(mul(firstRow, window.stride[0]), window.padding[0]));
    const start = k.let('image', mul(add(image, at), geometry.input.image));
    fillPanels(k, input, { buffer, strides: geometry.input, height, width }, { start, first, at });
  };
  const packOutput = (at: Expr): void => {
    const start = k.let('image', mul(add(image, at), geometry.gradient.image));
    packGradient(all, { start, first: firstRow, at });
  };
  k.for('packed', 0, block.images, packInput, INDEPENDENT);
  k.for('packed', 0, block.images, packOutput, INDEPENDENT);
}

interface Tile {
  readonly group: Expr;
  /** The numbers of the input's and the gradient's panel in the group, and their channels without padding. */
  readonly inputPanel: Expr;
  readonly inputs: number;
  readonly outputPanel: Expr;
  readonly outputs: number;
  readonly ky: Expr;
  readonly kx: Expr;
}

function forEachTile({ k, geometry, input, gradient }: Blocked, body: (tile: Tile) => void): void {
  const { window, groups } = geometry;
  const along = (name: string, { channels, block }: Panels) => ({ name, extent: channels, block });
  const inPanel = (group: Expr, inputPanel: Expr, inputs: number): void =>
    k.for('ky', 0, window.kernel[0], (ky) =>
      k.for('kx', 0, window.kernel[1], (kx) =>
        forPanels(k, along('outputs', gradient), (outputPanel, outputs) =>
          body({ group, inputPanel, inputs, outputPanel, outputs, ky, kx }),
        ),
      ),
    );
  const inGroup = (group: Expr): void =>
    forPanels(k, along('inputs', input), (panel, lanes) => inPanel(group, panel, lanes));
  k.for('group', 0, groups, inGroup, INDEPENDENT);
}

/** Sums a tile over the pixels of the block. */
function sumTile({ k, geometry, block, input, gradient }: Blocked, tile: Tile, firstRow: Expr): Sums {
  const { window, outHeight, outWidth } = geometry;
  const sums = sumVariables(k, tile.outputs, zeroVectors(Math.ceil(tile.inputs / 4)));
  const panelOf = (panels: Panels, panel: Expr): Expr =>
    mul(add(mul(tile.group, panelCount(panels)), panel), panelLength(panels));
  const [down, across] = [input.columns * input.block, input.block];
  const tap = add(mul(tile.ky, window.dilation[0] * down), mul(tile.kx, window.dilation[1] * across));
  const xAt = k.let('xAt', add(panelOf(input, tile.inputPanel), tap));
  const gAt = k.let('gAt', panelOf(gradient, tile.outputPanel));
  const rows = rowsOfBlock(block.rows, outHeight, firstRow);
  k.for('i', 0, block.images, (i) =>
    k.for('row', 0, rows, (row) => {
      const xRow = add(xAt, add(mul(i, input.rows * down), mul(row, window.stride[0] * down)));
      const gRow = add(gAt, mul(add(mul(i, block.rows), row), outWidth * OUTPUTS));
      const [x, g] = [k.let('xRow', xRow), k.let('gRow', gRow)];
      k.for('column', 0, outWidth, (column) =>
        multiplyStep(
          k,
          sums,
          { x: gradient.workspace, offsets: sums.map((_, o) => o), weights: INPUT },
          add(g, mul(column, OUTPUTS)),
          add(x, mul(column, window.stride[1] * across)),
        ),
      );
    }),
  );
  return sums;
}

/** The indices at which the sums of each output of the tile are stored between blocks. */
function placesOf(all: Blocked, { group, inputPanel, outputPanel, outputs, ky, kx }: Tile): Expr[] {
  const { k, geometry, input } = all;
  const panel = add(mul(group, panelCount(input)), inputPanel);
  const element = add(mul(ky, geometry.window.kernel[1]), kx);
  const tap = mul(add(mul(panel, areaOf(geometry.window)), element), tapLength(all));
  const at = k.let('sumsAt', add(tap, mul(outputPanel, OUTPUTS * input.block)));
  return range(outputs).map((o) => add(at, o * input.block));
}

function storeTile({ site, geometry, input }: Blocked, tile: Tile, sums: Sums): void {
  const output = add(mul(tile.group, geometry.outputs), mul(tile.outputPanel, OUTPUTS));
  const channel = mul(tile.inputPanel, input.block);
  sums.forEach((vectors, o) => {
    for (let i = 0; i < tile.inputs; i++) {
      const value = lane(vectors[i >> 2]!, (i & 3) as 0 | 1 | 2 | 3);
      site.output.store([add(output, o), add(channel, i), tile.ky, tile.kx], value);
    }
  });
}

const TILES: SummedTiles<Plan, Tile> = {
  ...{ sumsLength, pack, forEachTile, sumTile, placesOf, storeTile },
  lanesOf: ({ inputs }) => inputs,
};
