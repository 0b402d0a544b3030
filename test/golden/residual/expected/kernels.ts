/**
 * The kernels of residual. Every shape is a constant; arrays are flat, channels last unless a comment
 * says otherwise. Sums are kept in doubles and rounded once, when they are stored.
 */

/** layer1.0.conv1 with layer1.0.bn1 + relu: direct, 4 pixels x 4 channels */
export function conv2d_3x3_4to4_relu_1x4x6x6(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 6; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 7 - oy);
    // left border: columns of the kernel outside of the input are left out
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 6 - 7;
        const wRow = ky * 48;
        for (let kx = 1; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * 16;
          for (let ic = 0; ic < 4; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const x0 = x[xAt + ic * 36];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
          }
        }
      }
      const outAt = oy * 24;
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 1] = Math.max(sum01, 0);
      out[outAt + 2] = Math.max(sum02, 0);
      out[outAt + 3] = Math.max(sum03, 0);
    }
    // interior, 4 pixels at a time
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      let sum20 = bias[0];
      let sum21 = bias[1];
      let sum22 = bias[2];
      let sum23 = bias[3];
      let sum30 = bias[0];
      let sum31 = bias[1];
      let sum32 = bias[2];
      let sum33 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 6 - 6;
        const wRow = ky * 48;
        for (let kx = 0; kx < 3; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * 16;
          for (let ic = 0; ic < 4; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const xAt_2 = xAt + ic * 36;
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
            const x2 = x[xAt_2 + 2];
            sum20 += x2 * w0;
            sum21 += x2 * w1;
            sum22 += x2 * w2;
            sum23 += x2 * w3;
            const x3 = x[xAt_2 + 3];
            sum30 += x3 * w0;
            sum31 += x3 * w1;
            sum32 += x3 * w2;
            sum33 += x3 * w3;
          }
        }
      }
      const outAt = oy * 24;
      out[outAt + 4] = Math.max(sum00, 0);
      out[outAt + 5] = Math.max(sum01, 0);
      out[outAt + 6] = Math.max(sum02, 0);
      out[outAt + 7] = Math.max(sum03, 0);
      out[outAt + 8] = Math.max(sum10, 0);
      out[outAt + 9] = Math.max(sum11, 0);
      out[outAt + 10] = Math.max(sum12, 0);
      out[outAt + 11] = Math.max(sum13, 0);
      out[outAt + 12] = Math.max(sum20, 0);
      out[outAt + 13] = Math.max(sum21, 0);
      out[outAt + 14] = Math.max(sum22, 0);
      out[outAt + 15] = Math.max(sum23, 0);
      out[outAt + 16] = Math.max(sum30, 0);
      out[outAt + 17] = Math.max(sum31, 0);
      out[outAt + 18] = Math.max(sum32, 0);
      out[outAt + 19] = Math.max(sum33, 0);
    }
    // right border
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 6 - 2;
        const wRow = ky * 48;
        for (let kx = 0; kx < 2; kx++) {
          const xAt = xRow + kx;
          const wAt = wRow + kx * 16;
          for (let ic = 0; ic < 4; ic++) {
            const weightAt = wAt + ic * 4;
            const w0 = weight[weightAt];
            const w1 = weight[weightAt + 1];
            const w2 = weight[weightAt + 2];
            const w3 = weight[weightAt + 3];
            const x0 = x[xAt + ic * 36];
            sum00 += x0 * w0;
            sum01 += x0 * w1;
            sum02 += x0 * w2;
            sum03 += x0 * w3;
          }
        }
      }
      const outAt = oy * 24;
      out[outAt + 20] = Math.max(sum00, 0);
      out[outAt + 21] = Math.max(sum01, 0);
      out[outAt + 22] = Math.max(sum02, 0);
      out[outAt + 23] = Math.max(sum03, 0);
    }
  }
}

