/**
 * The kernels of pools. Every shape is a constant; arrays are flat, channels last unless a comment
 * says otherwise. Sums are kept in doubles and rounded once, when they are stored.
 */

/** maxPool: loops */
export function maxPool_3x3_s2_3(x: Float32Array, out: Float32Array): void {
  for (let y = 0; y < 4; y++) {
    for (let x_2 = 0; x_2 < 4; x_2++) {
      for (let c = 0; c < 3; c++) {
        const firstRow = y * 2 + Math.max(1 - y * 2, 0) - 1;
        const firstColumn = x_2 * 2 + Math.max(1 - x_2 * 2, 0) - 1;
        let best = x[c * 64 + firstRow * 8 + firstColumn];
        for (let ky = Math.max(1 - y * 2, 0); ky < 3; ky++) {
          const row = y * 2 + ky - 1;
          for (let kx = Math.max(1 - x_2 * 2, 0); kx < 3; kx++) {
            const column = x_2 * 2 + kx - 1;
            best = Math.max(best, x[c * 64 + row * 8 + column]);
          }
        }
        out[y * 12 + x_2 * 3 + c] = best;
      }
    }
  }
}

/** averagePool: loops */
export function averagePool_2x2_s2_3(x: Float32Array, out: Float32Array): void {
  for (let y = 0; y < 2; y++) {
    for (let x_2 = 0; x_2 < 2; x_2++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let ky = 0; ky < 2; ky++) {
          const row = y * 2 + ky;
          for (let kx = 0; kx < 2; kx++) {
            const column = x_2 * 2 + kx;
            sum += x[row * 12 + column * 3 + c];
          }
        }
        out[c * 4 + y * 2 + x_2] = sum / 4;
      }
    }
  }
}

/** globalAveragePool: loops */
export function globalAveragePool(x: Float32Array, out: Float32Array): void {
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let y = 0; y < 4; y++) {
      for (let x_2 = 0; x_2 < 4; x_2++) {
        sum += x[y * 12 + x_2 * 3 + c];
      }
    }
    out[c] = sum / 16;
  }
}
