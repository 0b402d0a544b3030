/**
 * The kernels of pools. Every shape is a constant; arrays are flat, channels last unless a comment
 * says otherwise. Sums are kept in doubles and rounded once, when they are stored.
 */

/** maxPool: loops */
export function maxPool_3x3_s2_3(x: Float32Array, out: Float32Array): void {
  for (let oy = 0; oy < 4; oy++) {
    for (let ox = 0; ox < 4; ox++) {
      for (let c = 0; c < 3; c++) {
        const firstRow = oy * 2 + Math.max(1 - oy * 2, 0) - 1;
        const firstColumn = ox * 2 + Math.max(1 - ox * 2, 0) - 1;
        let best = x[c * 64 + firstRow * 8 + firstColumn];
        for (let ky = Math.max(1 - oy * 2, 0); ky < 3; ky++) {
          const row = oy * 2 + ky - 1;
          for (let kx = Math.max(1 - ox * 2, 0); kx < 3; kx++) {
            const column = ox * 2 + kx - 1;
            best = Math.max(best, x[c * 64 + row * 8 + column]);
          }
        }
        out[oy * 12 + ox * 3 + c] = best;
      }
    }
  }
}

/** averagePool: loops */
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
        out[c * 4 + oy * 2 + ox] = sum / 4;
      }
    }
  }
}

/** globalAveragePool: loops */
export function globalAveragePool(x: Float32Array, out: Float32Array): void {
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let iy = 0; iy < 4; iy++) {
      for (let ix = 0; ix < 4; ix++) {
        sum += x[iy * 12 + ix * 3 + c];
      }
    }
    out[c] = sum / 16;
  }
}
