// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The kernels of grouped-strided. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[8,2,3,3], row-major
 * out: f32[8,2,3,3], in memory [o / 4: 2][kh 3][kw 3][i 2][o % 4]
 */
export function repack_rowMajor_to_ohwi4(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 2; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 2; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 72 + c1 * 24 + d2 * 8 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 18 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * grouped + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, 2 * floor(o / 4) + i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,4,8,8], row-major
 * weight: f32[8,2,3,3], in memory [o / 4: 2][kh 3][kw 3][i 2][o % 4]
 * bias: f32[8]
 * out: f32[1,8,4,4], in memory [n 1][h 4][w 4][c 8]
 */
export function conv2d_3x3_s2_4to8_g2_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 4; oy++) {
    const kyFirst = Math.max(0, 1 - oy * 2);
    for (let group = 0; group < 2; group++) {
      const firstInput = group * 2;
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = group * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = firstInput * (8 * 8) + (oy * 2 + ky) * (2 * 4) - 9;
          const wRow = group * (3 * 3 * 2 * 4) + ky * (3 * 2 * 4);
          for (let kx = 1; kx < 3; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (2 * 4);
            for (let ic = 0; ic < 2; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const x0 = x[xAt + ic * (8 * 8)];
              sum00 += x0 * w0;
              sum01 += x0 * w1;
              sum02 += x0 * w2;
              sum03 += x0 * w3;
            }
          }
        }
        const outAt = oy * (4 * 8) + group * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      {
        const biasAt = group * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = firstInput * (8 * 8) + (oy * 2 + ky) * (2 * 4) - 7;
          const wRow = group * (3 * 3 * 2 * 4) + ky * (3 * 2 * 4);
          for (let kx = 0; kx < 3; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (2 * 4);
            for (let ic = 0; ic < 2; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const xAt_2 = xAt + ic * (8 * 8);
              const x0 = x[xAt_2];
              sum00 += x0 * w0;
              sum01 += x0 * w1;
              sum02 += x0 * w2;
              sum03 += x0 * w3;
              const x1 = x[xAt_2 + 2];
              sum10 += x1 * w0;
              sum11 += x1 * w1;
              sum12 += x1 * w2;
              sum13 += x1 * w3;
            }
          }
        }
        const outAt = oy * (4 * 8) + group * 4;
        out[outAt + 8] = Math.max(sum00, 0);
        out[outAt + 9] = Math.max(sum01, 0);
        out[outAt + 10] = Math.max(sum02, 0);
        out[outAt + 11] = Math.max(sum03, 0);
        out[outAt + 16] = Math.max(sum10, 0);
        out[outAt + 17] = Math.max(sum11, 0);
        out[outAt + 18] = Math.max(sum12, 0);
        out[outAt + 19] = Math.max(sum13, 0);
      }
      // interior, the last pixel
      {
        const biasAt = group * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = firstInput * (8 * 8) + (oy * 2 + ky) * (2 * 4) - 3;
          const wRow = group * (3 * 3 * 2 * 4) + ky * (3 * 2 * 4);
          for (let kx = 0; kx < 3; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (2 * 4);
            for (let ic = 0; ic < 2; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const x0 = x[xAt + ic * (8 * 8)];
              sum00 += x0 * w0;
              sum01 += x0 * w1;
              sum02 += x0 * w2;
              sum03 += x0 * w3;
            }
          }
        }
        const outAt = oy * (4 * 8) + group * 4;
        out[outAt + 24] = Math.max(sum00, 0);
        out[outAt + 25] = Math.max(sum01, 0);
        out[outAt + 26] = Math.max(sum02, 0);
        out[outAt + 27] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * depthwise: loops
 *     out = bias[o] + sum over kh, kw of weight[o, 0, kh, kw] * x[n, o, h + kh - 1, w + kw - 1]
 * x: f32[1,8,4,4], in memory [n 1][h 4][w 4][c 8]
 * weight: f32[8,1,3,3], row-major
 * bias: f32[8]
 * out: f32[1,8,4,4], row-major
 */
export function depthwise_3x3_8(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let group = 0; group < 8; group++) {
    for (let oy = 0; oy < 4; oy++) {
      for (let ox = 0; ox < 4; ox++) {
        let sum = bias[group];
        for (let ky = 0; ky < 3; ky++) {
          const row = oy + ky - 1;
          if (row >= 0 && row < 4) {
            for (let kx = 0; kx < 3; kx++) {
              const column = ox + kx - 1;
              if (column >= 0 && column < 4) {
                sum += x[row * (4 * 8) + column * 8 + group] * weight[group * (3 * 3) + ky * 3 + kx];
              }
            }
          }
        }
        out[group * (4 * 4) + oy * 4 + ox] = sum;
      }
    }
  }
}