/** layer1.0.conv2 with layer1.0.bn2 + add + relu: direct, 4 pixels x 4 channels */
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
    // left border: columns of the kernel outside of the input are left out
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 28;
        const wRow = ky * 48;
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
      const outAt = oy * 24;
      out[outAt] = Math.max(sum00 + residual[residualAt], 0);
      out[outAt + 1] = Math.max(sum01 + residual[residualAt + 36], 0);
      out[outAt + 2] = Math.max(sum02 + residual[residualAt + 72], 0);
      out[outAt + 3] = Math.max(sum03 + residual[residualAt + 108], 0);
    }
    // interior, 4 pixels at a time
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      let sum20 = bias[0];
      let sum21 = bias[1];
      let sum22 = bias[2];
      let sum23 = bias[3];
      let sum30 = bias[0];
      let sum31 = bias[1];
      let sum32 = bias[2];
      let sum33 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 24;
        const wRow = ky * 48;
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
          const x2 = x[xAt + 8];
          sum20 += x2 * w0;
          sum21 += x2 * w1;
          sum22 += x2 * w2;
          sum23 += x2 * w3;
          const x3 = x[xAt + 12];
          sum30 += x3 * w0;
          sum31 += x3 * w1;
          sum32 += x3 * w2;
          sum33 += x3 * w3;
        }
      }
      const residualAt = oy * 6;
      const outAt = oy * 24;
      out[outAt + 4] = Math.max(sum00 + residual[residualAt + 1], 0);
      out[outAt + 5] = Math.max(sum01 + residual[residualAt + 37], 0);
      out[outAt + 6] = Math.max(sum02 + residual[residualAt + 73], 0);
      out[outAt + 7] = Math.max(sum03 + residual[residualAt + 109], 0);
      out[outAt + 8] = Math.max(sum10 + residual[residualAt + 2], 0);
      out[outAt + 9] = Math.max(sum11 + residual[residualAt + 38], 0);
      out[outAt + 10] = Math.max(sum12 + residual[residualAt + 74], 0);
      out[outAt + 11] = Math.max(sum13 + residual[residualAt + 110], 0);
      out[outAt + 12] = Math.max(sum20 + residual[residualAt + 3], 0);
      out[outAt + 13] = Math.max(sum21 + residual[residualAt + 39], 0);
      out[outAt + 14] = Math.max(sum22 + residual[residualAt + 75], 0);
      out[outAt + 15] = Math.max(sum23 + residual[residualAt + 111], 0);
      out[outAt + 16] = Math.max(sum30 + residual[residualAt + 4], 0);
      out[outAt + 17] = Math.max(sum31 + residual[residualAt + 40], 0);
      out[outAt + 18] = Math.max(sum32 + residual[residualAt + 76], 0);
      out[outAt + 19] = Math.max(sum33 + residual[residualAt + 112], 0);
    }
    // right border
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 8;
        const wRow = ky * 48;
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
      const outAt = oy * 24;
      out[outAt + 20] = Math.max(sum00 + residual[residualAt + 5], 0);
      out[outAt + 21] = Math.max(sum01 + residual[residualAt + 41], 0);
      out[outAt + 22] = Math.max(sum02 + residual[residualAt + 77], 0);
      out[outAt + 23] = Math.max(sum03 + residual[residualAt + 113], 0);
    }
  }
}

/** layer1.1.conv1 with layer1.1.bn1 + relu: direct, 4 pixels x 4 channels */
export function conv2d_3x3_4to4_relu_1x4x6x6_v2(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 6; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 7 - oy);
    // left border: columns of the kernel outside of the input are left out
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 28;
        const wRow = ky * 48;
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
      const outAt = oy * 24;
      out[outAt] = Math.max(sum00, 0);
      out[outAt + 1] = Math.max(sum01, 0);
      out[outAt + 2] = Math.max(sum02, 0);
      out[outAt + 3] = Math.max(sum03, 0);
    }
    // interior, 4 pixels at a time
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      let sum20 = bias[0];
      let sum21 = bias[1];
      let sum22 = bias[2];
      let sum23 = bias[3];
      let sum30 = bias[0];
      let sum31 = bias[1];
      let sum32 = bias[2];
      let sum33 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 24;
        const wRow = ky * 48;
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
          const x2 = x[xAt + 8];
          sum20 += x2 * w0;
          sum21 += x2 * w1;
          sum22 += x2 * w2;
          sum23 += x2 * w3;
          const x3 = x[xAt + 12];
          sum30 += x3 * w0;
          sum31 += x3 * w1;
          sum32 += x3 * w2;
          sum33 += x3 * w3;
        }
      }
      const outAt = oy * 24;
      out[outAt + 4] = Math.max(sum00, 0);
      out[outAt + 5] = Math.max(sum01, 0);
      out[outAt + 6] = Math.max(sum02, 0);
      out[outAt + 7] = Math.max(sum03, 0);
      out[outAt + 8] = Math.max(sum10, 0);
      out[outAt + 9] = Math.max(sum11, 0);
      out[outAt + 10] = Math.max(sum12, 0);
      out[outAt + 11] = Math.max(sum13, 0);
      out[outAt + 12] = Math.max(sum20, 0);
      out[outAt + 13] = Math.max(sum21, 0);
      out[outAt + 14] = Math.max(sum22, 0);
      out[outAt + 15] = Math.max(sum23, 0);
      out[outAt + 16] = Math.max(sum30, 0);
      out[outAt + 17] = Math.max(sum31, 0);
      out[outAt + 18] = Math.max(sum32, 0);
      out[outAt + 19] = Math.max(sum33, 0);
    }
    // right border
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 8;
        const wRow = ky * 48;
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
      const outAt = oy * 24;
      out[outAt + 20] = Math.max(sum00, 0);
      out[outAt + 21] = Math.max(sum01, 0);
      out[outAt + 22] = Math.max(sum02, 0);
      out[outAt + 23] = Math.max(sum03, 0);
    }
  }
}

