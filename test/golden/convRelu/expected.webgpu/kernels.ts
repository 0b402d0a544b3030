// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The kernels of conv-relu in WGSL. Each has one entry point, and every shape is a constant. The comment of a kernel states
 * what it computes and how its buffers are laid out. `workgroups` has the number of columns and of rows; `bindings` are in
 * the order of their numbers. Activations are bound as `read_write` even if a kernel only reads them, because they share
 * one GPUBuffer, and a dispatch must not bind a buffer both for reading and for writing.
 */

import type { GpuKernel } from './runtime.js';

/**
 * repack_rowMajor_to_ohwi8: copy
 *     out = x, the same elements at other places
 * x: f32[5,2,3,3], row-major
 * out: f32[5,2,3,3], in memory [o / 8: 1][kh 3][kw 3][i 2][o % 8], filled up with zeros
 */
export const repack_rowMajor_to_ohwi8_part1: GpuKernel = {
  name: 'repack_rowMajor_to_ohwi8_part1',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 368 },
    { name: 'out', access: 'read_write', bytes: 576 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 92>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 144>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 16) {
    let b3: i32 = element / 8;
    let a4: i32 = element % 8;
    let xAt: i32 = a4 * 18 + b3 * 9;
    let outLanes: vec4f = select(vec4f(0.0), vec4f(x[xAt], x[xAt + 1], x[xAt + 2], x[xAt + 3]), (a4 < 5));
    let from_3: i32 = xAt + 4;
    let outLanes_2: vec4f = select(vec4f(0.0), vec4f(x[from_3], x[from_3 + 1], x[from_3 + 2], x[from_3 + 3]), (a4 < 5));
    let outAt: i32 = b3 * 8 + a4;
    out[outAt] = outLanes.x;
    out[outAt + 16] = outLanes.y;
    out[outAt + 32] = outLanes.z;
    out[outAt + 48] = outLanes.w;
    out[outAt + 64] = outLanes_2.x;
    out[outAt + 80] = outLanes_2.y;
    out[outAt + 96] = outLanes_2.z;
    out[outAt + 112] = outLanes_2.w;
  }
}
`,
};

/**
 * repack_rowMajor_to_ohwi8: copy
 *     out = x, the same elements at other places
 * x: f32[5,2,3,3], row-major
 * out: f32[5,2,3,3], in memory [o / 8: 1][kh 3][kw 3][i 2][o % 8], filled up with zeros
 */
export const repack_rowMajor_to_ohwi8_part2: GpuKernel = {
  name: 'repack_rowMajor_to_ohwi8_part2',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 368 },
    { name: 'out', access: 'read_write', bytes: 576 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 92>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 144>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 16) {
    let b3: i32 = element / 8;
    let a4: i32 = element % 8;
    var chosen: f32 = 0.0;
    if (a4 < 5) {
      chosen = x[a4 * 18 + b3 * 9 + 8];
    }
    out[b3 * 8 + a4 + 128] = chosen;
  }
}
`,
};

/**
 * repack_rowMajor_to_o8: copy
 *     out = x, the same elements at other places
 * x: f32[5]
 * out: f32[5]
 */
