/**
 * The kernels of lenet5 in WGSL. Each has one entry point, and every shape is a constant. The comment of a kernel states
 * what it computes and how its buffers are laid out. `workgroups` has the number of columns and of rows; `bindings` are in
 * the order of their numbers. Activations are bound as `read_write` even if a kernel only reads them, because they share
 * one GPUBuffer, and a dispatch must not bind a buffer both for reading and for writing.
 */

/**
 * repack_rowMajor_to_ohwi8: copy
 *     out = x, the same elements at other places
 * x: f32[6,1,5,5], row-major
 * out: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
 */
export const repack_rowMajor_to_ohwi8_part1 = {
  name: 'repack_rowMajor_to_ohwi8_part1',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 608 },
    { name: 'out', access: 'read_write', bytes: 800 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 152>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 200>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 8) {
    let a4: i32 = element;
    let xAt: i32 = a4 * 25;
    let outLanes: vec4f = select(vec4f(0.0), vec4f(x[xAt], x[xAt + 1], x[xAt + 2], x[xAt + 3]), (a4 < 6));
    let from_3: i32 = xAt + 4;
    let outLanes_2: vec4f = select(vec4f(0.0), vec4f(x[from_3], x[from_3 + 1], x[from_3 + 2], x[from_3 + 3]), (a4 < 6));
    let from_4: i32 = xAt + 8;
    let outLanes_3: vec4f = select(vec4f(0.0), vec4f(x[from_4], x[from_4 + 1], x[from_4 + 2], x[from_4 + 3]), (a4 < 6));
    let from_5: i32 = xAt + 12;
    let outLanes_4: vec4f = select(vec4f(0.0), vec4f(x[from_5], x[from_5 + 1], x[from_5 + 2], x[from_5 + 3]), (a4 < 6));
    out[a4] = outLanes.x;
    out[a4 + 8] = outLanes.y;
    out[a4 + 16] = outLanes.z;
    out[a4 + 24] = outLanes.w;
    out[a4 + 32] = outLanes_2.x;
    out[a4 + 40] = outLanes_2.y;
    out[a4 + 48] = outLanes_2.z;
    out[a4 + 56] = outLanes_2.w;
    out[a4 + 64] = outLanes_3.x;
    out[a4 + 72] = outLanes_3.y;
    out[a4 + 80] = outLanes_3.z;
    out[a4 + 88] = outLanes_3.w;
    out[a4 + 96] = outLanes_4.x;
    out[a4 + 104] = outLanes_4.y;
    out[a4 + 112] = outLanes_4.z;
    out[a4 + 120] = outLanes_4.w;
  }
}
`,
};

/**
 * repack_rowMajor_to_ohwi8: copy
 *     out = x, the same elements at other places
 * x: f32[6,1,5,5], row-major
 * out: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
 */
export const repack_rowMajor_to_ohwi8_part2 = {
  name: 'repack_rowMajor_to_ohwi8_part2',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 608 },
    { name: 'out', access: 'read_write', bytes: 800 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 152>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 200>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 8) {
    let a4: i32 = element;
    let xAt: i32 = a4 * 25;
    let from_2: i32 = xAt + 16;
    let outLanes: vec4f = select(vec4f(0.0), vec4f(x[from_2], x[from_2 + 1], x[from_2 + 2], x[from_2 + 3]), (a4 < 6));
    let from_3: i32 = xAt + 20;
    let outLanes_2: vec4f = select(vec4f(0.0), vec4f(x[from_3], x[from_3 + 1], x[from_3 + 2], x[from_3 + 3]), (a4 < 6));
    out[a4 + 128] = outLanes.x;
    out[a4 + 136] = outLanes.y;
    out[a4 + 144] = outLanes.z;
    out[a4 + 152] = outLanes.w;
    out[a4 + 160] = outLanes_2.x;
    out[a4 + 168] = outLanes_2.y;
    out[a4 + 176] = outLanes_2.z;
    out[a4 + 184] = outLanes_2.w;
  }
}
`,
};

/**
 * repack_rowMajor_to_ohwi8: copy
 *     out = x, the same elements at other places
 * x: f32[6,1,5,5], row-major
 * out: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
 */
export const repack_rowMajor_to_ohwi8_part3 = {
  name: 'repack_rowMajor_to_ohwi8_part3',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 608 },
    { name: 'out', access: 'read_write', bytes: 800 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 152>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 200>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 8) {
    let a4: i32 = element;
    var chosen: f32 = 0.0;
    if (a4 < 6) {
      chosen = x[a4 * 25 + 24];
    }
    out[a4 + 192] = chosen;
  }
}
`,
};

/**
 * repack_rowMajor_to_o8: copy
 *     out = x, the same elements at other places
 * x: f32[6]
 * out: f32[6]
 */
export const repack_rowMajor_to_o8 = {
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
    if (a1 < 6) {
      chosen = x[a1];
    }
    out[a1] = chosen;
  }
}
`,
};

/**
 * repack_rowMajor_to_ohwi16: copy
 *     out = x, the same elements at other places
 * x: f32[16,6,5,5], row-major
 * out: f32[16,6,5,5], in memory [o / 16: 1][kh 5][kw 5][i 6][o % 16]
 */
