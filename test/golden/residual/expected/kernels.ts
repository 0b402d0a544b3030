// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The kernels of residual. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * layer1.0.bn1: loops
 *     out = a + b
 * a: f32[4]
 * b = 0.00001
 * out: f32[4]
 */
export function add(a: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 4; i0++) {
    out[i0] = a[i0] + 0.00001;
  }
}

/**
 * layer1.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[4]
 * out: f32[4]
 */
export function sqrt(x: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 4; i0++) {
    out[i0] = Math.sqrt(x[i0]);
  }
}

/**
 * layer1.0.bn1.scale: loops
 *     out = a / b
 * a: f32[4]
 * b: f32[4]
 * out: f32[4]
 */
export function div(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 4; i0++) {
    out[i0] = a[i0] / b[i0];
  }
}

/**
 * layer1.0.bn1.shift: loops
 *     out = a * b
 * a: f32[4]
 * b: f32[4]
 * out: f32[4]
 */
export function mul(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 4; i0++) {
    out[i0] = a[i0] * b[i0];
  }
}

/**
 * layer1.0.bn1.shift: loops
 *     out = a - b
 * a: f32[4]
 * b: f32[4]
 * out: f32[4]
 */
export function sub(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 4; i0++) {
    out[i0] = a[i0] - b[i0];
  }
}

/**
 * layer1.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[4,4,3,3], row-major
 * b: f32[4,1,1,1]
 * out: f32[4,4,3,3], row-major
 */
export function mul_3x3(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 4; n++) {
    for (let c = 0; c < 4; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (4 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (4 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[4,4,3,3], row-major
 * out: f32[4,4,3,3], in memory [o / 4: 1][kh 3][kw 3][i 4][o % 4]
 */
export function repack_rowMajor_to_ohwi4(x: Float32Array, out: Float32Array): void {
  for (let c1 = 0; c1 < 3; c1++) {
    for (let d2 = 0; d2 < 3; d2++) {
      for (let b3 = 0; b3 < 4; b3++) {
        for (let a4 = 0; a4 < 4; a4++) {
          out[c1 * 48 + d2 * 16 + b3 * 4 + a4] = x[a4 * 36 + b3 * 9 + c1 * 3 + d2];
        }
      }
    }
  }
}

/**
 * layer1.0.conv1 with layer1.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,4,6,6], row-major
 * weight: f32[4,4,3,3], in memory [o / 4: 1][kh 3][kw 3][i 4][o % 4]
 * bias: f32[4]
 * out: f32[1,4,6,6], in memory [n 1][h 6][w 6][c 4]
 */
export function conv2d_3x3_4to4_relu_1x4x6x6(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 6; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 7 - oy);
    // left border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 6 - 7;
        const wRow = ky * (3 * 4 * 4);
        for (let kx = 1; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (4 * 4);
          for (let ic = 0; ic < 4; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const x0 = x[xAt + ic * (6 * 6)];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
          }
        }
      }
      const outAt = oy * (6 * 4);
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 1] = Math.max(sum01, 0);
      out[outAt + 2] = Math.max(sum02, 0);
      out[outAt + 3] = Math.max(sum03, 0);
    }
    // interior, 2 pixels at a time
    for (let ox = 1; ox < 5; ox += 2) {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 6 + ox - 7;
        const wRow = ky * (3 * 4 * 4);
        for (let kx = 0; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (4 * 4);
          for (let ic = 0; ic < 4; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const xAt_2 = xAt + ic * (6 * 6);
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
      const outAt = oy * (6 * 4) + ox * 4;
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 1] = Math.max(sum01, 0);
      out[outAt + 2] = Math.max(sum02, 0);
      out[outAt + 3] = Math.max(sum03, 0);
      out[outAt + 4] = Math.max(sum10, 0);
      out[outAt + 5] = Math.max(sum11, 0);
      out[outAt + 6] = Math.max(sum12, 0);
      out[outAt + 7] = Math.max(sum13, 0);
    }
    // right border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 6 - 2;
        const wRow = ky * (3 * 4 * 4);
        for (let kx = 0; kx < 2; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * (4 * 4);
          for (let ic = 0; ic < 4; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const x0 = x[xAt + ic * (6 * 6)];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
          }
        }
      }
      const outAt = oy * (6 * 4);
      out[outAt + 20] = Math.max(sum00, 0);
      out[outAt + 21] = Math.max(sum01, 0);
      out[outAt + 22] = Math.max(sum02, 0);
      out[outAt + 23] = Math.max(sum03, 0);
    }
  }
}

