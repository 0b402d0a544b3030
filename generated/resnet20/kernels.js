/**
 * The kernels of resnet20. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * bn1: loops
 *     out = a + b
 * a: f32[16]
 * b = 0.00001
 * out: f32[16]
 */
export function add_16(a, out) {
  for (let i0 = 0; i0 < 16; i0++) {
    out[i0] = a[i0] + 0.00001;
  }
}

/**
 * bn1: loops
 *     out = sqrt(x)
 * x: f32[16]
 * out: f32[16]
 */
export function sqrt_16(x, out) {
  for (let i0 = 0; i0 < 16; i0++) {
    out[i0] = Math.sqrt(x[i0]);
  }
}

/**
 * bn1.scale: loops
 *     out = a / b
 * a: f32[16]
 * b: f32[16]
 * out: f32[16]
 */
export function div_16(a, b, out) {
  for (let i0 = 0; i0 < 16; i0++) {
    out[i0] = a[i0] / b[i0];
  }
}

/**
 * bn1.shift: loops
 *     out = a * b
 * a: f32[16]
 * b: f32[16]
 * out: f32[16]
 */
export function mul_16(a, b, out) {
  for (let i0 = 0; i0 < 16; i0++) {
    out[i0] = a[i0] * b[i0];
  }
}

/**
 * bn1.shift: loops
 *     out = a - b
 * a: f32[16]
 * b: f32[16]
 * out: f32[16]
 */
export function sub_16(a, b, out) {
  for (let i0 = 0; i0 < 16; i0++) {
    out[i0] = a[i0] - b[i0];
  }
}

/**
 * conv1.weight.folded: loops
 *     out = a * b
 * a: f32[16,3,3,3], row-major
 * b: f32[16,1,1,1]
 * out: f32[16,3,3,3], row-major
 */
