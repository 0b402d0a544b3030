/**
 * 3x3 convolution with stride 1 by Winograd's algorithm. Its matrix products use the register tile of tile.ts.
 *
 *     for each image and block of tiles
 *       the block's rows are copied with their padding
 *       every tile is transformed: a row of each of (m + 2)^2 matrices [tiles][I]
 *       (m + 2)^2 products [tiles][I] x [I][O]
 *       every tile of sums is transformed back; bias and fused tail are applied when outputs are stored
 *
 * Results differ from the direct sum by about 1e-6 (m = 2) or 1e-4 (m = 4) of the largest number.
 */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, constant, lt, min, mul, sub, type Operand } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { forPanels } from '../../../../../lowering/shared/blocks.ts';
import { placedConvolution } from '../../../../../lowering/shared/convolution.ts';
import { INDEPENDENT, range } from '../../../../../lowering/shared/shorthands.ts';
import { sumVariables, zeroVectors } from '../../../../../lowering/shared/sums.ts';
import type { Winograd } from '../../../../../lowering/shared/winograd.ts';
import type { Schedule, ScheduleRequest, Workspace } from '../../../../../lowering/target.ts';
import type { Site } from '../../../../../ops/types.ts';
import { CACHED_BYTES } from '../../shared/cache.ts';
import { fillStrip } from '../../shared/strip.ts';
import { multiplyRun } from '../../shared/tile.ts';
import { touchRun } from '../../shared/touch.ts';
import { RELAXED } from '../../../variants.ts';
import { filterLayout, filterMatrix, filterTransform, PANEL } from './filter.ts';
import { planWinograd, relaxedPlan, WORKSPACES, type WinogradPlan } from './plan.ts';

export function winogradSchedule(
  request: ScheduleRequest<'conv2d'>,
  winograd: Winograd,
): Schedule<'conv2d'> | undefined {
  const plan = planWinograd(placedConvolution(request), winograd);
  if (!plan) return undefined;
  const { shape } = request.inputs[1]!;
  return {
    inputLayouts: [
      request.inputLayouts[0]!,
      filterLayout(shape[0]!, shape[1]!, winograd),
      ...request.inputLayouts.slice(2),
    ],
    outputLayout: request.outputLayout,
    transforms: [undefined, filterTransform(shape, winograd)],
    ...winogradVariants(plan),
  };
}

/** The kernel of a plan, and its variant for relaxed SIMD. */
export function winogradVariants(plan: WinogradPlan): WinogradKernels {
  const wayOf = (one: WinogradPlan) => ({
    name: wayName(one),
    workspaces: one.workspaces,
    build: (site: ConvSite, k: KernelBuilder) => buildWinograd(site, k, one),
  });
  const relaxed = relaxedPlan(plan);
  const isSame = relaxed.registerRows === plan.registerRows;
  return { ...wayOf(plan), ...(!isSame && { variants: { [RELAXED]: wayOf(relaxed) } }) };
}

interface WinogradKernel {
  readonly name: string;
  readonly workspaces: readonly Workspace[];
  build(site: ConvSite, k: KernelBuilder): void;
}

interface WinogradKernels extends WinogradKernel {
  readonly variants?: Readonly<Record<string, WinogradKernel>>;
}

const wayName = ({ winograd: { outputs: m }, blockRows, tileColumns }: WinogradPlan): string =>
  `Winograd F(${m}x${m}, 3x3), ${blockRows} x ${tileColumns} tiles at a time`;

/** The operands and the result. The gradient of an input is computed as such a convolution as well. */
type ConvSite = Pick<Site<'conv2d'>, 'inputs' | 'output'>;

interface Block extends WinogradPlan {
  readonly k: KernelBuilder;
  readonly site: ConvSite;
  readonly image: Expr;
  /** The block's first row of tiles, and its number of rows. */
  readonly firstRow: Expr;
  readonly rows: Operand;
}

