// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The kernels of flatten. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[2,1,3,3], row-major
 * out: f32[2,1,3,3], in memory [o / 4: 1][kh 3][kw 3][i 1][o % 4], filled up with zeros
 */
export function repack_rowMajor_to_ohwi4(x: Float32Array, out: Float32Array): void {
  for (let c1 = 0; c1 < 3; c1++) {
    for (let d2 = 0; d2 < 3; d2++) {
      for (let a4 = 0; a4 < 4; a4++) {
        out[c1 * 12 + d2 * 4 + a4] = a4 < 2 ? x[a4 * 9 + c1 * 3 + d2] : 0;
      }
    }
  }
}

/**
 * conv + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over kh, kw of weight[o, 0, kh, kw] * x[n, 0, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,1,4,4], row-major
 * weight: f32[2,1,3,3], in memory [o / 4: 1][kh 3][kw 3][i 1][o % 4], filled up with zeros
 * bias: f32[2]
 * out: f32[1,2,2,2], row-major
 */
export function conv2d_3x3_1to2_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 2; oy++) {
    // 2 pixels at a time
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum10 = bias[0];
      let sum11 = bias[1];
      for (let ky = 0; ky < 3; ky++) {
        const xRow = (oy + ky) * (2 * 2);
        const wRow = ky * (3 * 4);
        for (let kx = 0; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 2);
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
      const outAt = oy * 2;
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 4] = Math.max(sum01, 0);
      out[outAt + 1] = Math.max(sum10, 0);
      out[outAt + 5] = Math.max(sum11, 0);
    }
  }
}

/**
 * fc: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,8]
 * weight: f32[3,8], row-major
 * bias: f32[3]
 * out: f32[1,3]
 */
export function linear_8to3(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  // all columns
  {
    let sum00 = bias[0];
    let sum01 = bias[1];
    let sum02 = bias[2];
    for (let i = 0; i < 8; i++) {
      const x0 = x[i];
      const w0 = weight[i];
      sum00 += x0 * w0;
      const w1 = weight[i + 8];
      sum01 += x0 * w1;
      const w2 = weight[i + 16];
      sum02 += x0 * w2;
    }
    out[0] = sum00;
    out[1] = sum01;
    out[2] = sum02;
  }
}
