/**
 * Rows of an image that are packed in panels of a few channels, `[channels / block][rows][columns][block]`, with zeros
 * around the image and for missing channels. So a loop over the pixels of one panel reads contiguous memory, for any
 * number of channels.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, inside, mul, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forPanels } from '../../../../lowering/shared/blocks.ts';
import { loadLanes } from '../../../../lowering/shared/lanes.ts';
import { INDEPENDENT } from '../../../../lowering/shared/shorthands.ts';
import { clearRun } from './run.ts';
import type { StripSource } from './strip.ts';

export interface Panels {
  readonly workspace: string;
  /** Rows and columns of one image, with the zeros around it. */
  readonly rows: number;
  readonly columns: number;
  /** Columns of zeros on the left. Further columns that the image does not fill are zeros on the right. */
  readonly left: number;
  /** The number of images in a panel, one after the other. */
  readonly images: number;
  readonly groups: number;
  /** The channels of a group. */
  readonly channels: number;
  readonly block: 4 | 8;
}

/** The number of panels of one group. */
export const panelCount = ({ channels, block }: Panels): number => Math.ceil(channels / block);
const pixelsOfPanel = ({ images, rows, columns }: Panels): number => images * rows * columns;
/** The length of a panel, in elements. */
export const panelLength = (panels: Panels): number => pixelsOfPanel(panels) * panels.block;
export const panelsLength = (panels: Panels): number =>
  panels.groups * panelCount(panels) * panelLength(panels);

/** Fills the panels' image number `at`, from row `first` of the source image that begins at `start`. */
export function fillPanels(
  k: KernelBuilder,
  panels: Panels,
  source: StripSource,
  { start, first, at }: { readonly start: Expr; readonly first: Expr; readonly at: Operand },
): void {
  const { groups, channels, block, rows, columns } = panels;
  const fill = (group: Expr, number: Expr, lanes: number): void => {
    const channel = mul(add(mul(group, channels), mul(number, block)), source.strides.channel);
    const panel = mul(add(mul(group, panelCount(panels)), number), panelLength(panels));
    const from = k.let('panelFrom', add(start, channel));
    const to = k.let('panelAt', add(panel, mul(at, rows * columns * block)));
    fillPanel(k, panels, source, { from, first, to, lanes });
  };
  const fillGroup = (group: Expr): void =>
    forPanels(k, { name: 'panel', extent: channels, block }, (number, lanes) => fill(group, number, lanes));
  k.for('packedGroup', 0, groups, fillGroup, INDEPENDENT);
}

interface PanelPlace {
  /** The index of the panel's first channel in row 0 of the image. */
  readonly from: Expr;
  readonly first: Expr;
  readonly to: Expr;
  /** The number of channels without padding. */
  readonly lanes: number;
}

function fillPanel(k: KernelBuilder, panels: Panels, source: StripSource, place: PanelPlace): void {
  const { workspace, rows, columns, block } = panels;
  k.for(
    'panelRow',
    0,
    rows,
    (row) => {
      const to = k.let('toRow', add(place.to, mul(row, columns * block)));
      const y = k.let('fromRow', add(place.first, row));
      k.if(
        inside(y, source.height),
        () => fillRow(k, panels, source, add(place.from, mul(y, source.strides.row)), to, place.lanes),
        () => clearRun(k, { buffer: workspace, at: to }, columns * block),
      );
    },
    INDEPENDENT,
  );
}

function fillRow(
  k: KernelBuilder,
  { workspace, columns, left, block }: Panels,
  { buffer, strides, width: all }: StripSource,
  from: Expr,
  to: Expr,
  lanes: number,
): void {
  const width = Math.min(all, columns - left);
  const right = columns - left - width;
  if (left > 0) clearRun(k, { buffer: workspace, at: to }, left * block);
  k.for('column', 0, width, (column) => {
    const pixel = k.let('pixel', add(from, mul(column, strides.column)));
    const at = k.let('place', add(to, mul(add(column, left), block)));
    for (let lane = 0; lane < block; lane += 4)
      k.store(
        workspace,
        add(at, lane),
        loadLanes(k, buffer, add(pixel, lane * strides.channel), lanes - lane, strides.channel),
      );
  });
  if (right > 0) clearRun(k, { buffer: workspace, at: add(to, (left + width) * block) }, right * block);
}