function buildWinograd(site: ConvSite, k: KernelBuilder, plan: WinogradPlan): void {
  const { geometry, winograd, tileRows, blockRows, strip } = plan;
  const { input, height, width, window } = geometry;
  const source = { buffer: site.inputs[0]!.place.buffer, strides: input, height, width };
  k.for('n', 0, geometry.images, (image) => {
    const start = k.let('image', mul(image, input.image));
    k.for(
      'tileRow',
      0,
      tileRows,
      (firstRow) => {
        const isEven = tileRows % blockRows === 0;
        const rows = isEven ? blockRows : k.let('rows', min(constant(blockRows), sub(tileRows, firstRow)));
        fillStrip(k, strip, source, start, sub(mul(firstRow, winograd.outputs), window.padding[0]));
        const block: Block = { ...plan, k, site, image, firstRow, rows };
        transformTiles(block);
        multiplyTiles(block);
        transformBack(block);
      },
      { step: blockRows },
    );
  });
}

/** Calls `body` for every tile of the block, with its row, column and number. */
function forEachTile(
  { k, rows, tileColumns }: Block,
  body: (row: Expr, column: Expr, tile: Expr) => void,
): void {
  k.for(
    'row',
    0,
    rows,
    (row) =>
      k.for(
        'column',
        0,
        tileColumns,
        (column) => body(row, column, k.let('tile', add(mul(row, tileColumns), column))),
        INDEPENDENT,
      ),
    INDEPENDENT,
  );
}

const forVectors = (k: KernelBuilder, channels: number, body: (channel: Expr) => void): void =>
  k.for('channel', 0, channels, body, { step: 4, ...INDEPENDENT });

/** Computes B^T d B: first the columns, which are stored in the scratch memory, then the rows. */
function transformTiles(block: Block): void {
  const { k, geometry, winograd, strip, inputMatrix } = block;
  const { channels } = geometry;
  const { inputs: t, outputs: m } = winograd;
  const stripRow = strip.columns * channels;
  k.block('tiles of the input, transformed', () =>
    forEachTile(block, (row, column, tile) => {
      const corner = k.let('corner', add(mul(row, m * stripRow), mul(column, m * channels)));
      const place = k.let('place', mul(tile, channels));
      forVectors(k, channels, (channel) => {
        k.for('x', 0, t, (x) => {
          const at = k.let('at', add(add(corner, channel), mul(x, channels)));
          const d = range(t).map((y) =>
            k.let(`d${y}`, k.load(strip.workspace, add(at, y * stripRow), 'f32x4')),
          );
          const transformed = winograd.transformInput(d, (name, value) => k.let(name, value));
          transformed.forEach((value, y) => k.store(WORKSPACES.scratch, add(mul(x, 4), y * t * 4), value));
        });
        k.for('y', 0, t, (y) => {
          const d = loadScratch(k, y, t);
          const at = k.let('at', add(add(place, channel), mul(y, t * inputMatrix)));
          const transformed = winograd.transformInput(d, (name, value) => k.let(name, value));
          transformed.forEach((value, x) => k.store(WORKSPACES.inputs, add(at, x * inputMatrix), value));
        });
      });
    }),
  );
}

const loadScratch = (k: KernelBuilder, y: Expr, t: number): Expr[] =>
  range(t).map((x) => k.let(`d${x}`, k.load(WORKSPACES.scratch, add(mul(y, t * 4), x * 4), 'f32x4')));

/** Computes a matrix product for each position: rows of tiles times panels of 8 output channels. */
function multiplyTiles(block: Block): void {
  const { k, geometry, winograd, blockTiles, rows, tileColumns } = block;
  const count: Operand = typeof rows === 'number' ? blockTiles : k.let('tiles', mul(rows, tileColumns));
  const alongPanels = (position: Expr): void =>
    forPanels(k, { name: 'panel', extent: geometry.outputs, block: PANEL }, (panel, lanes) =>
      multiplyPanel(block, { position, panel, count, vectors: lanes === PANEL ? 2 : 1 }),
    );
  k.block('a matrix product for each position of a tile', () =>
    k.for('position', 0, winograd.inputs ** 2, alongPanels, INDEPENDENT),
  );
}

