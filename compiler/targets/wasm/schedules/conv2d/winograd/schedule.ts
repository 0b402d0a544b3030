/**
 * 3x3 convolution with stride 1 by Winograd's algorithm. Its matrix products use the register tile of tile.ts. Weights
 * are packed as those of the direct way, [O / 8][3][3][I][8].
 *
 *     for each block of tiles
 *       for each block of input channels
 *         the block's rows are copied with their padding
 *         every tile is transformed: a row of each of (m + 2)^2 matrices [tiles][channels]
 *         for each panel of 8 outputs
 *           its filters are transformed: (m + 2)^2 matrices [channels][8] (small filters were, when they were packed)
 *           (m + 2)^2 products [tiles][channels] x [channels][8] are added to the panel's sums
 *       for each panel of 8 outputs
 *         every tile of sums is transformed back; bias and fused tail are applied when outputs are stored
 *
 * If one block has all input channels, the sums of a panel are transformed back at once.
 * Results differ from the direct sum by about 1e-6 (m = 2) or 1e-4 (m = 4) of the largest number.
 */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, constant, div, mul, sub } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { forBlocks } from '../../../../../lowering/shared/blocks.ts';
import { placedConvolution } from '../../../../../lowering/shared/convolution.ts';
import { outputPanels } from '../../../../../lowering/shared/packedWeights.ts';
import type { Winograd } from '../../../../../lowering/shared/winograd.ts';
import type { Schedule, ScheduleRequest, Workspace } from '../../../../../lowering/target.ts';
import { RELAXED } from '../../../variants.ts';
import { clearRun } from '../../shared/run.ts';
import { fillStrip } from '../../shared/strip.ts';
import { storedFilters, storedLayout, transformFilters } from './filters.ts';
import { PANEL, planWinograd, productsLength, relaxedPlan, WORKSPACES, type WinogradPlan } from './plan.ts';
import { multiplyTiles, type PanelPlace } from './products.ts';
import { transformBack, type ConvSite } from './results.ts';
import { transformTiles } from './tiles.ts';

export function winogradSchedule(
  request: ScheduleRequest<'conv2d'>,
  winograd: Winograd,
  isTraining = false,
): Schedule<'conv2d'> | undefined {
  const plan = planWinograd(placedConvolution(request), winograd, isTraining);
  return plan && scheduleOf(request, plan);
}

/** The schedule of a plan. */
export function scheduleOf(request: ScheduleRequest<'conv2d'>, plan: WinogradPlan): Schedule<'conv2d'> {
  const [x, , ...others] = request.inputLayouts;
  const { shape } = request.inputs[1]!;
  return {
    inputLayouts: [x!, plan.areStored ? storedLayout(plan) : outputPanels(shape, PANEL), ...others],
    outputLayout: request.outputLayout,
    transforms: [undefined, plan.areStored ? storedFilters(plan, shape) : undefined],
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
  const isSame = JSON.stringify(relaxed.registerTiles) === JSON.stringify(plan.registerTiles);
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

function wayName(plan: WinogradPlan): string {
  const { geometry, winograd, blockImages, blockRows, tileColumns, blockChannels, areStored } = plan;
  const m = winograd.outputs;
  const images = blockImages > 1 ? `${blockImages} images of ` : '';
  const channels = blockChannels < geometry.channels ? `, ${blockChannels} channels` : '';
  const filters = areStored ? '' : ', transforms filters';
  return `Winograd F(${m}x${m}, 3x3), ${images}${blockRows} x ${tileColumns} tiles${channels} at a time${filters}`;
}

interface Block {
  readonly k: KernelBuilder;
  readonly plan: WinogradPlan;
  readonly site: ConvSite;
  /** The block's first image and first row of tiles. */
  readonly image: Expr;
  readonly firstRow: Expr;
}

function buildWinograd(site: ConvSite, k: KernelBuilder, plan: WinogradPlan): void {
  const { geometry, tileRows, blockRows, blockImages } = plan;
  const oneBlock = (image: Expr, firstRow: Expr): void => buildBlock({ k, plan, site, image, firstRow });
  const oneImage = (image: Expr): void =>
    k.for('tileRow', 0, tileRows, (firstRow) => oneBlock(image, firstRow), { step: blockRows });
  k.for('n', 0, geometry.images, oneImage, { step: blockImages });
}

function buildBlock(block: Block): void {
  const { k, plan } = block;
  const { geometry, blockChannels, keptOutputs } = plan;
  const { channels, outputs } = geometry;
  if (blockChannels === channels) {
    fillTiles(block, constant(0));
    const someOutputs = (output: Expr, lanes: number): void => {
      multiplyPanels(block, constant(0), output, lanes);
      finish(block, output, lanes);
    };
    return forBlocks(
      k,
      { name: 'output', what: 'outputs', extent: outputs, block: keptOutputs },
      someOutputs,
    );
  }
  clearRun(k, { buffer: WORKSPACES.products, at: 0 }, productsLength(plan));
  const someChannels = (firstChannel: Expr): void => {
    fillTiles(block, firstChannel);
    multiplyPanels(block, firstChannel, constant(0), outputs);
  };
  k.for('firstChannel', 0, channels, someChannels, { step: blockChannels });
  finish(block, constant(0), outputs);
}

/** Multiplies a block of input channels for `lanes` outputs from `output` on, panel by panel. */
function multiplyPanels(block: Block, firstChannel: Expr, output: Expr, lanes: number): void {
  forBlocks(block.k, { name: 'kept', what: 'kept outputs', extent: lanes, block: PANEL }, (kept, count) => {
    const filters = filtersOf(block, firstChannel, block.k.let('firstOutput', add(output, kept)));
    multiplyTiles(block.k, block.plan, { products: kept, vectors: count / 4, filters });
  });
}

/** The place of the transformed filters of the panel that begins at `output`. */
function filtersOf({ k, plan, site }: Block, channel: Expr, output: Expr): PanelPlace['filters'] {
  const { winograd, areStored, blockChannels, filterMatrix } = plan;
  const weights = site.inputs[1]!.place.buffer;
  if (areStored) {
    const matrices = mul(div(output, PANEL), winograd.inputs ** 2 * filterMatrix);
    return { buffer: weights, at: k.let('matrices', add(matrices, mul(channel, PANEL))) };
  }
  const to = { buffer: WORKSPACES.filters, at: constant(0) };
  transformFilters(k, plan, {
    ...{ weights, output, channel, channels: blockChannels, to },
    isVector: true,
  });
  return to;
}

function finish({ k, plan, site, image, firstRow }: Block, output: Expr, lanes: number): void {
  transformBack(k, plan, site, { output, lanes, image, firstRow });
}

/** Copies and transforms a block of channels of the block's tiles. */
function fillTiles({ k, plan, site, image, firstRow }: Block, firstChannel: Expr): void {
  const { geometry, winograd, strip, blockImages, blockRows, tileColumns } = plan;
  const { input, height, width, window } = geometry;
  const source = { buffer: site.inputs[0]!.place.buffer, strides: input, height, width };
  const oneImage = (number: Expr): void => {
    const start = add(mul(add(image, number), input.image), mul(firstChannel, input.channel));
    const top = sub(mul(firstRow, winograd.outputs), window.padding[0]);
    fillStrip(k, strip, source, k.let('image', start), top);
    transformTiles(k, plan, mul(number, blockRows * tileColumns));
  };
  k.for('number', 0, blockImages, oneImage);
}