export const repack_rowMajor_to_ohwi16_16x6x5x5 = {
  name: 'repack_rowMajor_to_ohwi16_16x6x5x5',
  workgroups: [10, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 9600 },
    { name: 'out', access: 'read_write', bytes: 9600 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 2400>;
@group(0) @binding(1) var<storage, read_write> out: array<vec4f, 600>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let element: i32 = workgroup * 64 + invocation;
  if (element < 600) {
    let c1_d2: i32 = element / 24;
    let b3: i32 = (element / 4) % 6;
    let a4: i32 = (element % 4) * 4;
    let xAt: i32 = a4 * 150 + b3 * 25 + c1_d2;
    out[c1_d2 * 24 + b3 * 4 + (a4 >> 2u)] = vec4f(x[xAt], x[xAt + 150], x[xAt + 300], x[xAt + 450]);
  }
}
`,
};

/**
 * repack_rowMajor_to_ohwi16: copy
 *     out = x, the same elements at other places
 * x: f32[120,16,5,5], row-major
 * out: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 */
export const repack_rowMajor_to_ohwi16_120x16x5x5_part1 = {
  name: 'repack_rowMajor_to_ohwi16_120x16x5x5_part1',
  workgroups: [32, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 192000 },
    { name: 'out', access: 'read_write', bytes: 204800 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 48000>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 51200>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let element: i32 = workgroup * 64 + invocation;
  let a0: i32 = element / 256;
  let b3: i32 = (element / 16) % 16;
  let a4: i32 = element % 16;
  let xAt: i32 = (a0 * 16 + a4) * 400 + b3 * 25;
  let outLanes: vec4f = select(vec4f(0.0), vec4f(x[xAt], x[xAt + 1], x[xAt + 2], x[xAt + 3]), (a0 * 16 + a4 < 120));
  let from_3: i32 = xAt + 4;
  let outLanes_2: vec4f = select(vec4f(0.0), vec4f(x[from_3], x[from_3 + 1], x[from_3 + 2], x[from_3 + 3]), (a0 * 16 + a4 < 120));
  let from_4: i32 = xAt + 8;
  let outLanes_3: vec4f = select(vec4f(0.0), vec4f(x[from_4], x[from_4 + 1], x[from_4 + 2], x[from_4 + 3]), (a0 * 16 + a4 < 120));
  let from_5: i32 = xAt + 12;
  let outLanes_4: vec4f = select(vec4f(0.0), vec4f(x[from_5], x[from_5 + 1], x[from_5 + 2], x[from_5 + 3]), (a0 * 16 + a4 < 120));
  let outAt: i32 = a0 * 6400 + b3 * 16 + a4;
  out[outAt] = outLanes.x;
  out[outAt + 256] = outLanes.y;
  out[outAt + 512] = outLanes.z;
  out[outAt + 768] = outLanes.w;
  out[outAt + 1024] = outLanes_2.x;
  out[outAt + 1280] = outLanes_2.y;
  out[outAt + 1536] = outLanes_2.z;
  out[outAt + 1792] = outLanes_2.w;
  out[outAt + 2048] = outLanes_3.x;
  out[outAt + 2304] = outLanes_3.y;
  out[outAt + 2560] = outLanes_3.z;
  out[outAt + 2816] = outLanes_3.w;
  out[outAt + 3072] = outLanes_4.x;
  out[outAt + 3328] = outLanes_4.y;
  out[outAt + 3584] = outLanes_4.z;
  out[outAt + 3840] = outLanes_4.w;
}
`,
};

/**
 * repack_rowMajor_to_ohwi16: copy
 *     out = x, the same elements at other places
 * x: f32[120,16,5,5], row-major
 * out: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 */
export const repack_rowMajor_to_ohwi16_120x16x5x5_part2 = {
  name: 'repack_rowMajor_to_ohwi16_120x16x5x5_part2',
  workgroups: [32, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 192000 },
    { name: 'out', access: 'read_write', bytes: 204800 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 48000>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 51200>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let element: i32 = workgroup * 64 + invocation;
  let a0: i32 = element / 256;
  let b3: i32 = (element / 16) % 16;
  let a4: i32 = element % 16;
  let xAt: i32 = (a0 * 16 + a4) * 400 + b3 * 25;
  let from_2: i32 = xAt + 16;
  let outLanes: vec4f = select(vec4f(0.0), vec4f(x[from_2], x[from_2 + 1], x[from_2 + 2], x[from_2 + 3]), (a0 * 16 + a4 < 120));
  let from_3: i32 = xAt + 20;
  let outLanes_2: vec4f = select(vec4f(0.0), vec4f(x[from_3], x[from_3 + 1], x[from_3 + 2], x[from_3 + 3]), (a0 * 16 + a4 < 120));
  let outAt: i32 = a0 * 6400 + b3 * 16 + a4;
  out[outAt + 4096] = outLanes.x;
  out[outAt + 4352] = outLanes.y;
  out[outAt + 4608] = outLanes.z;
  out[outAt + 4864] = outLanes.w;
  out[outAt + 5120] = outLanes_2.x;
  out[outAt + 5376] = outLanes_2.y;
  out[outAt + 5632] = outLanes_2.z;
  out[outAt + 5888] = outLanes_2.w;
}
`,
};

/**
 * repack_rowMajor_to_ohwi16: copy
 *     out = x, the same elements at other places
 * x: f32[120,16,5,5], row-major
 * out: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 */
export const repack_rowMajor_to_ohwi16_120x16x5x5_part3 = {
  name: 'repack_rowMajor_to_ohwi16_120x16x5x5_part3',
  workgroups: [32, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 192000 },
    { name: 'out', access: 'read_write', bytes: 204800 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 48000>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 51200>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let element: i32 = workgroup * 64 + invocation;
  let a0: i32 = element / 256;
  let b3: i32 = (element / 16) % 16;
  let a4: i32 = element % 16;
  var chosen: f32 = 0.0;
  if (a0 * 16 + a4 < 120) {
    chosen = x[(a0 * 16 + a4) * 400 + b3 * 25 + 24];
  }
  out[a0 * 6400 + b3 * 16 + a4 + 6144] = chosen;
}
`,
};