interface PanelPlace {
  readonly position: Expr;
  readonly panel: Expr;
  /** Tiles of the block. */
  readonly count: Operand;
  readonly vectors: number;
}

function multiplyPanel(block: Block, { position, panel, count, vectors }: PanelPlace): void {
  const { k, site, geometry, winograd, inputMatrix, productMatrix } = block;
  const { channels, outputs } = geometry;
  const matrix = filterMatrix(outputs, channels);
  const operands = {
    x: WORKSPACES.inputs,
    pixelOffsets: range(block.registerRows).map((row) => row * channels),
    weights: site.inputs[1]!.place.buffer,
    panel: PANEL,
  };
  const wAt = k.let('wAt', add(mul(position, matrix), mul(panel, PANEL * channels)));
  const isStreamed = 4 * winograd.inputs ** 2 * matrix > CACHED_BYTES;
  if (isStreamed) touchRun(k, operands.weights, wAt, PANEL * channels, WORKSPACES.scratch);
  const multiplyRows = (tile: Expr): void => {
    const sums = sumVariables(k, block.registerRows, zeroVectors(vectors));
    const xAt = k.let('xAt', add(mul(position, inputMatrix), mul(tile, channels)));
    multiplyRun(k, sums, operands, xAt, wAt, channels);
    const to = k.let('to', add(add(mul(position, productMatrix), mul(tile, outputs)), mul(panel, PANEL)));
    sums.forEach((row, p) =>
      row.forEach((sum, v) => k.store(WORKSPACES.products, add(to, p * outputs + 4 * v), sum)),
    );
  };
  k.for('tile', 0, count, multiplyRows, { step: block.registerRows, ...INDEPENDENT });
}

/**
 * Computes A^T s A: first the columns, which are stored in the scratch memory, then the rows, which are the outputs.
 */
function transformBack(block: Block): void {
  const { k, geometry, winograd, productMatrix } = block;
  const { outputs } = geometry;
  const { inputs: t, outputs: m } = winograd;
  k.block('sums, transformed back to outputs', () =>
    forEachTile(block, (row, column, tile) => {
      const place = k.let('place', mul(tile, outputs));
      const top = k.let('top', mul(add(block.firstRow, row), m));
      const left = k.let('left', mul(column, m));
      forVectors(k, outputs, (channel) => {
        k.for('x', 0, t, (x) => {
          const at = k.let('at', add(add(place, channel), mul(x, productMatrix)));
          const s = range(t).map((y) =>
            k.let(`s${y}`, k.load(WORKSPACES.products, add(at, y * t * productMatrix), 'f32x4')),
          );
          const transformed = winograd.transformOutput(s, (name, value) => k.let(name, value));
          transformed.forEach((value, y) => k.store(WORKSPACES.scratch, add(mul(x, 4), y * t * 4), value));
        });
        k.for('y', 0, m, (y) => {
          const oy = k.let('oy', add(top, y));
          whenInside(k, oy, geometry.outHeight, m, () =>
            storeRow(block, loadScratch(k, y, t), channel, oy, left),
          );
        });
      });
    }),
  );
}

/** Tests the position only if the last tile reaches beyond the image. */
function whenInside(k: KernelBuilder, at: Expr, extent: number, m: number, body: () => void): void {
  if (extent % m === 0) body();
  else k.if(lt(at, extent), body);
}

function storeRow(block: Block, sums: readonly Expr[], channel: Expr, oy: Expr, left: Expr): void {
  const { k, site, geometry, winograd } = block;
  const bias = site.inputs[2];
  const first = bias && k.let('bias', k.load(bias.place.buffer, channel, 'f32x4'));
  const row = winograd.transformOutput(sums, (name, value) => k.let(name, value));
  const values = row.map((value, x) => k.let(`y${x}`, first ? add(value, first) : value));
  values.forEach((value, x) => {
    const ox = x === 0 ? left : k.let(`ox${x}`, add(left, x));
    // The first column of a tile is always inside the image.
    const store = () => site.output.storeChannels([block.image, channel, oy, ox], value);
    if (x === 0) store();
    else whenInside(k, ox, geometry.outWidth, winograd.outputs, store);
  });
}