/**
 * layer1.0.conv2 with layer1.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,4,6,6], in memory [n 1][h 6][w 6][c 4]
 * weight: f32[4,4,3,3], in memory [o / 4: 1][kh 3][kw 3][i 4][o % 4]
 * bias: f32[4]
 * residual: f32[1,4,6,6], row-major
 * out: f32[1,4,6,6], in memory [n 1][h 6][w 6][c 4]
 */
export function conv2d_3x3_4to4_add_relu_1x4x6x6(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 6; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 7 - oy);
    // left border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) - 28;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 4; i < 12; i++) {
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
      const residualAt = oy * 6;
      const outAt = oy * (6 * 4);
      out[outAt] = Math.max(sum00 + residual[residualAt], 0);
      out[outAt + 1] = Math.max(sum01 + residual[residualAt + 36], 0);
      out[outAt + 2] = Math.max(sum02 + residual[residualAt + 72], 0);
      out[outAt + 3] = Math.max(sum03 + residual[residualAt + 108], 0);
    }
    // interior, 2 pixels at a time
    for (let ox = 1; ox < 5; ox += 2) {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) + ox * 4 - 28;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 0; i < 12; i++) {
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
          const x1 = x[xAt + 4];
          sum10 += x1 * w0;
          sum11 += x1 * w1;
          sum12 += x1 * w2;
          sum13 += x1 * w3;
        }
      }
      const residualAt = oy * 6 + ox;
      const outAt = oy * (6 * 4) + ox * 4;
      out[outAt] = Math.max(sum00 + residual[residualAt], 0);
      out[outAt + 1] = Math.max(sum01 + residual[residualAt + 36], 0);
      out[outAt + 2] = Math.max(sum02 + residual[residualAt + 72], 0);
      out[outAt + 3] = Math.max(sum03 + residual[residualAt + 108], 0);
      out[outAt + 4] = Math.max(sum10 + residual[residualAt + 1], 0);
      out[outAt + 5] = Math.max(sum11 + residual[residualAt + 37], 0);
      out[outAt + 6] = Math.max(sum12 + residual[residualAt + 73], 0);
      out[outAt + 7] = Math.max(sum13 + residual[residualAt + 109], 0);
    }
    // right border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) - 8;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 0; i < 8; i++) {
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
      const residualAt = oy * 6;
      const outAt = oy * (6 * 4);
      out[outAt + 20] = Math.max(sum00 + residual[residualAt + 5], 0);
      out[outAt + 21] = Math.max(sum01 + residual[residualAt + 41], 0);
      out[outAt + 22] = Math.max(sum02 + residual[residualAt + 77], 0);
      out[outAt + 23] = Math.max(sum03 + residual[residualAt + 113], 0);
    }
  }
}

/**
 * layer1.1.conv1 with layer1.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,4,6,6], in memory [n 1][h 6][w 6][c 4]
 * weight: f32[4,4,3,3], in memory [o / 4: 1][kh 3][kw 3][i 4][o % 4]
 * bias: f32[4]
 * out: f32[1,4,6,6], in memory [n 1][h 6][w 6][c 4]
 */
