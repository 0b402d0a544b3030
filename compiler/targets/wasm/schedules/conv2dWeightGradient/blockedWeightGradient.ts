/**
 * A convolution's weight gradient as products of panels: 4 output x 8 input channels of one element of the kernel stay in
 * registers while the pixels of a block pass, one a step.
 *
 *     for each block of pixels: pack panels of the input and of the gradient
 *       for each panel of 8 input channels, element of the kernel, panel of 4 output channels
 *         for each pixel: sums[4][8] += gradient[4] x input[8]
 *
 * Sums lie [groups][C / 8][KH][KW][O / 4][4][8] between the blocks.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, lane, mul, sub } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forPanels } from '../../../../lowering/shared/blocks.ts';
import { areaOf } from '../../../../lowering/shared/convolution.ts';
import { INDEPENDENT, range } from '../../../../lowering/shared/shorthands.ts';
import { sumVariables, zeroVectors, type Sums } from '../../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { fillPanels, panelCount, panelLength, panelsLength, type Panels } from '../shared/panels.ts';
import { multiplyStep } from '../shared/tile.ts';
import { rowsOfBlock, sumBlocks, sumsWorkspace } from './tileSums.ts';
import {
  inputColumns,
  inputRows,
  pixelBlock,
  placedWeightGradient,
  type PixelBlock,
  type WeightGradientGeometry,
} from './weightGradientPlan.ts';

type Request = ScheduleRequest<'conv2dWeightGradient'>;

const OUTPUTS = 4;
const [INPUT, GRADIENT] = ['inputPanels', 'gradientPanels'];

interface Plan {
  readonly geometry: WeightGradientGeometry;
  readonly block: PixelBlock;
  readonly input: Panels;
  readonly gradient: Panels;
}

export function blockedWeightGradientSchedule(request: Request): Schedule<'conv2dWeightGradient'> {
  const plan = planBlocked(placedWeightGradient(request));
  const { geometry, block, input, gradient } = plan;
  const pixels = block.images > 1 ? `${block.images} images` : `${block.rows} rows`;
  return {
    name: `blocked, ${OUTPUTS} x ${input.block} channels, ${pixels}`,
    inputLayouts: request.inputLayouts,
    outputLayout: request.outputLayout,
    workspaces: [
      { name: INPUT, length: panelsLength(input) },
      { name: GRADIENT, length: panelsLength(gradient) },
      ...sumsWorkspace(block, geometry, sumsLength(plan)),
    ],
    build: (site, k) => buildBlocked({ ...plan, k, site }),
  };
}

function planBlocked(geometry: WeightGradientGeometry): Plan {
  const { channels, outputs, groups, window, outWidth } = geometry;
  const lanes = channels <= 4 ? 4 : 8;
  const block = pixelBlock(geometry, lanes);
  const shared = { images: block.images, groups };
  const input: Panels = {
    ...{ ...shared, workspace: INPUT, channels, block: lanes, left: window.padding[1] },
    ...{ rows: inputRows(geometry, block.rows), columns: inputColumns(geometry) },
  };
  const gradient: Panels = {
    ...{ ...shared, workspace: GRADIENT, channels: outputs, block: OUTPUTS, left: 0 },
    ...{ rows: block.rows, columns: outWidth },
  };
  return { geometry, block, input, gradient };
}

/** Of one panel of input channels and one element of the kernel. */
const tapLength = ({ gradient, input }: Plan): number => panelCount(gradient) * OUTPUTS * input.block;
const sumsLength = (plan: Plan): number =>
  plan.geometry.groups * panelCount(plan.input) * areaOf(plan.geometry.window) * tapLength(plan);

interface Blocked extends Plan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2dWeightGradient'>;
}

const buildBlocked = (all: Blocked): void =>
  sumBlocks<Tile>(all.k, {
    ...{ geometry: all.geometry, block: all.block, length: sumsLength(all) },
    pack: (image, firstRow) => pack(all, image, firstRow),
    forEachTile: (body) => forEachTile(all, body),
    sumTile: (tile, firstRow) => sumTile(all, tile, firstRow),
    placesOf: (tile) => placesOf(all, tile),
    vectorsOf: ({ inputs }) => Math.ceil(inputs / 4),
    storeTile: (tile, sums) => storeTile(all, tile, sums),
  });

function pack({ k, site, geometry, block, input, gradient }: Blocked, image: Expr, firstRow: Expr): void {
  const { window, height, width, outHeight, outWidth } = geometry;
  const [x, g] = site.inputs.map(({ place }) => place.buffer);
  const packInput = (at: Expr): void => {
    const source = { buffer: x!, strides: geometry.input, height, width };
    const first = k.let('top', sub(mul(firstRow, window.stride[0]), window.padding[0]));
    const start = k.let('image', mul(add(image, at), geometry.input.image));
    fillPanels(k, input, source, { start, first, at });
  };
  const packGradient = (at: Expr): void => {
    const source = { buffer: g!, strides: geometry.gradient, height: outHeight, width: outWidth };
    const start = k.let('image', mul(add(image, at), geometry.gradient.image));
    fillPanels(k, gradient, source, { start, first: firstRow, at });
  };
  k.for('packed', 0, block.images, packInput, INDEPENDENT);
  k.for('packed', 0, block.images, packGradient, INDEPENDENT);
}

interface Tile {
  readonly group: Expr;
  /** Number of the input's and of the gradient's panel in the group, and channels that they really have. */
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

/** Over the pixels of the block. */
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
          { x: GRADIENT, offsets: sums.map((_, o) => o), weights: INPUT },
          add(g, mul(column, OUTPUTS)),
          add(x, mul(column, window.stride[1] * across)),
        ),
      );
    }),
  );
  return sums;
}

/** Where the sums of each of the tile's outputs lie between the blocks. */
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
