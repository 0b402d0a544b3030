/** The tile of neighbouring pixels that an invocation computes. */
import { range } from '../../../../lowering/shared/shorthands.ts';

export interface PixelTile {
  readonly height: number;
  readonly width: number;
}

/** The cost of a load in multiply-adds, with its address and bounds test (SwiftShader, test/bench/webgpu/conv2d.ts). */
const LOAD = 4;
const MOST_PIXELS = 8;
/** The number of invocations that keep the processors of a small device busy. */
const FEW = 256;

/** The cheapest tile for a plane. Pixels of tiles beyond the plane are wasted work. `sums` is a number of vectors. */
export function chooseTile(rows: number, columns: number, vectors: number, sums: number): PixelTile {
  const most = Math.min(MOST_PIXELS, Math.max(1, Math.floor(sums / vectors)));
  const tiles = range(most).flatMap((h) =>
    range(Math.floor(most / (h + 1))).map((w) => ({ height: h + 1, width: w + 1 })),
  );
  const cost = ({ height, width }: PixelTile): number => {
    const count = Math.ceil(rows / height) * Math.ceil(columns / width);
    const pixels = height * width;
    // In a tile of several rows, single rows outside the source cannot be skipped.
    const taller = height > 1 ? 1.05 : 1;
    return (
      Math.max(count, FEW / vectors / 16) * (LOAD * (pixels + 4 * vectors) + 4 * vectors * pixels) * taller
    );
  };
  return tiles.reduce((best, tile) => (cost(tile) < cost(best) ? tile : best));
}
