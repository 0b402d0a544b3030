// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The kernels of classifier. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * fc: dot products, 2 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[2,4], row-major
 * weight: f32[3,4], row-major
 * bias: f32[3]
 * out: f32[2,3], row-major
 */
export function linear_4to3(
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
    let sum10 = bias[0];
    let sum11 = bias[1];
    let sum12 = bias[2];
    for (let i = 0; i < 4; i++) {
      const x0 = x[i];
      const x1 = x[i + 4];
      const w0 = weight[i];
      sum00 += x0 * w0;
      sum10 += x1 * w0;
      const w1 = weight[i + 4];
      sum01 += x0 * w1;
      sum11 += x1 * w1;
      const w2 = weight[i + 8];
      sum02 += x0 * w2;
      sum12 += x1 * w2;
    }
    out[0] = sum00;
    out[1] = sum01;
    out[2] = sum02;
    out[3] = sum10;
    out[4] = sum11;
    out[5] = sum12;
  }
}

/**
 * softmax: loops
 *     out = exp(x[n, c] - m) / (sum over c of exp(x[n, c] - m)), m = max over c of x[n, c]
 * x: f32[2,3], row-major
 * out: f32[2,3], row-major
 */
export function softmax(x: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 2; n++) {
    let largest = x[n * 3];
    for (let c = 0; c < 3; c++) {
      largest = Math.max(largest, x[n * 3 + c]);
    }
    let sum = 0;
    for (let c = 0; c < 3; c++) {
      sum += Math.exp(x[n * 3 + c] - largest);
    }
    for (let c = 0; c < 3; c++) {
      out[n * 3 + c] = Math.exp(x[n * 3 + c] - largest) / sum;
    }
  }
}