/** layer1.1.conv2 with layer1.1.bn2 + add + relu: direct, 4 pixels x 4 channels */
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
    // left border: columns of the kernel outside of the input are left out
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 28;
        const wRow = ky * 48;
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
      const residualAt = oy * 24;
      const outAt = oy * 6;
      out[outAt] = Math.max(sum00 + residual[residualAt], 0);
      out[outAt + 36] = Math.max(sum01 + residual[residualAt + 1], 0);
      out[outAt + 72] = Math.max(sum02 + residual[residualAt + 2], 0);
      out[outAt + 108] = Math.max(sum03 + residual[residualAt + 3], 0);
    }
    // interior, 4 pixels at a time
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      let sum10 = bias[0];
      let sum11 = bias[1];
      let sum12 = bias[2];
      let sum13 = bias[3];
      let sum20 = bias[0];
      let sum21 = bias[1];
      let sum22 = bias[2];
      let sum23 = bias[3];
      let sum30 = bias[0];
      let sum31 = bias[1];
      let sum32 = bias[2];
      let sum33 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 24;
        const wRow = ky * 48;
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
          const x2 = x[xAt + 8];
          sum20 += x2 * w0;
          sum21 += x2 * w1;
          sum22 += x2 * w2;
          sum23 += x2 * w3;
          const x3 = x[xAt + 12];
          sum30 += x3 * w0;
          sum31 += x3 * w1;
          sum32 += x3 * w2;
          sum33 += x3 * w3;
        }
      }
      const residualAt = oy * 24;
      const outAt = oy * 6;
      out[outAt + 1] = Math.max(sum00 + residual[residualAt + 4], 0);
      out[outAt + 37] = Math.max(sum01 + residual[residualAt + 5], 0);
      out[outAt + 73] = Math.max(sum02 + residual[residualAt + 6], 0);
      out[outAt + 109] = Math.max(sum03 + residual[residualAt + 7], 0);
      out[outAt + 2] = Math.max(sum10 + residual[residualAt + 8], 0);
      out[outAt + 38] = Math.max(sum11 + residual[residualAt + 9], 0);
      out[outAt + 74] = Math.max(sum12 + residual[residualAt + 10], 0);
      out[outAt + 110] = Math.max(sum13 + residual[residualAt + 11], 0);
      out[outAt + 3] = Math.max(sum20 + residual[residualAt + 12], 0);
      out[outAt + 39] = Math.max(sum21 + residual[residualAt + 13], 0);
      out[outAt + 75] = Math.max(sum22 + residual[residualAt + 14], 0);
      out[outAt + 111] = Math.max(sum23 + residual[residualAt + 15], 0);
      out[outAt + 4] = Math.max(sum30 + residual[residualAt + 16], 0);
      out[outAt + 40] = Math.max(sum31 + residual[residualAt + 17], 0);
      out[outAt + 76] = Math.max(sum32 + residual[residualAt + 18], 0);
      out[outAt + 112] = Math.max(sum33 + residual[residualAt + 19], 0);
    }
    // right border
    {
      let sum00 = bias[0];
      let sum01 = bias[1];
      let sum02 = bias[2];
      let sum03 = bias[3];
      for (let ky = kyFirst; ky < kyEnd; ky++) {
        const xRow = (oy + ky) * 24 - 8;
        const wRow = ky * 48;
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
      const residualAt = oy * 24;
      const outAt = oy * 6;
      out[outAt + 5] = Math.max(sum00 + residual[residualAt + 20], 0);
      out[outAt + 41] = Math.max(sum01 + residual[residualAt + 21], 0);
      out[outAt + 77] = Math.max(sum02 + residual[residualAt + 22], 0);
      out[outAt + 113] = Math.max(sum03 + residual[residualAt + 23], 0);
    }
  }
}