/**
 * repack_rowMajor_to_o16: copy
 *     out = x, the same elements at other places
 * x: f32[120]
 * out: f32[120]
 */
export const repack_rowMajor_to_o16 = {
  name: 'repack_rowMajor_to_o16',
  workgroups: [2, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 480 },
    { name: 'out', access: 'read_write', bytes: 512 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 120>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 128>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let element: i32 = workgroup * 64 + invocation;
  let a0: i32 = element / 16;
  let a1: i32 = element % 16;
  var chosen: f32 = 0.0;
  if (a0 * 16 + a1 < 120) {
    chosen = x[a0 * 16 + a1];
  }
  out[a0 * 16 + a1] = chosen;
}
`,
};

/**
 * convnet.c1 + relu: direct, 7 pixels x 8 channels
 *     value = bias[o] + sum over kh, kw of weight[o, 0, kh, kw] * x[n, 0, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,1,32,32], row-major
 * weight: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
 * bias: f32[6]
 * out: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 */
export const conv2d_5x5_1to6_relu = {
  name: 'conv2d_5x5_1to6_relu',
  workgroups: [2, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 4096 },
    { name: 'weight', access: 'read', bytes: 800 },
    { name: 'bias', access: 'read', bytes: 32 },
    { name: 'out', access: 'read_write', bytes: 18816 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 1024>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f, 50>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f, 2>;
@group(0) @binding(3) var<storage, read_write> out: array<f32, 4704>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let element: i32 = workgroup * 64 + invocation;
  if (element < 112) {
    let firstRow: i32 = element / 4;
    let firstColumn: i32 = (element % 4) * 7;
    let bias0: vec4f = bias[0];
    let bias1: vec4f = bias[1];
    var sum0_0: vec4f = bias0;
    var sum0_1: vec4f = bias1;
    var sum1_0: vec4f = bias0;
    var sum1_1: vec4f = bias1;
    var sum2_0: vec4f = bias0;
    var sum2_1: vec4f = bias1;
    var sum3_0: vec4f = bias0;
    var sum3_1: vec4f = bias1;
    var sum4_0: vec4f = bias0;
    var sum4_1: vec4f = bias1;
    var sum5_0: vec4f = bias0;
    var sum5_1: vec4f = bias1;
    var sum6_0: vec4f = bias0;
    var sum6_1: vec4f = bias1;
    for (var tx = 0; tx < 5; tx += 1) {
      let wColumn: i32 = tx * 8;
      let xColumn0: i32 = firstColumn + tx;
      let xColumn1: i32 = firstColumn + tx + 1;
      let xColumn2: i32 = firstColumn + tx + 2;
      let xColumn3: i32 = firstColumn + tx + 3;
      let xColumn4: i32 = firstColumn + tx + 4;
      let xColumn5: i32 = firstColumn + tx + 5;
      let xColumn6: i32 = firstColumn + tx + 6;
      for (var ty = 0; ty < 5; ty += 1) {
        let wTap: i32 = wColumn + ty * (5 * 8);
        let xRow0: i32 = (firstRow + ty) * 32;
        let pixel0: i32 = xColumn0 + xRow0;
        let pixel1: i32 = xColumn1 + xRow0;
        let pixel2: i32 = xColumn2 + xRow0;
        let pixel3: i32 = xColumn3 + xRow0;
        let pixel4: i32 = xColumn4 + xRow0;
        let pixel5: i32 = xColumn5 + xRow0;
        let pixel6: i32 = xColumn6 + xRow0;
        let w0: vec4f = weight[wTap >> 2u];
        let w1: vec4f = weight[(wTap >> 2u) + 1];
        let x0: f32 = x[pixel0];
        let spread0: vec4f = vec4f(x0);
        sum0_0 += spread0 * w0;
        sum0_1 += spread0 * w1;
        let x1: f32 = x[pixel1];
        let spread1: vec4f = vec4f(x1);
        sum1_0 += spread1 * w0;
        sum1_1 += spread1 * w1;
        let x2: f32 = x[pixel2];
        let spread2: vec4f = vec4f(x2);
        sum2_0 += spread2 * w0;
        sum2_1 += spread2 * w1;
        let x3: f32 = x[pixel3];
        let spread3: vec4f = vec4f(x3);
        sum3_0 += spread3 * w0;
        sum3_1 += spread3 * w1;
        let x4: f32 = x[pixel4];
        let spread4: vec4f = vec4f(x4);
        sum4_0 += spread4 * w0;
        sum4_1 += spread4 * w1;
        let x5: f32 = x[pixel5];
        let spread5: vec4f = vec4f(x5);
        sum5_0 += spread5 * w0;
        sum5_1 += spread5 * w1;
        let x6: f32 = x[pixel6];
        let spread6: vec4f = vec4f(x6);
        sum6_0 += spread6 * w0;
        sum6_1 += spread6 * w1;
      }
    }
    let outAt: i32 = firstRow * (28 * 6) + firstColumn * 6;
    let stored: vec4f = max(sum0_0, vec4f(0.0));
    out[outAt] = stored.x;
    out[outAt + 1] = stored.y;
    out[outAt + 2] = stored.z;
    out[outAt + 3] = stored.w;
    out[outAt + 4] = max(sum0_1.x, 0.0);
    out[outAt + 5] = max(sum0_1.y, 0.0);
    let stored_2: vec4f = max(sum1_0, vec4f(0.0));
    let place_2: i32 = outAt + 6;
    out[place_2] = stored_2.x;
    out[place_2 + 1] = stored_2.y;
    out[place_2 + 2] = stored_2.z;
    out[place_2 + 3] = stored_2.w;
    out[outAt + 10] = max(sum1_1.x, 0.0);
    out[outAt + 11] = max(sum1_1.y, 0.0);
    let stored_3: vec4f = max(sum2_0, vec4f(0.0));
    let place_3: i32 = outAt + 12;
    out[place_3] = stored_3.x;
    out[place_3 + 1] = stored_3.y;
    out[place_3 + 2] = stored_3.z;
    out[place_3 + 3] = stored_3.w;
    out[outAt + 16] = max(sum2_1.x, 0.0);
    out[outAt + 17] = max(sum2_1.y, 0.0);
    let stored_4: vec4f = max(sum3_0, vec4f(0.0));
    let place_4: i32 = outAt + 18;
    out[place_4] = stored_4.x;
    out[place_4 + 1] = stored_4.y;
    out[place_4 + 2] = stored_4.z;
    out[place_4 + 3] = stored_4.w;
    out[outAt + 22] = max(sum3_1.x, 0.0);
    out[outAt + 23] = max(sum3_1.y, 0.0);
    let stored_5: vec4f = max(sum4_0, vec4f(0.0));
    let place_5: i32 = outAt + 24;
    out[place_5] = stored_5.x;
    out[place_5 + 1] = stored_5.y;
    out[place_5 + 2] = stored_5.z;
    out[place_5 + 3] = stored_5.w;
    out[outAt + 28] = max(sum4_1.x, 0.0);
    out[outAt + 29] = max(sum4_1.y, 0.0);
    let stored_6: vec4f = max(sum5_0, vec4f(0.0));
    let place_6: i32 = outAt + 30;
    out[place_6] = stored_6.x;
    out[place_6 + 1] = stored_6.y;
    out[place_6 + 2] = stored_6.z;
    out[place_6 + 3] = stored_6.w;
    out[outAt + 34] = max(sum5_1.x, 0.0);
    out[outAt + 35] = max(sum5_1.y, 0.0);
    let stored_7: vec4f = max(sum6_0, vec4f(0.0));
    let place_7: i32 = outAt + 36;
    out[place_7] = stored_7.x;
    out[place_7 + 1] = stored_7.y;
    out[place_7 + 2] = stored_7.z;
    out[place_7 + 3] = stored_7.w;
    out[outAt + 40] = max(sum6_1.x, 0.0);
    out[outAt + 41] = max(sum6_1.y, 0.0);
  }
}
`,
};

