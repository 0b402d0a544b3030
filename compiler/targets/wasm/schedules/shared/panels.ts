/**
 * Rows of an image in a workspace as panels of a few channels each, `[channels / block][rows][columns][block]`, with zeros
 * around the image and in the place of missing channels: what runs along the pixels of one panel reads neighbouring
 * memory, however many channels there are.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, f32Const, inside, mul, vector, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { clearRun } from './run.ts';
import type { StripSource } from './strip.ts';

export interface Panels {
  readonly workspace: string;
  /** Of one image, with the zeros around it. */
  readonly rows: number;
  readonly columns: number;
  /** Zeros to the left; columns beyond the image are zeros to the right. */
  readonly left: number;
  /** Images in a panel, one behind the other. */
  readonly images: number;
  readonly groups: number;
  /** Of a group. */
  readonly channels: number;
  readonly block: 4 | 8;
}

/** Panels of one group. */
export const panelCount = ({ channels, block }: Panels): number => Math.ceil(channels / block);
export const pixelsOfPanel = ({ images, rows, columns }: Panels): number => images * rows * columns;
/** From one panel to the next, in elements. */
export const panelLength = (panels: Panels): number => pixelsOfPanel(panels) * panels.block;
export const panelsLength = (panels: Panels): number =>
  panels.groups * panelCount(panels) * panelLength(panels);

/** Fills the panels of image `at` of them from row `first` of the image that begins at `start`. */
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
  const each = { independent: true };
  k.for(
    'packedGroup',
    0,
    groups,
    (group) => {
      const whole = Math.floor(channels / block);
      k.for('panel', 0, whole, (number) => fill(group, number, block), each);
      if (channels % block > 0) fill(group, constant(whole), channels % block);
    },
    each,
  );
}

interface PanelPlace {
  /** The panel's first channel at row 0 of the image. */
  readonly from: Expr;
  readonly first: Expr;
  readonly to: Expr;
  /** Channels that there are. */
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
    { independent: true },
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
        loadStrided(k, buffer, add(pixel, lane * strides.channel), strides.channel, lanes - lane),
      );
  });
  if (right > 0) clearRun(k, { buffer: workspace, at: add(to, (left + width) * block) }, right * block);
}

/** Four numbers `stride` apart, zeros from `count` on. */
function loadStrided(k: KernelBuilder, buffer: string, at: Expr, stride: number, count: number): Expr {
  if (stride === 1 && count >= 4) return k.load(buffer, at, 'f32x4');
  const lane = (i: number): Expr => (i < count ? k.load(buffer, add(at, i * stride)) : f32Const(0));
  return vector(lane(0), lane(1), lane(2), lane(3));
}