export function mul_16x3x3x3(a, b, out) {
  for (let n = 0; n < 16; n++) {
    for (let c = 0; c < 3; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (3 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (3 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[16,3,3,3], row-major
 * out: f32[16,3,3,3], in memory [o / 4: 4][kh 3][kw 3][i 3][o % 4]
 */
export function repack_rowMajor_to_ohwi4_16x3x3x3(x, out) {
  for (let a0 = 0; a0 < 4; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 3; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 108 + c1 * 36 + d2 * 12 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 27 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer1.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[16,16,3,3], row-major
 * b: f32[16,1,1,1]
 * out: f32[16,16,3,3], row-major
 */
export function mul_16x16x3x3(a, b, out) {
  for (let n = 0; n < 16; n++) {
    for (let c = 0; c < 16; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (16 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (16 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[16,16,3,3], row-major
 * out: f32[16,16,3,3], in memory [o / 4: 4][kh 3][kw 3][i 16][o % 4]
 */
export function repack_rowMajor_to_ohwi4_16x16x3x3(x, out) {
  for (let a0 = 0; a0 < 4; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 16; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 576 + c1 * 192 + d2 * 64 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 144 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer2.0.bn1: loops
 *     out = a + b
 * a: f32[32]
 * b = 0.00001
 * out: f32[32]
 */
export function add_32(a, out) {
  for (let i0 = 0; i0 < 32; i0++) {
    out[i0] = a[i0] + 0.00001;
  }
}

/**
 * layer2.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[32]
 * out: f32[32]
 */
export function sqrt_32(x, out) {
  for (let i0 = 0; i0 < 32; i0++) {
    out[i0] = Math.sqrt(x[i0]);
  }
}

/**
 * layer2.0.bn1.scale: loops
 *     out = a / b
 * a: f32[32]
 * b: f32[32]
 * out: f32[32]
 */
export function div_32(a, b, out) {
  for (let i0 = 0; i0 < 32; i0++) {
    out[i0] = a[i0] / b[i0];
  }
}

/**
 * layer2.0.bn1.shift: loops
 *     out = a * b
 * a: f32[32]
 * b: f32[32]
 * out: f32[32]
 */
export function mul_32(a, b, out) {
  for (let i0 = 0; i0 < 32; i0++) {
    out[i0] = a[i0] * b[i0];
  }
}

/**
 * layer2.0.bn1.shift: loops
 *     out = a - b
 * a: f32[32]
 * b: f32[32]
 * out: f32[32]
 */
export function sub_32(a, b, out) {
  for (let i0 = 0; i0 < 32; i0++) {
    out[i0] = a[i0] - b[i0];
  }
}

/**
 * layer2.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[32,16,3,3], row-major
 * b: f32[32,1,1,1]
 * out: f32[32,16,3,3], row-major
 */
export function mul_32x16x3x3(a, b, out) {
  for (let n = 0; n < 32; n++) {
    for (let c = 0; c < 16; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (16 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (16 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[32,16,3,3], row-major
 * out: f32[32,16,3,3], in memory [o / 4: 8][kh 3][kw 3][i 16][o % 4]
 */
export function repack_rowMajor_to_ohwi4_32x16x3x3(x, out) {
  for (let a0 = 0; a0 < 8; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 16; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 576 + c1 * 192 + d2 * 64 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 144 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer2.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[32,32,3,3], row-major
 * b: f32[32,1,1,1]
 * out: f32[32,32,3,3], row-major
 */
export function mul_32x32x3x3(a, b, out) {
  for (let n = 0; n < 32; n++) {
    for (let c = 0; c < 32; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (32 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (32 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[32,32,3,3], row-major
 * out: f32[32,32,3,3], in memory [o / 4: 8][kh 3][kw 3][i 32][o % 4]
 */
export function repack_rowMajor_to_ohwi4_32x32x3x3(x, out) {
  for (let a0 = 0; a0 < 8; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 32; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 1152 + c1 * 384 + d2 * 128 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 288 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer3.0.bn1: loops
 *     out = a + b
 * a: f32[64]
 * b = 0.00001
 * out: f32[64]
 */
export function add_64(a, out) {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = a[i0] + 0.00001;
  }
}

/**
 * layer3.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[64]
 * out: f32[64]
 */
export function sqrt_64(x, out) {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = Math.sqrt(x[i0]);
  }
}

/**
 * layer3.0.bn1.scale: loops
 *     out = a / b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export function div_64(a, b, out) {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = a[i0] / b[i0];
  }
}

/**
 * layer3.0.bn1.shift: loops
 *     out = a * b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export function mul_64(a, b, out) {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = a[i0] * b[i0];
  }
}

/**
 * layer3.0.bn1.shift: loops
 *     out = a - b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export function sub_64(a, b, out) {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = a[i0] - b[i0];
  }
}

/**
 * layer3.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[64,32,3,3], row-major
 * b: f32[64,1,1,1]
 * out: f32[64,32,3,3], row-major
 */
export function mul_64x32x3x3(a, b, out) {
  for (let n = 0; n < 64; n++) {
    for (let c = 0; c < 32; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (32 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (32 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[64,32,3,3], row-major
 * out: f32[64,32,3,3], in memory [o / 4: 16][kh 3][kw 3][i 32][o % 4]
 */
export function repack_rowMajor_to_ohwi4_64x32x3x3(x, out) {
  for (let a0 = 0; a0 < 16; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 32; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 1152 + c1 * 384 + d2 * 128 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 288 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer3.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[64,64,3,3], row-major
 * b: f32[64,1,1,1]
 * out: f32[64,64,3,3], row-major
 */
export function mul_64x64x3x3(a, b, out) {
  for (let n = 0; n < 64; n++) {
    for (let c = 0; c < 64; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (64 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (64 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[64,64,3,3], row-major
 * out: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 */
export function repack_rowMajor_to_ohwi4_64x64x3x3(x, out) {
  for (let a0 = 0; a0 < 16; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 64; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 2304 + c1 * 768 + d2 * 256 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 576 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * conv1 with bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,3,32,32], row-major
 * weight: f32[16,3,3,3], in memory [o / 4: 4][kh 3][kw 3][i 3][o % 4]
 * bias: f32[16]
 * out: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 */
export function conv2d_3x3_3to16_relu(x, weight, bias, out) {
  for (let oy = 0; oy < 32; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 33 - oy);
    for (let block = 0; block < 4; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * 32 - 33;
          const wRow = block * (3 * 3 * 3 * 4) + ky * (3 * 3 * 4);
          for (let kx = 1; kx < 3; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (3 * 4);
            for (let ic = 0; ic < 3; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const x0 = x[xAt + ic * (32 * 32)];
              sum00 += x0 * w0;
              sum01 += x0 * w1;
              sum02 += x0 * w2;
              sum03 += x0 * w3;
            }
          }
        }
        const outAt = oy * (32 * 16) + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 31; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * 32 + ox - 33;
          const wRow = block * (3 * 3 * 3 * 4) + ky * (3 * 3 * 4);
          for (let kx = 0; kx < 3; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (3 * 4);
            for (let ic = 0; ic < 3; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const xAt_2 = xAt + ic * (32 * 32);
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
        const outAt = oy * (32 * 16) + ox * 16 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 16] = Math.max(sum10, 0);
        out[outAt + 17] = Math.max(sum11, 0);
        out[outAt + 18] = Math.max(sum12, 0);
        out[outAt + 19] = Math.max(sum13, 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * 32 - 2;
          const wRow = block * (3 * 3 * 3 * 4) + ky * (3 * 3 * 4);
          for (let kx = 0; kx < 2; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (3 * 4);
            for (let ic = 0; ic < 3; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const x0 = x[xAt + ic * (32 * 32)];
              sum00 += x0 * w0;
              sum01 += x0 * w1;
              sum02 += x0 * w2;
              sum03 += x0 * w3;
            }
          }
        }
        const outAt = oy * (32 * 16) + block * 4;
        out[outAt + 496] = Math.max(sum00, 0);
        out[outAt + 497] = Math.max(sum01, 0);
        out[outAt + 498] = Math.max(sum02, 0);
        out[outAt + 499] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer1.0.conv1 with layer1.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 * weight: f32[16,16,3,3], in memory [o / 4: 4][kh 3][kw 3][i 16][o % 4]
 * bias: f32[16]
 * out: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 */
export function conv2d_3x3_16to16_relu(x, weight, bias, out) {
  for (let oy = 0; oy < 32; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 33 - oy);
    for (let block = 0; block < 4; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (32 * 16) - 528;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 16; i < 48; i++) {
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
        const outAt = oy * (32 * 16) + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 31; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (32 * 16) + ox * 16 - 528;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 0; i < 48; i++) {
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
            const x1 = x[xAt + 16];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * (32 * 16) + ox * 16 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 16] = Math.max(sum10, 0);
        out[outAt + 17] = Math.max(sum11, 0);
        out[outAt + 18] = Math.max(sum12, 0);
        out[outAt + 19] = Math.max(sum13, 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (32 * 16) - 32;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 0; i < 32; i++) {
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
        const outAt = oy * (32 * 16) + block * 4;
        out[outAt + 496] = Math.max(sum00, 0);
        out[outAt + 497] = Math.max(sum01, 0);
        out[outAt + 498] = Math.max(sum02, 0);
        out[outAt + 499] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer1.0.conv2 with layer1.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 * weight: f32[16,16,3,3], in memory [o / 4: 4][kh 3][kw 3][i 16][o % 4]
 * bias: f32[16]
 * residual: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 * out: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 */
export function conv2d_3x3_16to16_add_relu(x, weight, bias, residual, out) {
  for (let oy = 0; oy < 32; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 33 - oy);
    for (let block = 0; block < 4; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (32 * 16) - 528;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 16; i < 48; i++) {
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
        const residualAt = oy * (32 * 16) + block * 4;
        const outAt = oy * (32 * 16) + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 31; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (32 * 16) + ox * 16 - 528;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 0; i < 48; i++) {
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
            const x1 = x[xAt + 16];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const residualAt = oy * (32 * 16) + ox * 16 + block * 4;
        const outAt = oy * (32 * 16) + ox * 16 + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
        out[outAt + 16] = Math.max(sum10 + residual[residualAt + 16], 0);
        out[outAt + 17] = Math.max(sum11 + residual[residualAt + 17], 0);
        out[outAt + 18] = Math.max(sum12 + residual[residualAt + 18], 0);
        out[outAt + 19] = Math.max(sum13 + residual[residualAt + 19], 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (32 * 16) - 32;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 0; i < 32; i++) {
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
        const residualAt = oy * (32 * 16) + block * 4;
        const outAt = oy * (32 * 16) + block * 4;
        out[outAt + 496] = Math.max(sum00 + residual[residualAt + 496], 0);
        out[outAt + 497] = Math.max(sum01 + residual[residualAt + 497], 0);
        out[outAt + 498] = Math.max(sum02 + residual[residualAt + 498], 0);
        out[outAt + 499] = Math.max(sum03 + residual[residualAt + 499], 0);
      }
    }
  }
}

/**
 * layer2.0.conv1 with layer2.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 * weight: f32[32,16,3,3], in memory [o / 4: 8][kh 3][kw 3][i 16][o % 4]
 * bias: f32[32]
 * out: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 */
export function conv2d_3x3_s2_16to32_relu(x, weight, bias, out) {
  for (let oy = 0; oy < 16; oy++) {
    const kyFirst = Math.max(0, 1 - oy * 2);
    for (let block = 0; block < 8; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 512 - 528;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 16; i < 48; i++) {
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
        const outAt = oy * 512 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 15; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 512 + ox * 32 - 528;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 0; i < 48; i++) {
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
            const x1 = x[xAt + 32];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * 512 + ox * 32 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 32] = Math.max(sum10, 0);
        out[outAt + 33] = Math.max(sum11, 0);
        out[outAt + 34] = Math.max(sum12, 0);
        out[outAt + 35] = Math.max(sum13, 0);
      }
      // interior, the last pixel
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 512 - 48;
          const wRow = block * (3 * 3 * 16 * 4) + ky * (3 * 16 * 4);
          for (let i = 0; i < 48; i++) {
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
        const outAt = oy * 512 + block * 4;
        out[outAt + 480] = Math.max(sum00, 0);
        out[outAt + 481] = Math.max(sum01, 0);
        out[outAt + 482] = Math.max(sum02, 0);
        out[outAt + 483] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer2.0.pad: loops
 *     out = x[n, c - 8, h, w], 0 outside x
 * x: f32[1,16,16,16], in memory [n 1][h 16][w 16][c 16], filled up with zeros
 * out: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 */
export function pad_16x16(x, out) {
  for (let oy = 0; oy < 16; oy++) {
    for (let ox = 0; ox < 16; ox++) {
      for (let c = 0; c < 32; c++) {
        let element = 0;
        if (c - 8 >= 0 && c - 8 < 16) {
          element = x[oy * 1024 + ox * 32 + c - 8];
        }
        out[oy * (16 * 32) + ox * 32 + c] = element;
      }
    }
  }
}

/**
 * layer2.0.conv2 with layer2.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 * weight: f32[32,32,3,3], in memory [o / 4: 8][kh 3][kw 3][i 32][o % 4]
 * bias: f32[32]
 * residual: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 * out: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 */
export function conv2d_3x3_32to32_add_relu(x, weight, bias, residual, out) {
  for (let oy = 0; oy < 16; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 17 - oy);
    for (let block = 0; block < 8; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (16 * 32) - 544;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 32; i < 96; i++) {
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
        const residualAt = oy * (16 * 32) + block * 4;
        const outAt = oy * (16 * 32) + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 15; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (16 * 32) + ox * 32 - 544;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 0; i < 96; i++) {
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
            const x1 = x[xAt + 32];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const residualAt = oy * (16 * 32) + ox * 32 + block * 4;
        const outAt = oy * (16 * 32) + ox * 32 + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
        out[outAt + 32] = Math.max(sum10 + residual[residualAt + 32], 0);
        out[outAt + 33] = Math.max(sum11 + residual[residualAt + 33], 0);
        out[outAt + 34] = Math.max(sum12 + residual[residualAt + 34], 0);
        out[outAt + 35] = Math.max(sum13 + residual[residualAt + 35], 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (16 * 32) - 64;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 0; i < 64; i++) {
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
        const residualAt = oy * (16 * 32) + block * 4;
        const outAt = oy * (16 * 32) + block * 4;
        out[outAt + 480] = Math.max(sum00 + residual[residualAt + 480], 0);
        out[outAt + 481] = Math.max(sum01 + residual[residualAt + 481], 0);
        out[outAt + 482] = Math.max(sum02 + residual[residualAt + 482], 0);
        out[outAt + 483] = Math.max(sum03 + residual[residualAt + 483], 0);
      }
    }
  }
}

/**
 * layer2.1.conv1 with layer2.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 * weight: f32[32,32,3,3], in memory [o / 4: 8][kh 3][kw 3][i 32][o % 4]
 * bias: f32[32]
 * out: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 */
export function conv2d_3x3_32to32_relu(x, weight, bias, out) {
  for (let oy = 0; oy < 16; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 17 - oy);
    for (let block = 0; block < 8; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (16 * 32) - 544;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 32; i < 96; i++) {
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
        const outAt = oy * (16 * 32) + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 15; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (16 * 32) + ox * 32 - 544;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 0; i < 96; i++) {
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
            const x1 = x[xAt + 32];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * (16 * 32) + ox * 32 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 32] = Math.max(sum10, 0);
        out[outAt + 33] = Math.max(sum11, 0);
        out[outAt + 34] = Math.max(sum12, 0);
        out[outAt + 35] = Math.max(sum13, 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (16 * 32) - 64;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 0; i < 64; i++) {
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
        const outAt = oy * (16 * 32) + block * 4;
        out[outAt + 480] = Math.max(sum00, 0);
        out[outAt + 481] = Math.max(sum01, 0);
        out[outAt + 482] = Math.max(sum02, 0);
        out[outAt + 483] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer3.0.conv1 with layer3.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 * weight: f32[64,32,3,3], in memory [o / 4: 16][kh 3][kw 3][i 32][o % 4]
 * bias: f32[64]
 * out: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 */
export function conv2d_3x3_s2_32to64_relu(x, weight, bias, out) {
  for (let oy = 0; oy < 8; oy++) {
    const kyFirst = Math.max(0, 1 - oy * 2);
    for (let block = 0; block < 16; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 512 - 544;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 32; i < 96; i++) {
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
        const outAt = oy * 512 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 7; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 512 + ox * 64 - 544;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 0; i < 96; i++) {
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
            const x1 = x[xAt + 64];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * 512 + ox * 64 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 64] = Math.max(sum10, 0);
        out[outAt + 65] = Math.max(sum11, 0);
        out[outAt + 66] = Math.max(sum12, 0);
        out[outAt + 67] = Math.max(sum13, 0);
      }
      // interior, the last pixel
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 512 - 96;
          const wRow = block * (3 * 3 * 32 * 4) + ky * (3 * 32 * 4);
          for (let i = 0; i < 96; i++) {
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
        const outAt = oy * 512 + block * 4;
        out[outAt + 448] = Math.max(sum00, 0);
        out[outAt + 449] = Math.max(sum01, 0);
        out[outAt + 450] = Math.max(sum02, 0);
        out[outAt + 451] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer3.0.pad: loops
 *     out = x[n, c - 16, h, w], 0 outside x
 * x: f32[1,32,8,8], in memory [n 1][h 8][w 8][c 32], filled up with zeros
 * out: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 */
export function pad_8x8(x, out) {
  for (let oy = 0; oy < 8; oy++) {
    for (let ox = 0; ox < 8; ox++) {
      for (let c = 0; c < 64; c++) {
        let element = 0;
        if (c - 16 >= 0 && c - 16 < 32) {
          element = x[oy * 1024 + ox * 64 + c - 16];
        }
        out[oy * (8 * 64) + ox * 64 + c] = element;
      }
    }
  }
}

/**
 * layer3.0.conv2 with layer3.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 * weight: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 * bias: f32[64]
 * residual: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 * out: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 */
export function conv2d_3x3_64to64_add_relu(x, weight, bias, residual, out) {
  for (let oy = 0; oy < 8; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 9 - oy);
    for (let block = 0; block < 16; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (8 * 64) - 576;
          const wRow = block * (3 * 3 * 64 * 4) + ky * (3 * 64 * 4);
          for (let i = 64; i < 192; i++) {
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
        const residualAt = oy * (8 * 64) + block * 4;
        const outAt = oy * (8 * 64) + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 7; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (8 * 64) + ox * 64 - 576;
          const wRow = block * (3 * 3 * 64 * 4) + ky * (3 * 64 * 4);
          for (let i = 0; i < 192; i++) {
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
            const x1 = x[xAt + 64];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const residualAt = oy * (8 * 64) + ox * 64 + block * 4;
        const outAt = oy * (8 * 64) + ox * 64 + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
        out[outAt + 64] = Math.max(sum10 + residual[residualAt + 64], 0);
        out[outAt + 65] = Math.max(sum11 + residual[residualAt + 65], 0);
        out[outAt + 66] = Math.max(sum12 + residual[residualAt + 66], 0);
        out[outAt + 67] = Math.max(sum13 + residual[residualAt + 67], 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (8 * 64) - 128;
          const wRow = block * (3 * 3 * 64 * 4) + ky * (3 * 64 * 4);
          for (let i = 0; i < 128; i++) {
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
        const residualAt = oy * (8 * 64) + block * 4;
        const outAt = oy * (8 * 64) + block * 4;
        out[outAt + 448] = Math.max(sum00 + residual[residualAt + 448], 0);
        out[outAt + 449] = Math.max(sum01 + residual[residualAt + 449], 0);
        out[outAt + 450] = Math.max(sum02 + residual[residualAt + 450], 0);
        out[outAt + 451] = Math.max(sum03 + residual[residualAt + 451], 0);
      }
    }
  }
}

/**
 * layer3.1.conv1 with layer3.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 * weight: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 * bias: f32[64]
 * out: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 */
export function conv2d_3x3_64to64_relu(x, weight, bias, out) {
  for (let oy = 0; oy < 8; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 9 - oy);
    for (let block = 0; block < 16; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (8 * 64) - 576;
          const wRow = block * (3 * 3 * 64 * 4) + ky * (3 * 64 * 4);
          for (let i = 64; i < 192; i++) {
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
        const outAt = oy * (8 * 64) + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 7; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (8 * 64) + ox * 64 - 576;
          const wRow = block * (3 * 3 * 64 * 4) + ky * (3 * 64 * 4);
          for (let i = 0; i < 192; i++) {
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
            const x1 = x[xAt + 64];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * (8 * 64) + ox * 64 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 64] = Math.max(sum10, 0);
        out[outAt + 65] = Math.max(sum11, 0);
        out[outAt + 66] = Math.max(sum12, 0);
        out[outAt + 67] = Math.max(sum13, 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (8 * 64) - 128;
          const wRow = block * (3 * 3 * 64 * 4) + ky * (3 * 64 * 4);
          for (let i = 0; i < 128; i++) {
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
        const outAt = oy * (8 * 64) + block * 4;
        out[outAt + 448] = Math.max(sum00, 0);
        out[outAt + 449] = Math.max(sum01, 0);
        out[outAt + 450] = Math.max(sum02, 0);
        out[outAt + 451] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * globalAveragePool: loops
 *     out = mean over h, w of x[n, c, h, w]
 * x: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 * out: f32[1,64,1,1]
 */
export function globalAveragePool(x, out) {
  for (let c = 0; c < 64; c++) {
    let sum = 0;
    for (let iy = 0; iy < 8; iy++) {
      for (let ix = 0; ix < 8; ix++) {
        sum += x[iy * (8 * 64) + ix * 64 + c];
      }
    }
    out[c] = sum / 64;
  }
}

/**
 * linear: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,64]
 * weight: f32[10,64], row-major
 * bias: f32[10]
 * out: f32[1,10]
 */
export function linear_64to10(x, weight, bias, out) {
  // columns 0 to 7, 4 at a time
  for (let o = 0; o < 8; o += 4) {
    let sum00 = bias[o];
    let sum01 = bias[o + 1];
    let sum02 = bias[o + 2];
    let sum03 = bias[o + 3];
    for (let i = 0; i < 64; i++) {
      const x0 = x[i];
      const weightAt = o * 64 + i;
      const w0 = weight[weightAt];
      sum00 += x0 * w0;
      const w1 = weight[weightAt + 64];
      sum01 += x0 * w1;
      const w2 = weight[weightAt + 128];
      sum02 += x0 * w2;
      const w3 = weight[weightAt + 192];
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
    for (let i = 0; i < 64; i++) {
      const x0 = x[i];
      const w0 = weight[i + 512];
      sum00 += x0 * w0;
      const w1 = weight[i + 576];
      sum01 += x0 * w1;
    }
    out[8] = sum00;
    out[9] = sum01;
  }
}