/**
 * maxPool: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 * out: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 */
export const maxPool_2x2_s2_6_part1 = {
  name: 'maxPool_2x2_s2_6_part1',
  workgroups: [4, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 18816 },
    { name: 'out', access: 'read_write', bytes: 4704 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 4704>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 1176>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let element: i32 = workgroup * 64 + invocation;
  if (element < 196) {
    let oy: i32 = element / 14;
    let ox: i32 = element % 14;
    let firstRow: i32 = oy * 2;
    let firstColumn: i32 = ox * 2;
    let from_2: i32 = firstRow * (28 * 6) + firstColumn * 6;
    var best: vec4f = vec4f(x[from_2], x[from_2 + 1], x[from_2 + 2], x[from_2 + 3]);
    for (var ky = 0; ky < 2; ky += 1) {
      let row: i32 = oy * 2 + ky;
      for (var kx = 0; kx < 2; kx += 1) {
        let column: i32 = ox * 2 + kx;
        let from_3: i32 = row * (28 * 6) + column * 6;
        best = max(best, vec4f(x[from_3], x[from_3 + 1], x[from_3 + 2], x[from_3 + 3]));
      }
    }
    let place: i32 = oy * (14 * 6) + ox * 6;
    out[place] = best.x;
    out[place + 1] = best.y;
    out[place + 2] = best.z;
    out[place + 3] = best.w;
  }
}
`,
};

/**
 * maxPool: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 * out: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 */
export const maxPool_2x2_s2_6_part2 = {
  name: 'maxPool_2x2_s2_6_part2',
  workgroups: [7, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 18816 },
    { name: 'out', access: 'read_write', bytes: 4704 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 4704>;
@group(0) @binding(1) var<storage, read_write> out: array<f32, 1176>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let element: i32 = workgroup * 64 + invocation;
  if (element < 392) {
    let oy: i32 = element / 28;
    let ox: i32 = (element / 2) % 14;
    let c: i32 = (element % 2) + 4;
    let firstRow: i32 = oy * 2;
    let firstColumn: i32 = ox * 2;
    var best: f32 = x[firstRow * (28 * 6) + firstColumn * 6 + c];
    for (var ky = 0; ky < 2; ky += 1) {
      let row: i32 = oy * 2 + ky;
      for (var kx = 0; kx < 2; kx += 1) {
        let column: i32 = ox * 2 + kx;
        best = max(best, x[row * (28 * 6) + column * 6 + c]);
      }
    }
    out[oy * (14 * 6) + ox * 6 + c] = best;
  }
}
`,
};

