/**
 * The kernels of lenet5. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[6,1,5,5], row-major
 * out: f32[6,1,5,5], in memory [o / 4: 2][kh 5][kw 5][i 1][o % 4], filled up with zeros
 */
export function repack_rowMajor_to_ohwi4_6x1x5x5(x, out) {
  for (let a0 = 0; a0 < 2; a0++) {
    for (let c1 = 0; c1 < 5; c1++) {
      for (let d2 = 0; d2 < 5; d2++) {
        for (let a4 = 0; a4 < 4; a4++) {
          out[a0 * 100 + c1 * 20 + d2 * 4 + a4] = a0 * 4 + a4 < 6 ? x[(a0 * 4 + a4) * 25 + c1 * 5 + d2] : 0;
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[16,6,5,5], row-major
 * out: f32[16,6,5,5], in memory [o / 4: 4][kh 5][kw 5][i 6][o % 4]
 */
export function repack_rowMajor_to_ohwi4_16x6x5x5(x, out) {
  for (let a0 = 0; a0 < 4; a0++) {
    for (let c1 = 0; c1 < 5; c1++) {
      for (let d2 = 0; d2 < 5; d2++) {
        for (let b3 = 0; b3 < 6; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 600 + c1 * 120 + d2 * 24 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 150 + b3 * 25 + c1 * 5 + d2];
          }
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[120,16,5,5], row-major
 * out: f32[120,16,5,5], in memory [o / 4: 30][kh 5][kw 5][i 16][o % 4]
 */
export function repack_rowMajor_to_ohwi4_120x16x5x5(x, out) {
  for (let a0 = 0; a0 < 30; a0++) {
    for (let c1 = 0; c1 < 5; c1++) {
      for (let d2 = 0; d2 < 5; d2++) {
        for (let b3 = 0; b3 < 16; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 1600 + c1 * 320 + d2 * 64 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 400 + b3 * 25 + c1 * 5 + d2];
          }
        }
      }
    }
  }
}

/**
 * convnet.c1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over kh, kw of weight[o, 0, kh, kw] * x[n, 0, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,1,32,32], row-major
 * weight: f32[6,1,5,5], in memory [o / 4: 2][kh 5][kw 5][i 1][o % 4], filled up with zeros
 * bias: f32[6]
 * out: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 */
export function conv2d_5x5_1to6_relu(x, weight, bias, out) {
  for (let oy = 0; oy < 28; oy++) {
    // channels 0 to 3: 2 pixels at a time
    for (let ox = 0; ox < 28; ox += 2) {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      for (let ky = 0; ky < 5; ky++) {
        const xRow = (oy + ky) * 32 + ox;
        const wRow = ky * (5 * 4);
        for (let kx = 0; kx < 5; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * 4;
          const w0 = weight[wAt];
          const w1 = weight[wAt + 1];
          const w2 = weight[wAt + 2];
          const w3 = weight[wAt + 3];
          const x0 = x[xAt];
          sum00 += x0 * w0;
          sum01 += x0 * w1;
          sum02 += x0 * w2;
          sum03 += x0 * w3;
          const x1 = x[xAt + 1];
          sum10 += x1 * w0;
          sum11 += x1 * w1;
          sum12 += x1 * w2;
          sum13 += x1 * w3;
        }
      }
      const outAt = oy * (28 * 6) + ox * 6;
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 1] = Math.max(sum01, 0);
      out[outAt + 2] = Math.max(sum02, 0);
      out[outAt + 3] = Math.max(sum03, 0);
      out[outAt + 6] = Math.max(sum10, 0);
      out[outAt + 7] = Math.max(sum11, 0);
      out[outAt + 8] = Math.max(sum12, 0);
      out[outAt + 9] = Math.max(sum13, 0);
    }
    // the last 2 channels: 2 pixels at a time
    for (let ox = 0; ox < 28; ox += 2) {
      let sum00 = bias[4];
      let sum01 = bias[5];
      let sum10 = bias[4];
      let sum11 = bias[5];
      for (let ky = 0; ky < 5; ky++) {
        const xRow = (oy + ky) * 32 + ox;
        const wRow = ky * (5 * 4) + 100;
        for (let kx = 0; kx < 5; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * 4;
          const w0 = weight[wAt];
          const w1 = weight[wAt + 1];
          const x0 = x[xAt];
          sum00 += x0 * w0;
          sum01 += x0 * w1;
          const x1 = x[xAt + 1];
          sum10 += x1 * w0;
          sum11 += x1 * w1;
        }
      }
      const outAt = oy * (28 * 6) + ox * 6;
      out[outAt + 4] = Math.max(sum00, 0);
      out[outAt + 5] = Math.max(sum01, 0);
      out[outAt + 10] = Math.max(sum10, 0);
      out[outAt + 11] = Math.max(sum11, 0);
    }
  }
}

/**
 * maxPool: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 * out: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 */
export function maxPool_2x2_s2_6(x, out) {
  for (let oy = 0; oy < 14; oy++) {
    for (let ox = 0; ox < 14; ox++) {
      for (let c = 0; c < 6; c++) {
        const firstRow = oy * 2;
        const firstColumn = ox * 2;
        let best = x[firstRow * (28 * 6) + firstColumn * 6 + c];
        for (let ky = 0; ky < 2; ky++) {
          const row = oy * 2 + ky;
          for (let kx = 0; kx < 2; kx++) {
            const column = ox * 2 + kx;
            best = Math.max(best, x[row * (28 * 6) + column * 6 + c]);
          }
        }
        out[oy * (14 * 6) + ox * 6 + c] = best;
      }
    }
  }
}

/**
 * convnet.c3 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 * weight: f32[16,6,5,5], in memory [o / 4: 4][kh 5][kw 5][i 6][o % 4]
 * bias: f32[16]
 * out: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
 */
export function conv2d_5x5_6to16_relu(x, weight, bias, out) {
  for (let oy = 0; oy < 10; oy++) {
    for (let block = 0; block < 4; block++) {
      // 2 pixels at a time
      for (let ox = 0; ox < 10; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = 0; ky < 5; ky++) {
          const xRow = (oy + ky) * (14 * 6) + ox * 6;
          const wRow = block * (5 * 5 * 6 * 4) + ky * (5 * 6 * 4);
          for (let i = 0; i < 30; i++) {
            const weightAt = wRow + i * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const xAt = xRow + i;
            const x0 = x[xAt];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
            const x1 = x[xAt + 6];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * (10 * 16) + ox * 16 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 16] = Math.max(sum10, 0);
        out[outAt + 17] = Math.max(sum11, 0);
        out[outAt + 18] = Math.max(sum12, 0);
        out[outAt + 19] = Math.max(sum13, 0);
      }
    }
  }
}

/**
 * maxPool2: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
 * out: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 */
export function maxPool_2x2_s2_16(x, out) {
  for (let oy = 0; oy < 5; oy++) {
    for (let ox = 0; ox < 5; ox++) {
      for (let c = 0; c < 16; c++) {
        const firstRow = oy * 2;
        const firstColumn = ox * 2;
        let best = x[firstRow * (10 * 16) + firstColumn * 16 + c];
        for (let ky = 0; ky < 2; ky++) {
          const row = oy * 2 + ky;
          for (let kx = 0; kx < 2; kx++) {
            const column = ox * 2 + kx;
            best = Math.max(best, x[row * (10 * 16) + column * 16 + c]);
          }
        }
        out[oy * (5 * 16) + ox * 16 + c] = best;
      }
    }
  }
}

/**
 * convnet.c5 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 * weight: f32[120,16,5,5], in memory [o / 4: 30][kh 5][kw 5][i 16][o % 4]
 * bias: f32[120]
 * out: f32[1,120,1,1]
 */
export function conv2d_5x5_16to120_relu(x, weight, bias, out) {
  for (let block = 0; block < 30; block++) {
    // the last pixel
    {
      const biasAt = block * 4;
      let sum00 = bias[biasAt];
      let sum01 = bias[biasAt + 1];
      let sum02 = bias[biasAt + 2];
      let sum03 = bias[biasAt + 3];
      for (let ky = 0; ky < 5; ky++) {
        const xRow = ky * (5 * 16);
        const wRow = block * (5 * 5 * 16 * 4) + ky * (5 * 16 * 4);
        for (let i = 0; i < 80; i++) {
          const weightAt = wRow + i * 4;
          const w0 = weight[weightAt];
          const w1 = weight[weightAt + 1];
          const w2 = weight[weightAt + 2];
          const w3 = weight[weightAt + 3];
          const x0 = x[xRow + i];
          sum00 += x0 * w0;
          sum01 += x0 * w1;
          sum02 += x0 * w2;
          sum03 += x0 * w3;
        }
      }
      const outAt = block * 4;
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 1] = Math.max(sum01, 0);
      out[outAt + 2] = Math.max(sum02, 0);
      out[outAt + 3] = Math.max(sum03, 0);
    }
  }
}

/**
 * fc.f6 + relu: dot products, 1 x 4
 *     value = bias[o] + sum over i of weight[o, i] * x[n, i]
 *     out = max(value, 0)
 * x: f32[1,120]
 * weight: f32[84,120], row-major
 * bias: f32[84]
 * out: f32[1,84]
 */
export function linear_120to84_relu(x, weight, bias, out) {
  for (let o = 0; o < 84; o += 4) {
    let sum00 = bias[o];
    let sum01 = bias[o + 1];
    let sum02 = bias[o + 2];
    let sum03 = bias[o + 3];
    for (let i = 0; i < 120; i++) {
      const x0 = x[i];
      const weightAt = o * 120 + i;
      const w0 = weight[weightAt];
      sum00 += x0 * w0;
      const w1 = weight[weightAt + 120];
      sum01 += x0 * w1;
      const w2 = weight[weightAt + 240];
      sum02 += x0 * w2;
      const w3 = weight[weightAt + 360];
      sum03 += x0 * w3;
    }
    out[o] = Math.max(sum00, 0);
    out[o + 1] = Math.max(sum01, 0);
    out[o + 2] = Math.max(sum02, 0);
    out[o + 3] = Math.max(sum03, 0);
  }
}

/**
 * fc.f7: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,84]
 * weight: f32[10,84], row-major
 * bias: f32[10]
 * out: f32[1,10]
 */
export function linear_84to10(x, weight, bias, out) {
  // columns 0 to 7, 4 at a time
  for (let o = 0; o < 8; o += 4) {
    let sum00 = bias[o];
    let sum01 = bias[o + 1];
    let sum02 = bias[o + 2];
    let sum03 = bias[o + 3];
    for (let i = 0; i < 84; i++) {
      const x0 = x[i];
      const weightAt = o * 84 + i;
      const w0 = weight[weightAt];
      sum00 += x0 * w0;
      const w1 = weight[weightAt + 84];
      sum01 += x0 * w1;
      const w2 = weight[weightAt + 168];
      sum02 += x0 * w2;
      const w3 = weight[weightAt + 252];
      sum03 += x0 * w3;
    }
    out[o] = sum00;
    out[o + 1] = sum01;
    out[o + 2] = sum02;
    out[o + 3] = sum03;
  }
  // the last 2 columns
  {
    let sum00 = bias[8];
    let sum01 = bias[9];
    for (let i = 0; i < 84; i++) {
      const x0 = x[i];
      const w0 = weight[i + 672];
      sum00 += x0 * w0;
      const w1 = weight[i + 756];
      sum01 += x0 * w1;
    }
    out[8] = sum00;
    out[9] = sum01;
  }
}
