// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The kernels of conv-relu. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[5,2,3,3], row-major
 * out: f32[5,2,3,3], in memory [o / 4: 2][kh 3][kw 3][i 2][o % 4], filled up with zeros
 */
export function repack_rowMajor_to_ohwi4(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 2; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 2; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 72 + c1 * 24 + d2 * 8 + b3 * 4 + a4] =
              a0 * 4 + a4 < 5 ? x[(a0 * 4 + a4) * 18 + b3 * 9 + c1 * 3 + d2] : 0;
          }
        }
      }
    }
  }
}

/**
 * conv + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,2,5,5], row-major
 * weight: f32[5,2,3,3], in memory [o / 4: 2][kh 3][kw 3][i 2][o % 4], filled up with zeros
 * bias: f32[5]
 * out: f32[1,5,5,5], row-major
 */
export function conv2d_3x3_2to5_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 5; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 6 - oy);
    // channels 0 to 3: left border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 5 - 6;
        const wRow = ky * (3 * 2 * 4);
        for (let kx = 1; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 4);
          for (let ic = 0; ic < 2; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const x0 = x[xAt + ic * (5 * 5)];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
          }
        }
      }
      const outAt = oy * 5;
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 25] = Math.max(sum01, 0);
      out[outAt + 50] = Math.max(sum02, 0);
      out[outAt + 75] = Math.max(sum03, 0);
    }
    // channels 0 to 3: interior, 2 pixels at a time
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 5 - 5;
        const wRow = ky * (3 * 2 * 4);
        for (let kx = 0; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 4);
          for (let ic = 0; ic < 2; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const xAt_2 = xAt + ic * (5 * 5);
            const x0 = x[xAt_2];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
            const x1 = x[xAt_2 + 1];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
      }
      const outAt = oy * 5;
      out[outAt + 1] = Math.max(sum00, 0);
      out[outAt + 26] = Math.max(sum01, 0);
      out[outAt + 51] = Math.max(sum02, 0);
      out[outAt + 76] = Math.max(sum03, 0);
      out[outAt + 2] = Math.max(sum10, 0);
      out[outAt + 27] = Math.max(sum11, 0);
      out[outAt + 52] = Math.max(sum12, 0);
      out[outAt + 77] = Math.max(sum13, 0);
    }
    // channels 0 to 3: interior, the last pixel
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 5 - 3;
        const wRow = ky * (3 * 2 * 4);
        for (let kx = 0; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 4);
          for (let ic = 0; ic < 2; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const x0 = x[xAt + ic * (5 * 5)];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
          }
        }
      }
      const outAt = oy * 5;
      out[outAt + 3] = Math.max(sum00, 0);
      out[outAt + 28] = Math.max(sum01, 0);
      out[outAt + 53] = Math.max(sum02, 0);
      out[outAt + 78] = Math.max(sum03, 0);
    }
    // channels 0 to 3: right border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 5 - 2;
        const wRow = ky * (3 * 2 * 4);
        for (let kx = 0; kx < 2; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 4);
          for (let ic = 0; ic < 2; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const x0 = x[xAt + ic * (5 * 5)];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
          }
        }
      }
      const outAt = oy * 5;
      out[outAt + 4] = Math.max(sum00, 0);
      out[outAt + 29] = Math.max(sum01, 0);
      out[outAt + 54] = Math.max(sum02, 0);
      out[outAt + 79] = Math.max(sum03, 0);
    }
    // the last channel: left border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[4];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 5 - 6;
        const wRow = ky * (3 * 2 * 4) + 72;
        for (let kx = 1; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 4);
          for (let ic = 0; ic < 2; ic++) {
            const w0 = weight[wAt + ic * 4];
            const x0 = x[xAt + ic * (5 * 5)];
            sum00 += x0 * w0;
          }
        }
      }
      out[oy * 5 + 100] = Math.max(sum00, 0);
    }
    // the last channel: interior, 2 pixels at a time
    {
      let sum00 = bias[4];
      let sum10 = bias[4];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 5 - 5;
        const wRow = ky * (3 * 2 * 4) + 72;
        for (let kx = 0; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 4);
          for (let ic = 0; ic < 2; ic++) {
            const w0 = weight[wAt + ic * 4];
            const xAt_2 = xAt + ic * (5 * 5);
            const x0 = x[xAt_2];
            sum00 += x0 * w0;
            const x1 = x[xAt_2 + 1];
            sum10 += x1 * w0;
          }
        }
      }
      const outAt = oy * 5;
      out[outAt + 101] = Math.max(sum00, 0);
      out[outAt + 102] = Math.max(sum10, 0);
    }
    // the last channel: interior, the last pixel
    {
      let sum00 = bias[4];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 5 - 3;
        const wRow = ky * (3 * 2 * 4) + 72;
        for (let kx = 0; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 4);
          for (let ic = 0; ic < 2; ic++) {
            const w0 = weight[wAt + ic * 4];
            const x0 = x[xAt + ic * (5 * 5)];
            sum00 += x0 * w0;
          }
        }
      }
      out[oy * 5 + 103] = Math.max(sum00, 0);
    }
    // the last channel: right border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[4];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 5 - 2;
        const wRow = ky * (3 * 2 * 4) + 72;
        for (let kx = 0; kx < 2; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (2 * 4);
          for (let ic = 0; ic < 2; ic++) {
            const w0 = weight[wAt + ic * 4];
            const x0 = x[xAt + ic * (5 * 5)];
            sum00 += x0 * w0;
          }
        }
      }
      out[oy * 5 + 104] = Math.max(sum00, 0);
    }
  }
}