/**
 * convnet.c3 + relu: direct, 5 pixels x 16 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 * weight: f32[16,6,5,5], in memory [o / 16: 1][kh 5][kw 5][i 6][o % 16]
 * bias: f32[16]
 * out: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
 */
export const conv2d_5x5_6to16_relu = {
  name: 'conv2d_5x5_6to16_relu',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 4704 },
    { name: 'weight', access: 'read', bytes: 9600 },
    { name: 'bias', access: 'read', bytes: 64 },
    { name: 'out', access: 'read_write', bytes: 6400 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 1176>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f, 600>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f, 4>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f, 400>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 20) {
    let firstRow: i32 = element / 2;
    let firstColumn: i32 = (element % 2) * 5;
    let bias0: vec4f = bias[0];
    let bias1: vec4f = bias[1];
    let bias2: vec4f = bias[2];
    let bias3: vec4f = bias[3];
    var sum0_0: vec4f = bias0;
    var sum0_1: vec4f = bias1;
    var sum0_2: vec4f = bias2;
    var sum0_3: vec4f = bias3;
    var sum1_0: vec4f = bias0;
    var sum1_1: vec4f = bias1;
    var sum1_2: vec4f = bias2;
    var sum1_3: vec4f = bias3;
    var sum2_0: vec4f = bias0;
    var sum2_1: vec4f = bias1;
    var sum2_2: vec4f = bias2;
    var sum2_3: vec4f = bias3;
    var sum3_0: vec4f = bias0;
    var sum3_1: vec4f = bias1;
    var sum3_2: vec4f = bias2;
    var sum3_3: vec4f = bias3;
    var sum4_0: vec4f = bias0;
    var sum4_1: vec4f = bias1;
    var sum4_2: vec4f = bias2;
    var sum4_3: vec4f = bias3;
    for (var tx = 0; tx < 5; tx += 1) {
      let wColumn: i32 = tx * (6 * 16);
      let xColumn0: i32 = (firstColumn + tx) * 6;
      let xColumn1: i32 = (firstColumn + tx) * 6 + 6;
      let xColumn2: i32 = (firstColumn + tx) * 6 + 12;
      let xColumn3: i32 = (firstColumn + tx) * 6 + 18;
      let xColumn4: i32 = (firstColumn + tx) * 6 + 24;
      for (var ty = 0; ty < 5; ty += 1) {
        let wTap: i32 = wColumn + ty * (5 * 6 * 16);
        let xRow0: i32 = (firstRow + ty) * (14 * 6);
        let pixel0: i32 = xColumn0 + xRow0;
        let pixel1: i32 = xColumn1 + xRow0;
        let pixel2: i32 = xColumn2 + xRow0;
        let pixel3: i32 = xColumn3 + xRow0;
        let pixel4: i32 = xColumn4 + xRow0;
        for (var i = 0; i < 6; i += 1) {
          let wi: i32 = wTap + i * 16;
          let w0: vec4f = weight[wi >> 2u];
          let w1: vec4f = weight[(wi >> 2u) + 1];
          let w2: vec4f = weight[(wi >> 2u) + 2];
          let w3: vec4f = weight[(wi >> 2u) + 3];
          let x0: f32 = x[pixel0 + i];
          let spread0: vec4f = vec4f(x0);
          sum0_0 += spread0 * w0;
          sum0_1 += spread0 * w1;
          sum0_2 += spread0 * w2;
          sum0_3 += spread0 * w3;
          let x1: f32 = x[pixel1 + i];
          let spread1: vec4f = vec4f(x1);
          sum1_0 += spread1 * w0;
          sum1_1 += spread1 * w1;
          sum1_2 += spread1 * w2;
          sum1_3 += spread1 * w3;
          let x2: f32 = x[pixel2 + i];
          let spread2: vec4f = vec4f(x2);
          sum2_0 += spread2 * w0;
          sum2_1 += spread2 * w1;
          sum2_2 += spread2 * w2;
          sum2_3 += spread2 * w3;
          let x3: f32 = x[pixel3 + i];
          let spread3: vec4f = vec4f(x3);
          sum3_0 += spread3 * w0;
          sum3_1 += spread3 * w1;
          sum3_2 += spread3 * w2;
          sum3_3 += spread3 * w3;
          let x4: f32 = x[pixel4 + i];
          let spread4: vec4f = vec4f(x4);
          sum4_0 += spread4 * w0;
          sum4_1 += spread4 * w1;
          sum4_2 += spread4 * w2;
          sum4_3 += spread4 * w3;
        }
      }
    }
    let outAt: i32 = firstRow * (10 * 16) + firstColumn * 16;
    out[outAt >> 2u] = max(sum0_0, vec4f(0.0));
    out[(outAt >> 2u) + 1] = max(sum0_1, vec4f(0.0));
    out[(outAt >> 2u) + 2] = max(sum0_2, vec4f(0.0));
    out[(outAt >> 2u) + 3] = max(sum0_3, vec4f(0.0));
    out[(outAt >> 2u) + 4] = max(sum1_0, vec4f(0.0));
    out[(outAt >> 2u) + 5] = max(sum1_1, vec4f(0.0));
    out[(outAt >> 2u) + 6] = max(sum1_2, vec4f(0.0));
    out[(outAt >> 2u) + 7] = max(sum1_3, vec4f(0.0));
    out[(outAt >> 2u) + 8] = max(sum2_0, vec4f(0.0));
    out[(outAt >> 2u) + 9] = max(sum2_1, vec4f(0.0));
    out[(outAt >> 2u) + 10] = max(sum2_2, vec4f(0.0));
    out[(outAt >> 2u) + 11] = max(sum2_3, vec4f(0.0));
    out[(outAt >> 2u) + 12] = max(sum3_0, vec4f(0.0));
    out[(outAt >> 2u) + 13] = max(sum3_1, vec4f(0.0));
    out[(outAt >> 2u) + 14] = max(sum3_2, vec4f(0.0));
    out[(outAt >> 2u) + 15] = max(sum3_3, vec4f(0.0));
    out[(outAt >> 2u) + 16] = max(sum4_0, vec4f(0.0));
    out[(outAt >> 2u) + 17] = max(sum4_1, vec4f(0.0));
    out[(outAt >> 2u) + 18] = max(sum4_2, vec4f(0.0));
    out[(outAt >> 2u) + 19] = max(sum4_3, vec4f(0.0));
  }
}
`,
};

/**
 * maxPool2: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
 * out: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 */
export const maxPool_2x2_s2_16 = {
  name: 'maxPool_2x2_s2_16',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 6400 },
    { name: 'out', access: 'read_write', bytes: 1600 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<vec4f, 400>;
@group(0) @binding(1) var<storage, read_write> out: array<vec4f, 100>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 25) {
    let oy: i32 = element / 5;
    let ox: i32 = element % 5;
    // 16 at once
    {
      let firstRow: i32 = oy * 2;
      let firstColumn: i32 = ox * 2;
      let xAt: i32 = firstRow * (10 * 16) + firstColumn * 16;
      var best: vec4f = x[xAt >> 2u];
      var best_2: vec4f = x[(xAt >> 2u) + 1];
      var best_3: vec4f = x[(xAt >> 2u) + 2];
      var best_4: vec4f = x[(xAt >> 2u) + 3];
      for (var ky = 0; ky < 2; ky += 1) {
        let row: i32 = oy * 2 + ky;
        for (var kx = 0; kx < 2; kx += 1) {
          let column: i32 = ox * 2 + kx;
          let xAt_2: i32 = row * (10 * 16) + column * 16;
          best = max(best, x[xAt_2 >> 2u]);
          best_2 = max(best_2, x[(xAt_2 >> 2u) + 1]);
          best_3 = max(best_3, x[(xAt_2 >> 2u) + 2]);
          best_4 = max(best_4, x[(xAt_2 >> 2u) + 3]);
        }
      }
      let outAt: i32 = oy * (5 * 16) + ox * 16;
      out[outAt >> 2u] = best;
      out[(outAt >> 2u) + 1] = best_2;
      out[(outAt >> 2u) + 2] = best_3;
      out[(outAt >> 2u) + 3] = best_4;
    }
  }
}
`,
};

