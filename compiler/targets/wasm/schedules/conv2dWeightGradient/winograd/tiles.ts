/**
 * Tiles of the input and of the output's gradient, transformed: a row of each of 16 matrices, which are stored in panels
 * of a few channels, `[16][channels / panel][tiles][panel]`.
 */
import { add, constant, mul, sub, type Operand } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { forPanels } from '../../../../../lowering/shared/blocks.ts';
import { INDEPENDENT, range } from '../../../../../lowering/shared/shorthands.ts';
import { fillStrip, type Strip, type StripSource } from '../../shared/strip.ts';
import { INPUTS, OUTPUTS, SIDE, TILE, WORKSPACES, type Building } from './plan.ts';
import { gradientElement, inputElement, type Element } from './transforms.ts';

/** Some rows of tiles of an image, or of each image of a block. */
interface TilesPlace {
  readonly image: Expr;
  /** The first row of tiles and the number of rows. */
  readonly firstRow: Expr;
  readonly rows: Operand;
}

interface ImagePlace extends TilesPlace {
  /** The number of the first tile in the block. */
  readonly first: Expr;
}

/** Where the numbers of tiles are read: in a strip, or in the tensor itself. */
interface Source {
  readonly buffer: string;
  /** The index of the first tile's first number. */
  readonly at: Expr;
  readonly row: number;
  readonly column: number;
}

/** Transforms the tiles of a block. `image` is its first image. */
export function transformImages(all: Building, { image, firstRow, rows }: TilesPlace): void {
  const { k, blockImages, tileRows, tileColumns } = all;
  k.for('i', 0, blockImages, (i) => {
    const first = k.let('firstTile', mul(i, tileRows * tileColumns));
    const place = { image: k.let('n', add(image, i)), firstRow, rows, first };
    transformInput(all, place);
    transformGradient(all, place);
  });
}

function transformInput(all: Building, place: ImagePlace): void {
  const { k, site, geometry, inputStrip, inputMatrix } = all;
  const { input, window, height, width, channels } = geometry;
  const { buffer } = site.inputs[0]!.place;
  const start = k.let('inputImage', mul(place.image, input.image));
  const top = sub(mul(place.firstRow, TILE), window.padding[0]);
  const from = stripOf(all, inputStrip, { buffer, strides: input, height, width }, start, top);
  transformTiles(all, place, from, {
    ...{ to: WORKSPACES.inputs, matrix: inputMatrix, channels, panel: INPUTS },
    ...{ size: SIDE, element: inputElement },
  });
}

function transformGradient(all: Building, place: ImagePlace): void {
  const { k, site, geometry, gradientStrip, gradientMatrix } = all;
  const { gradient, outHeight: height, outWidth: width, outputs } = geometry;
  const { buffer } = site.inputs[1]!.place;
  const start = k.let('gradientImage', mul(place.image, gradient.image));
  const top = mul(place.firstRow, TILE);
  const from = gradientStrip
    ? stripOf(all, gradientStrip, { buffer, strides: gradient, height, width }, start, top)
    : { ...gradient, buffer, at: add(start, mul(top, gradient.row)) };
  transformTiles(all, place, from, {
    ...{ to: WORKSPACES.gradients, matrix: gradientMatrix, channels: outputs, panel: OUTPUTS },
    ...{ size: TILE, element: gradientElement },
  });
}

/** Fills a strip of the image that begins at `start`, from row `top` on. */
function stripOf({ k }: Building, strip: Strip, source: StripSource, start: Expr, top: Expr): Source {
  fillStrip(k, strip, source, start, top);
  const { workspace, columns, channels } = strip;
  return { buffer: workspace, at: constant(0), row: columns * channels, column: channels };
}

interface TileTransform {
  readonly to: string;
  /** The distance between the matrices of two positions, and the channels of a panel. */
  readonly matrix: number;
  readonly panel: number;
  readonly channels: number;
  /** Rows and columns of a tile. */
  readonly size: number;
  readonly element: Element;
}

function transformTiles(all: Building, place: ImagePlace, from: Source, transform: TileTransform): void {
  const { k, blockTiles, tileColumns } = all;
  const { channels, panel } = transform;
  const start = k.let('start', from.at);
  const tileOf = (number: Expr, lanes: number, row: Expr, column: Expr): void => {
    const tile = add(add(place.first, mul(row, tileColumns)), column);
    const to = k.let('to', add(mul(number, panel * blockTiles), mul(tile, panel)));
    const origin = add(mul(row, TILE * from.row), mul(column, TILE * from.column));
    const corner = k.let('corner', add(add(start, mul(number, panel)), origin));
    const four = (lane: Expr): void =>
      transformVector(all, from, transform, add(corner, lane), add(to, lane));
    k.for('lane', 0, lanes, four, { step: 4 });
  };
  forPanels(k, { name: 'panel', extent: channels, block: panel }, (number, lanes) => {
    const tilesOf = (row: Expr): void =>
      k.for('column', 0, tileColumns, (column) => tileOf(number, lanes, row, column), INDEPENDENT);
    k.for('row', 0, place.rows, tilesOf, INDEPENDENT);
  });
}

/**
 * Transforms a tile of four channels, row by row of the result, so that few vectors are in use. Numbers are loaded again
 * for each row, which costs less than a memory for the half-transformed tile.
 */
function transformVector(
  { k }: Building,
  from: Source,
  { to, matrix, size, element }: TileTransform,
  fromAt: Expr,
  toAt: Expr,
): void {
  const [corner, place] = [k.let('from', fromAt), k.let('place', toAt)];
  const load = (y: number, x: number): Expr =>
    k.load(from.buffer, add(corner, y * from.row + x * from.column), 'f32x4');
  const column = (x: number): Expr[] => range(size).map((y) => load(y, x));
  for (const y of range(SIDE)) {
    const half = range(size).map((x) => k.let(`h${x}`, element(column(x), y)));
    for (const x of range(SIDE)) k.store(to, add(place, (y * SIDE + x) * matrix), element(half, x));
  }
}