export const repack_rowMajor_to_o8: GpuKernel = {
  name: 'repack_rowMajor_to_o8',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 32 },
    { name: 'out', access: 'read_write', bytes: 32 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 8>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 8>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 8) {
    let a1: i32 = element;
    var chosen: f32 = 0.0;
    if (a1 < 5) {
      chosen = x[a1];
    }
    out[a1] = chosen;
  }
}
`,
};

/**
 * conv + relu: direct, 3 pixels x 8 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,2,5,5], row-major
 * weight: f32[5,2,3,3], in memory [o / 8: 1][kh 3][kw 3][i 2][o % 8], filled up with zeros
 * bias: f32[5]
 * out: f32[1,5,5,5], row-major
 */
export const conv2d_3x3_2to5_relu: GpuKernel = {
  name: 'conv2d_3x3_2to5_relu',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 208 },
    { name: 'weight', access: 'read', bytes: 576 },
    { name: 'bias', access: 'read', bytes: 32 },
    { name: 'out', access: 'read_write', bytes: 512 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 52>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f, 36>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f, 2>;
@group(0) @binding(3) var<storage, read_write> out: array<f32, 128>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 10) {
    let firstRow: i32 = element / 2;
    let firstColumn: i32 = (element % 2) * 3;
    let bias0: vec4f = bias[0];
    let bias1: vec4f = bias[1];
    var sum0_0: vec4f = bias0;
    var sum0_1: vec4f = bias1;
    var sum1_0: vec4f = bias0;
    var sum1_1: vec4f = bias1;
    var sum2_0: vec4f = bias0;
    var sum2_1: vec4f = bias1;
    let top: i32 = firstRow - 1;
    let firstTap: i32 = max(0, 0 - top);
    let endTap: i32 = min(3, 5 - top);
    for (var tx = 0; tx < 3; tx += 1) {
      let wColumn: i32 = tx * (2 * 8);
      let column0: i32 = firstColumn + tx - 1;
      let column0Inside: bool = column0 >= 0 && column0 < 5;
      let column1: i32 = firstColumn + tx;
      let column1Inside: bool = column1 >= 0 && column1 < 5;
      let column2: i32 = firstColumn + tx + 1;
      let column2Inside: bool = column2 >= 0 && column2 < 5;
      let xColumn0: i32 = min(max(column0, 0), 4);
      let xColumn1: i32 = min(max(column1, 0), 4);
      let xColumn2: i32 = min(max(column2, 0), 4);
      for (var ty = firstTap; ty < endTap; ty += 1) {
        let wTap: i32 = wColumn + ty * (3 * 2 * 8);
        let xRow0: i32 = (firstRow + ty) * 5 - 5;
        let pixel0: i32 = xColumn0 + xRow0;
        let pixel1: i32 = xColumn1 + xRow0;
        let pixel2: i32 = xColumn2 + xRow0;
        let w0: vec4f = weight[wTap >> 2u];
        let w1: vec4f = weight[(wTap >> 2u) + 1];
        let x0: f32 = x[pixel0];
        let x0In: f32 = select(0.0, x0, column0Inside);
        let spread0: vec4f = vec4f(x0In);
        sum0_0 += spread0 * w0;
        sum0_1 += spread0 * w1;
        let x1: f32 = x[pixel1];
        let x1In: f32 = select(0.0, x1, column1Inside);
        let spread1: vec4f = vec4f(x1In);
        sum1_0 += spread1 * w0;
        sum1_1 += spread1 * w1;
        let x2: f32 = x[pixel2];
        let x2In: f32 = select(0.0, x2, column2Inside);
        let spread2: vec4f = vec4f(x2In);
        sum2_0 += spread2 * w0;
        sum2_1 += spread2 * w1;
        let wi: i32 = wTap + 8;
        let w0_2: vec4f = weight[wi >> 2u];
        let w1_2: vec4f = weight[(wi >> 2u) + 1];
        let x0_2: f32 = x[pixel0 + 25];
        let x0In_2: f32 = select(0.0, x0_2, column0Inside);
        let spread0_2: vec4f = vec4f(x0In_2);
        sum0_0 += spread0_2 * w0_2;
        sum0_1 += spread0_2 * w1_2;
        let x1_2: f32 = x[pixel1 + 25];
        let x1In_2: f32 = select(0.0, x1_2, column1Inside);
        let spread1_2: vec4f = vec4f(x1In_2);
        sum1_0 += spread1_2 * w0_2;
        sum1_1 += spread1_2 * w1_2;
        let x2_2: f32 = x[pixel2 + 25];
        let x2In_2: f32 = select(0.0, x2_2, column2Inside);
        let spread2_2: vec4f = vec4f(x2In_2);
        sum2_0 += spread2_2 * w0_2;
        sum2_1 += spread2_2 * w1_2;
      }
    }
    if (firstColumn < 5) {
      let value: vec4f = max(sum0_0, vec4f(0.0));
      let outAt: i32 = firstRow * 5 + firstColumn;
      out[outAt] = value.x;
      out[outAt + 25] = value.y;
      out[outAt + 50] = value.z;
      out[outAt + 75] = value.w;
      out[outAt + 100] = max(sum0_1.x, 0.0);
    }
    if (firstColumn + 1 < 5) {
      let value: vec4f = max(sum1_0, vec4f(0.0));
      let outAt: i32 = firstRow * 5 + firstColumn;
      out[outAt + 1] = value.x;
      out[outAt + 26] = value.y;
      out[outAt + 51] = value.z;
      out[outAt + 76] = value.w;
      out[outAt + 101] = max(sum1_1.x, 0.0);
    }
    if (firstColumn + 2 < 5) {
      let value: vec4f = max(sum2_0, vec4f(0.0));
      let outAt: i32 = firstRow * 5 + firstColumn;
      out[outAt + 2] = value.x;
      out[outAt + 27] = value.y;
      out[outAt + 52] = value.z;
      out[outAt + 77] = value.w;
      out[outAt + 102] = max(sum2_1.x, 0.0);
    }
  }
}
`,
};