export function conv2d_3x3_4to4_relu_1x4x6x6_v2(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 6; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 7 - oy);
    // left border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) - 28;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 4; i < 12; i++) {
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
      const outAt = oy * (6 * 4);
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 1] = Math.max(sum01, 0);
      out[outAt + 2] = Math.max(sum02, 0);
      out[outAt + 3] = Math.max(sum03, 0);
    }
    // interior, 2 pixels at a time
    for (let ox = 1; ox < 5; ox += 2) {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) + ox * 4 - 28;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 0; i < 12; i++) {
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
          const x1 = x[xAt + 4];
          sum10 += x1 * w0;
          sum11 += x1 * w1;
          sum12 += x1 * w2;
          sum13 += x1 * w3;
        }
      }
      const outAt = oy * (6 * 4) + ox * 4;
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 1] = Math.max(sum01, 0);
      out[outAt + 2] = Math.max(sum02, 0);
      out[outAt + 3] = Math.max(sum03, 0);
      out[outAt + 4] = Math.max(sum10, 0);
      out[outAt + 5] = Math.max(sum11, 0);
      out[outAt + 6] = Math.max(sum12, 0);
      out[outAt + 7] = Math.max(sum13, 0);
    }
    // right border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) - 8;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 0; i < 8; i++) {
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
      const outAt = oy * (6 * 4);
      out[outAt + 20] = Math.max(sum00, 0);
      out[outAt + 21] = Math.max(sum01, 0);
      out[outAt + 22] = Math.max(sum02, 0);
      out[outAt + 23] = Math.max(sum03, 0);
    }
  }
}

/**
 * layer1.1.conv2 with layer1.1.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,4,6,6], in memory [n 1][h 6][w 6][c 4]
 * weight: f32[4,4,3,3], in memory [o / 4: 1][kh 3][kw 3][i 4][o % 4]
 * bias: f32[4]
 * residual: f32[1,4,6,6], in memory [n 1][h 6][w 6][c 4]
 * out: f32[1,4,6,6], row-major
 */
export function conv2d_3x3_4to4_add_relu_1x4x6x6_v2(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 6; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 7 - oy);
    // left border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) - 28;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 4; i < 12; i++) {
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
      const residualAt = oy * (6 * 4);
      const outAt = oy * 6;
      out[outAt] = Math.max(sum00 + residual[residualAt], 0);
      out[outAt + 36] = Math.max(sum01 + residual[residualAt + 1], 0);
      out[outAt + 72] = Math.max(sum02 + residual[residualAt + 2], 0);
      out[outAt + 108] = Math.max(sum03 + residual[residualAt + 3], 0);
    }
    // interior, 2 pixels at a time
    for (let ox = 1; ox < 5; ox += 2) {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) + ox * 4 - 28;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 0; i < 12; i++) {
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
          const x1 = x[xAt + 4];
          sum10 += x1 * w0;
          sum11 += x1 * w1;
          sum12 += x1 * w2;
          sum13 += x1 * w3;
        }
      }
      const residualAt = oy * (6 * 4) + ox * 4;
      const outAt = oy * 6 + ox;
      out[outAt] = Math.max(sum00 + residual[residualAt], 0);
      out[outAt + 36] = Math.max(sum01 + residual[residualAt + 1], 0);
      out[outAt + 72] = Math.max(sum02 + residual[residualAt + 2], 0);
      out[outAt + 108] = Math.max(sum03 + residual[residualAt + 3], 0);
      out[outAt + 1] = Math.max(sum10 + residual[residualAt + 4], 0);
      out[outAt + 37] = Math.max(sum11 + residual[residualAt + 5], 0);
      out[outAt + 73] = Math.max(sum12 + residual[residualAt + 6], 0);
      out[outAt + 109] = Math.max(sum13 + residual[residualAt + 7], 0);
    }
    // right border, without the columns of the kernel that fall outside x
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * (6 * 4) - 8;
        const wRow = ky * (3 * 4 * 4);
        for (let i = 0; i < 8; i++) {
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
      const residualAt = oy * (6 * 4);
      const outAt = oy * 6;
      out[outAt + 5] = Math.max(sum00 + residual[residualAt + 20], 0);
      out[outAt + 41] = Math.max(sum01 + residual[residualAt + 21], 0);
      out[outAt + 77] = Math.max(sum02 + residual[residualAt + 22], 0);
      out[outAt + 113] = Math.max(sum03 + residual[residualAt + 23], 0);
    }
  }
}