/**
 * convnet.c5 + relu: direct, 1 pixels x 16 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 * weight: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 * bias: f32[120]
 * out: f32[1,120,1,1]
 */
export const conv2d_5x5_16to120_relu = {
  name: 'conv2d_5x5_16to120_relu',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 1600 },
    { name: 'weight', access: 'read', bytes: 204800 },
    { name: 'bias', access: 'read', bytes: 512 },
    { name: 'out', access: 'read_write', bytes: 480 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<f32, 400>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f, 12800>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f, 32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f, 30>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 8) {
    let panel: i32 = element;
    let output: i32 = panel * 16;
    let bias0: vec4f = bias[output >> 2u];
    let bias1: vec4f = bias[(output >> 2u) + 1];
    let bias2: vec4f = bias[(output >> 2u) + 2];
    let bias3: vec4f = bias[(output >> 2u) + 3];
    var sum0_0: vec4f = bias0;
    var sum0_1: vec4f = bias1;
    var sum0_2: vec4f = bias2;
    var sum0_3: vec4f = bias3;
    let panelAt: i32 = panel * (5 * 5 * 16 * 16);
    for (var tx = 0; tx < 5; tx += 1) {
      let wColumn: i32 = panelAt + tx * (16 * 16);
      let xColumn0: i32 = tx * 16;
      for (var ty = 0; ty < 5; ty += 1) {
        let wTap: i32 = wColumn + ty * (5 * 16 * 16);
        let xRow0: i32 = ty * (5 * 16);
        let pixel0: i32 = xColumn0 + xRow0;
        for (var i = 0; i < 16; i += 1) {
          let wi: i32 = wTap + i * 16;
          let w0: vec4f = weight[wi >> 2u];
          let w1: vec4f = weight[(wi >> 2u) + 1];
          let w2: vec4f = weight[(wi >> 2u) + 2];
          let w3: vec4f = weight[(wi >> 2u) + 3];
          let x0: f32 = x[pixel0 + i];
          let spread0: vec4f = vec4f(x0);
          sum0_0 += spread0 * w0;
          sum0_1 += spread0 * w1;
          sum0_2 += spread0 * w2;
          sum0_3 += spread0 * w3;
        }
      }
    }
    if (output < 112) {
      out[output >> 2u] = max(sum0_0, vec4f(0.0));
      out[(output >> 2u) + 1] = max(sum0_1, vec4f(0.0));
      out[(output >> 2u) + 2] = max(sum0_2, vec4f(0.0));
      out[(output >> 2u) + 3] = max(sum0_3, vec4f(0.0));
    } else {
      out[28] = max(sum0_0, vec4f(0.0));
      out[29] = max(sum0_1, vec4f(0.0));
    }
  }
}
`,
};

/**
 * convnet.c5 + relu: 16 pixels x 32 channels x 16 in a workgroup, 2 x 4 per invocation
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 * weight: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 * bias: f32[120]
 * out: f32[1,120,1,1]
 */
export const conv2d_5x5_16to120_relu_tiled = {
  name: 'conv2d_5x5_16to120_relu_tiled',
  workgroups: [4, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 1600 },
    { name: 'weight', access: 'read', bytes: 204800 },
    { name: 'bias', access: 'read', bytes: 512 },
    { name: 'out', access: 'read_write', bytes: 480 },
  ],
  code: `
