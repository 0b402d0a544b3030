/**
 * A strip of an image's rows, copied to a workspace with channels last and with the zeros of its padding around it, so
 * that kernels that read it have no borders. A strip is small enough to be still in the cache when it is read.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, inside, mul, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Strides } from '../../../../lowering/shared/convolution.ts';
import { evenPart, INDEPENDENT } from '../../../../lowering/shared/shorthands.ts';
import { clearRun, copyRun } from './run.ts';

export interface Strip {
  readonly workspace: string;
  /** Rows and columns of the strip, with its padding. */
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Columns of zeros on the left. Further columns that the image does not fill are zeros on the right. */
  readonly left: number;
}

export interface StripSource {
  readonly buffer: string;
  readonly strides: Strides;
  readonly height: number;
  readonly width: number;
}

/** The share of the second-level cache for a strip: usually, and if filters come from memory for each strip. */
const STRIP_BYTES = 160 * 1024;
export const LARGE_STRIP_BYTES = 512 * 1024;

/**
 * The number of rows of a strip, if `count` rows are divided into strips that are as equal as possible. `rowLength` is
 * in elements; a strip has `halo` further rows.
 */
export function rowsOfStrips(count: number, rowLength: number, halo: number, bytes = STRIP_BYTES): number {
  return evenPart(count, Math.max(1, Math.floor(bytes / (rowLength * 4)) - halo));
}

export const stripLength = ({ rows, columns, channels }: Strip): number => rows * columns * channels;

/**
 * Calls `body` for every strip. `start` is the index of the image's first element, `firstRow` the strip's first row.
 */
export function forStrips(
  k: KernelBuilder,
  { images, stride }: { readonly images: number; readonly stride: number },
  { count, rows }: { readonly count: number; readonly rows: number },
  body: (strip: { readonly image: Expr; readonly start: Expr; readonly firstRow: Expr }) => void,
): void {
  k.for('n', 0, images, (image) => {
    const start = k.let('image', mul(image, stride));
    k.for('firstRow', 0, count, (firstRow) => body({ image, start, firstRow }), { step: rows });
  });
}

/**
 * Fills the strip from row `first` on, which may be above the image. `start` is the index of the image's first element.
 */
export function fillStrip(
  k: KernelBuilder,
  strip: Strip,
  source: StripSource,
  start: Expr,
  first: Operand,
): void {
  const { workspace, rows, columns, channels } = strip;
  k.for(
    'stripRow',
    0,
    rows,
    (row) => {
      const to = k.let('toRow', mul(row, columns * channels));
      const y = k.let('fromRow', add(first, row));
      k.if(
        inside(y, source.height),
        () => fillRow(k, strip, source, add(start, mul(y, source.strides.row)), to),
        () => clearRun(k, { buffer: workspace, at: to }, columns * channels),
      );
    },
    INDEPENDENT,
  );
}

function fillRow(k: KernelBuilder, strip: Strip, source: StripSource, from: Expr, to: Expr): void {
  const { workspace, columns, channels, left } = strip;
  const { buffer, strides } = source;
  const width = Math.min(source.width, columns - left);
  const right = columns - left - width;
  const at = (column: Operand): Expr => add(to, mul(column, channels));
  if (left > 0) clearRun(k, { buffer: workspace, at: to }, left * channels);
  if (strides.channel === 1 && strides.column === channels) {
    copyRun(k, { buffer, at: from }, { buffer: workspace, at: at(left) }, width * channels);
  } else {
    k.for('column', 0, width, (column) => {
      const pixel = k.let('pixel', add(from, mul(column, strides.column)));
      const place = k.let('place', add(at(left), mul(column, channels)));
      copyPixel(
        k,
        { buffer, at: pixel, stride: strides.channel },
        { buffer: workspace, at: place },
        channels,
      );
    });
  }
  if (right > 0) clearRun(k, { buffer: workspace, at: at(left + width) }, right * channels);
}

function copyPixel(
  k: KernelBuilder,
  from: { readonly buffer: string; readonly at: Expr; readonly stride: number },
  to: { readonly buffer: string; readonly at: Expr },
  channels: number,
): void {
  if (from.stride === 1) return copyRun(k, from, to, channels);
  k.for('channel', 0, channels, (channel) =>
    k.store(to.buffer, add(to.at, channel), k.load(from.buffer, add(from.at, mul(channel, from.stride)))),
  );
}
