// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The kernels of pools. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * maxPool: loops
 *     out = max over kh < 3, kw < 3 of x[n, c, 2 * h + kh - 1, 2 * w + kw - 1], inside x only
 * x: f32[1,3,8,8], row-major
 * out: f32[1,3,4,4], in memory [n 1][h 4][w 4][c 3]
 */
export function maxPool_3x3_s2_3(x: Float32Array, out: Float32Array): void {
  for (let oy = 0; oy < 4; oy++) {
    for (let ox = 0; ox < 4; ox++) {
      for (let c = 0; c < 3; c++) {
        const firstRow = oy * 2 + Math.max(1 - oy * 2, 0) - 1;
        const firstColumn = ox * 2 + Math.max(1 - ox * 2, 0) - 1;
        let best = x[c * (8 * 8) + firstRow * 8 + firstColumn];
        for (let ky = Math.max(1 - oy * 2, 0); ky < 3; ky++) {
          const row = oy * 2 + ky - 1;
          for (let kx = Math.max(1 - ox * 2, 0); kx < 3; kx++) {
            const column = ox * 2 + kx - 1;
            best = Math.max(best, x[c * (8 * 8) + row * 8 + column]);
          }
        }
        out[oy * (4 * 3) + ox * 3 + c] = best;
      }
    }
  }
}

/**
 * averagePool: loops
 *     out = mean over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,3,4,4], in memory [n 1][h 4][w 4][c 3]
 * out: f32[1,3,2,2], row-major
 */
export function averagePool_2x2_s2_3(x: Float32Array, out: Float32Array): void {
  for (let c = 0; c < 3; c++) {
    for (let oy = 0; oy < 2; oy++) {
      for (let ox = 0; ox < 2; ox++) {
        let sum = 0;
        for (let ky = 0; ky < 2; ky++) {
          const row = oy * 2 + ky;
          for (let kx = 0; kx < 2; kx++) {
            const column = ox * 2 + kx;
            sum += x[row * 12 + column * 3 + c];
          }
        }
        out[c * (2 * 2) + oy * 2 + ox] = sum / 4;
      }
    }
  }
}

/**
 * globalAveragePool: loops
 *     out = mean over h, w of x[n, c, h, w]
 * x: f32[1,3,4,4], in memory [n 1][h 4][w 4][c 3]
 * out: f32[1,3,1,1]
 */
export function globalAveragePool(x: Float32Array, out: Float32Array): void {
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let iy = 0; iy < 4; iy++) {
      for (let ix = 0; ix < 4; ix++) {
        sum += x[iy * (4 * 3) + ix * 3 + c];
      }
    }
    out[c] = sum / 16;
  }
}