alias half4 = vec4f; // vec4<f16> if the model is loaded with precision f16
@group(0) @binding(0) var<storage, read_write> x: array<vec4f, 100>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f, 12800>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f, 32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f, 30>;
var<workgroup> pixels: array<half4, 80>;
var<workgroup> filters: array<half4, 128>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
  let workgroup = i32(workgroupId.x);
  let invocation = i32(invocationIndex);
  let firstPixel: i32 = (workgroup / 4) * 16;
  let firstOutput: i32 = (workgroup % 4) * 32;
  let line: i32 = (invocation / 8) * 2;
  let vector: i32 = invocation % 8;
  var sum0_0: vec4f = vec4f(0.0);
  var sum1_0: vec4f = vec4f(0.0);
  let pixel: i32 = invocation / 4;
  let position: i32 = min(firstPixel + pixel, 0);
  let channel: i32 = (invocation % 4) * 4;
  for (var ty = 0; ty < 5; ty += 1) {
    for (var tx = 0; tx < 5; tx += 1) {
      let from_: i32 = (position + ty) * (5 * 16) + tx * 16 + channel;
      let element: i32 = ty * 5 + tx;
      let loaded: vec4f = x[from_ >> 2u];
      pixels[pixel * 5 + (channel >> 2u)] = half4(loaded);
      let weightChannel: i32 = invocation / 8;
      let weightOutput: i32 = (invocation % 8) * 4;
      filters[weightChannel * 8 + (weightOutput >> 2u)] = half4(weight[(min((firstOutput + weightOutput) / 16, 7) * (5 * 5 * 16) + element * 16 + weightChannel) * 4 + (((firstOutput + weightOutput) % 16) >> 2u)]);
      let weightChannel_2: i32 = (invocation + 64) / 8;
      let weightOutput_2: i32 = ((invocation + 64) % 8) * 4;
      filters[weightChannel_2 * 8 + (weightOutput_2 >> 2u)] = half4(weight[(min((firstOutput + weightOutput_2) / 16, 7) * (5 * 5 * 16) + element * 16 + weightChannel_2) * 4 + (((firstOutput + weightOutput_2) % 16) >> 2u)]);
      workgroupBarrier();
      for (var i = 0; i < 16; i += 4) {
        let pixelsAt: i32 = line * 20 + i;
        let x0: vec4f = vec4f(pixels[pixelsAt >> 2u]);
        let x1: vec4f = vec4f(pixels[(pixelsAt >> 2u) + 5]);
        let filtersAt: i32 = i * 32 + vector * 4;
        let w0: vec4f = vec4f(filters[filtersAt >> 2u]);
        let spread0: vec4f = vec4f(x0.x);
        sum0_0 += spread0 * w0;
        let spread1: vec4f = vec4f(x1.x);
        sum1_0 += spread1 * w0;
        let w0_2: vec4f = vec4f(filters[(filtersAt >> 2u) + 8]);
        let spread0_2: vec4f = vec4f(x0.y);
        sum0_0 += spread0_2 * w0_2;
        let spread1_2: vec4f = vec4f(x1.y);
        sum1_0 += spread1_2 * w0_2;
        let w0_3: vec4f = vec4f(filters[(filtersAt >> 2u) + 16]);
        let spread0_3: vec4f = vec4f(x0.z);
        sum0_0 += spread0_3 * w0_3;
        let spread1_3: vec4f = vec4f(x1.z);
        sum1_0 += spread1_3 * w0_3;
        let w0_4: vec4f = vec4f(filters[(filtersAt >> 2u) + 24]);
        let spread0_4: vec4f = vec4f(x0.w);
        sum0_0 += spread0_4 * w0_4;
        let spread1_4: vec4f = vec4f(x1.w);
        sum1_0 += spread1_4 * w0_4;
      }
      workgroupBarrier();
    }
  }
  let output: i32 = firstOutput + vector * 4;
  if (output < 120) {
    let bias_2: vec4f = bias[output >> 2u];
    let result: i32 = firstPixel + line;
    if (result < 1) {
      out[output >> 2u] = max(sum0_0 + bias_2, vec4f(0.0));
    }
    let result_2: i32 = firstPixel + line + 1;
    if (result_2 < 1) {
      out[output >> 2u] = max(sum1_0 + bias_2, vec4f(0.0));
    }
  }
}
`,
};

/**
 * fc.f6 + relu: dot products, 1 x 4
 *     value = bias[o] + sum over i of weight[o, i] * x[n, i]
 *     out = max(value, 0)
 * x: f32[1,120]
 * weight: f32[84,120], row-major
 * bias: f32[84]
 * out: f32[1,84]
 */
export const linear_120to84_relu = {
  name: 'linear_120to84_relu',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 480 },
    { name: 'weight', access: 'read', bytes: 40320 },
    { name: 'bias', access: 'read', bytes: 336 },
    { name: 'out', access: 'read_write', bytes: 336 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<vec4f, 30>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f, 2520>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f, 21>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f, 21>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 21) {
    let output: i32 = element * 4;
    let wAt0: i32 = output * 120;
    let wAt1: i32 = output * 120 + 120;
    let wAt2: i32 = output * 120 + 240;
    let wAt3: i32 = output * 120 + 360;
    var sum0_0: vec4f = vec4f(0.0);
    var sum0_1: vec4f = vec4f(0.0);
    var sum0_2: vec4f = vec4f(0.0);
    var sum0_3: vec4f = vec4f(0.0);
    for (var i = 0; i < 120; i += 4) {
      let a0: vec4f = x[i >> 2u];
      let b0: vec4f = weight[(wAt0 + i) >> 2u];
      sum0_0 += a0 * b0;
      let b1: vec4f = weight[(wAt1 + i) >> 2u];
      sum0_1 += a0 * b1;
      let b2: vec4f = weight[(wAt2 + i) >> 2u];
      sum0_2 += a0 * b2;
      let b3: vec4f = weight[(wAt3 + i) >> 2u];
      sum0_3 += a0 * b3;
    }
    let bias_2: vec4f = bias[output >> 2u];
    out[output >> 2u] = max(vec4f(sum0_0.x + sum0_0.y + (sum0_0.z + sum0_0.w), sum0_1.x + sum0_1.y + (sum0_1.z + sum0_1.w), sum0_2.x + sum0_2.y + (sum0_2.z + sum0_2.w), sum0_3.x + sum0_3.y + (sum0_3.z + sum0_3.w)) + bias_2, vec4f(0.0));
  }
}
`,
};

