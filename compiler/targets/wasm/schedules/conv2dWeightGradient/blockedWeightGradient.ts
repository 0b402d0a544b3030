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
import {
  add,
  constant,
  f32Const,
  lane,
  min,
  mul,
  splat,
  sub,
  type Operand,
} from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { fillPanels, panelCount, panelLength, panelsLength, type Panels } from '../shared/panels.ts';
import { clearRun } from '../shared/run.ts';
import { multiplyStep, type Sums } from '../shared/tile.ts';
import {
  inputColumns,
  inputRows,
  isSingle,
  pixelBlock,
  weightGradientGeometry,
  type PixelBlock,
  type WeightGradientGeometry,
} from './weightGradientPlan.ts';

type Request = ScheduleRequest<'conv2dWeightGradient'>;

const OUTPUTS = 4;
const [INPUT, GRADIENT, SUMS] = ['inputPanels', 'gradientPanels', 'sums'];

interface Plan {
  readonly geometry: WeightGradientGeometry;
  readonly block: PixelBlock;
  readonly input: Panels;
  readonly gradient: Panels;
  /** All pixels are one block: sums go straight to the result. */
  readonly isSingle: boolean;
}

export function blockedWeightGradientSchedule(request: Request): Schedule<'conv2dWeightGradient'> {
  const plan = planBlocked(weightGradientGeometry(request));
  const { block, input, gradient } = plan;
  const pixels = block.images > 1 ? `${block.images} images` : `${block.rows} rows`;
  const sums = plan.isSingle ? [] : [{ name: SUMS, length: sumsLength(plan) }];
  return {
    name: `blocked, ${OUTPUTS} x ${input.block} channels, ${pixels}`,
    inputLayouts: request.inputLayouts,
    outputLayout: request.outputLayout,
    workspaces: [
      { name: INPUT, length: panelsLength(input) },
      { name: GRADIENT, length: panelsLength(gradient) },
      ...sums,
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
  return { geometry, block, input, gradient, isSingle: isSingle(block, geometry) };
}

/** Of one panel of input channels and one element of the kernel. */
const tapLength = ({ gradient, input }: Plan): number => panelCount(gradient) * OUTPUTS * input.block;
const areaOf = ({ geometry: { window } }: Plan): number => window.kernel[0] * window.kernel[1];
const sumsLength = (plan: Plan): number =>
  plan.geometry.groups * panelCount(plan.input) * areaOf(plan) * tapLength(plan);

interface Blocked extends Plan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2dWeightGradient'>;
}

function buildBlocked(all: Blocked): void {
  const { k, geometry, block } = all;
  if (!all.isSingle) clearRun(k, { buffer: SUMS, at: constant(0) }, sumsLength(all));
  k.for(
    'n',
    0,
    geometry.images,
    (image) =>
      k.for(
        'firstRow',
        0,
        geometry.outHeight,
        (firstRow) => {
          pack(all, image, firstRow);
          forEachTile(all, (tile) => {
            const sums = sumTile(all, tile, firstRow);
            if (all.isSingle) storeTile(all, tile, sums);
            else addTile(all, tile, sums);
          });
        },
        { step: block.rows },
      ),
    { step: block.images },
  );
  if (!all.isSingle) forEachTile(all, (tile) => storeTile(all, tile, loadTile(all, tile)));
}

function pack({ k, site, geometry, block, input, gradient }: Blocked, image: Expr, firstRow: Expr): void {
  const { window, height, width, outHeight, outWidth } = geometry;
  const [x, g] = site.inputs.map(({ place }) => place.buffer);
  const each = { independent: true };
  k.for(
    'packed',
    0,
    block.images,
    (at) => {
      const source = { buffer: x!, strides: geometry.input, height, width };
      const first = k.let('top', sub(mul(firstRow, window.stride[0]), window.padding[0]));
      const start = k.let('image', mul(add(image, at), geometry.input.image));
      fillPanels(k, input, source, { start, first, at });
    },
    each,
  );
  k.for(
    'packed',
    0,
    block.images,
    (at) => {
      const source = { buffer: g!, strides: geometry.gradient, height: outHeight, width: outWidth };
      const start = k.let('image', mul(add(image, at), geometry.gradient.image));
      fillPanels(k, gradient, source, { start, first: firstRow, at });
    },
    each,
  );
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
  const each = { independent: true };
  const inPanel = (group: Expr, inputPanel: Expr, inputs: number): void =>
    k.for('ky', 0, window.kernel[0], (ky) =>
      k.for('kx', 0, window.kernel[1], (kx) =>
        forPanels(k, 'outputs', gradient, (outputPanel, outputs) =>
          body({ group, inputPanel, inputs, outputPanel, outputs, ky, kx }),
        ),
      ),
    );
  k.for(
    'group',
    0,
    groups,
    (group) => forPanels(k, 'inputs', input, (panel, lanes) => inPanel(group, panel, lanes)),
    each,
  );
}

/** Whole panels in a loop, the one that is not whole behind it. */
function forPanels(
  k: KernelBuilder,
  name: string,
  { channels, block }: Panels,
  body: (panel: Expr, lanes: number) => void,
): void {
  const whole = Math.floor(channels / block);
  k.for(name, 0, whole, (panel) => body(panel, block), { independent: true });
  if (channels % block > 0) body(constant(whole), channels % block);
}

/** Over the pixels of the block. */
function sumTile({ k, geometry, block, input, gradient }: Blocked, tile: Tile, firstRow: Expr): Sums {
  const { window, outHeight, outWidth } = geometry;
  const vectors = Math.ceil(tile.inputs / 4);
  const zero = splat(f32Const(0));
  const sums = Array.from({ length: tile.outputs }, (_, o) =>
    Array.from({ length: vectors }, (_unused, v) => k.variable(`sum${o}${v}`, zero, 'f32x4')),
  );
  const panelOf = (panels: Panels, panel: Expr): Expr =>
    mul(add(mul(tile.group, panelCount(panels)), panel), panelLength(panels));
  const [down, across] = [input.columns * input.block, input.block];
  const tap = add(mul(tile.ky, window.dilation[0] * down), mul(tile.kx, window.dilation[1] * across));
  const xAt = k.let('xAt', add(panelOf(input, tile.inputPanel), tap));
  const gAt = k.let('gAt', panelOf(gradient, tile.outputPanel));
  const isEven = outHeight % block.rows === 0;
  const rows: Operand = isEven ? block.rows : min(constant(block.rows), sub(outHeight, firstRow));
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

/** Where the tile's sums lie between the blocks. */
function placeOf(all: Blocked, { group, inputPanel, outputPanel, ky, kx }: Tile): Expr {
  const { geometry, input } = all;
  const panel = add(mul(group, panelCount(input)), inputPanel);
  const element = add(mul(ky, geometry.window.kernel[1]), kx);
  const tap = mul(add(mul(panel, areaOf(all)), element), tapLength(all));
  return add(tap, mul(outputPanel, OUTPUTS * input.block));
}

function addTile(all: Blocked, tile: Tile, sums: Sums): void {
  const { k, input } = all;
  const at = k.let('sumsAt', placeOf(all, tile));
  sums.forEach((vectors, o) =>
    vectors.forEach((sum, v) => {
      const place = add(at, o * input.block + 4 * v);
      k.store(SUMS, place, add(k.load(SUMS, place, 'f32x4'), sum));
    }),
  );
}

function loadTile(all: Blocked, tile: Tile): Sums {
  const { k, input } = all;
  const at = k.let('sumsAt', placeOf(all, tile));
  return Array.from({ length: tile.outputs }, (_, o) =>
    Array.from({ length: Math.ceil(tile.inputs / 4) }, (_unused, v) =>
      k.let(`sum${o}${v}`, k.load(SUMS, add(at, o * input.block + 4 * v), 'f32x4')),
    ),
  );
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