/**
 * fc.f7: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,84]
 * weight: f32[10,84], row-major
 * bias: f32[10]
 * out: f32[1,10]
 */
export const linear_84to10_part1 = {
  name: 'linear_84to10_part1',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 336 },
    { name: 'weight', access: 'read', bytes: 3360 },
    { name: 'bias', access: 'read', bytes: 48 },
    { name: 'out', access: 'read_write', bytes: 48 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<vec4f, 21>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f, 210>;
@group(0) @binding(2) var<storage, read> bias: array<vec4f, 3>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4f, 3>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) invocationIndex: u32) {
  let invocation = i32(invocationIndex);
  let element: i32 = invocation;
  if (element < 2) {
    let output: i32 = element * 4;
    let wAt0: i32 = output * 84;
    let wAt1: i32 = output * 84 + 84;
    let wAt2: i32 = output * 84 + 168;
    let wAt3: i32 = output * 84 + 252;
    var sum0_0: vec4f = vec4f(0.0);
    var sum0_1: vec4f = vec4f(0.0);
    var sum0_2: vec4f = vec4f(0.0);
    var sum0_3: vec4f = vec4f(0.0);
    for (var i = 0; i < 84; i += 4) {
      let a0: vec4f = x[i >> 2u];
      let b0: vec4f = weight[(wAt0 + i) >> 2u];
      sum0_0 += a0 * b0;
      let b1: vec4f = weight[(wAt1 + i) >> 2u];
      sum0_1 += a0 * b1;
      let b2: vec4f = weight[(wAt2 + i) >> 2u];
      sum0_2 += a0 * b2;
      let b3: vec4f = weight[(wAt3 + i) >> 2u];
      sum0_3 += a0 * b3;
    }
    let bias_2: vec4f = bias[output >> 2u];
    out[output >> 2u] = vec4f(sum0_0.x + sum0_0.y + (sum0_0.z + sum0_0.w), sum0_1.x + sum0_1.y + (sum0_1.z + sum0_1.w), sum0_2.x + sum0_2.y + (sum0_2.z + sum0_2.w), sum0_3.x + sum0_3.y + (sum0_3.z + sum0_3.w)) + bias_2;
  }
}
`,
};

/**
 * fc.f7: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,84]
 * weight: f32[10,84], row-major
 * bias: f32[10]
 * out: f32[1,10]
 */
export const linear_84to10_part2 = {
  name: 'linear_84to10_part2',
  workgroups: [1, 1],
  bindings: [
    { name: 'x', access: 'read_write', bytes: 336 },
    { name: 'weight', access: 'read', bytes: 3360 },
    { name: 'bias', access: 'read', bytes: 48 },
    { name: 'out', access: 'read_write', bytes: 48 },
  ],
  code: `
@group(0) @binding(0) var<storage, read_write> x: array<vec4f, 21>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f, 210>;
@group(0) @binding(2) var<storage, read> bias: array<f32, 12>;
@group(0) @binding(3) var<storage, read_write> out: array<f32, 12>;

@compute @workgroup_size(1)
fn main() {
  var sum0_0: vec4f = vec4f(0.0);
  var sum0_1: vec4f = vec4f(0.0);
  for (var i = 0; i < 84; i += 4) {
    let a0: vec4f = x[i >> 2u];
    let b0: vec4f = weight[(i >> 2u) + 168];
    sum0_0 += a0 * b0;
    let b1: vec4f = weight[(i >> 2u) + 189];
    sum0_1 += a0 * b1;
  }
  let bias_2: vec4f = vec4f(bias[8], bias[9], 0.0, 0.0);
  let value: vec4f = vec4f(sum0_0.x + sum0_0.y + (sum0_0.z + sum0_0.w), sum0_1.x + sum0_1.y + (sum0_1.z + sum0_1.w), 0.0, 0.0) + bias_2;
  out[8] = value.x;
  out[9] = value.y;
}
`,
};
