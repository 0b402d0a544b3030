// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The kernels of resnet18. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * bn1: loops
 *     out = a + b
 * a: f32[64]
 * b = 0.00001
 * out: f32[64]
 */
export function add_64(a: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = a[i0] + 0.00001;
  }
}

/**
 * bn1: loops
 *     out = sqrt(x)
 * x: f32[64]
 * out: f32[64]
 */
export function sqrt_64(x: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = Math.sqrt(x[i0]);
  }
}

/**
 * bn1.scale: loops
 *     out = a / b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export function div_64(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = a[i0] / b[i0];
  }
}

/**
 * bn1.shift: loops
 *     out = a * b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export function mul_64(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = a[i0] * b[i0];
  }
}

/**
 * bn1.shift: loops
 *     out = a - b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export function sub_64(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 64; i0++) {
    out[i0] = a[i0] - b[i0];
  }
}

/**
 * conv1.weight.folded: loops
 *     out = a * b
 * a: f32[64,3,7,7], row-major
 * b: f32[64,1,1,1]
 * out: f32[64,3,7,7], row-major
 */
export function mul_64x3x7x7(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 64; n++) {
    for (let c = 0; c < 3; c++) {
      for (let oy = 0; oy < 7; oy++) {
        for (let ox = 0; ox < 7; ox++) {
          out[n * (3 * 7 * 7) + c * (7 * 7) + oy * 7 + ox] =
            a[n * (3 * 7 * 7) + c * (7 * 7) + oy * 7 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[64,3,7,7], row-major
 * out: f32[64,3,7,7], in memory [o / 4: 16][kh 7][kw 7][i 3][o % 4]
 */
export function repack_rowMajor_to_ohwi4_64x3x7x7(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 16; a0++) {
    for (let c1 = 0; c1 < 7; c1++) {
      for (let d2 = 0; d2 < 7; d2++) {
        for (let b3 = 0; b3 < 3; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 588 + c1 * 84 + d2 * 12 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 147 + b3 * 49 + c1 * 7 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer1.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[64,64,3,3], row-major
 * b: f32[64,1,1,1]
 * out: f32[64,64,3,3], row-major
 */
export function mul_64x64x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void {
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
export function repack_rowMajor_to_ohwi4_64x64x3x3(x: Float32Array, out: Float32Array): void {
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
 * layer2.0.bn1: loops
 *     out = a + b
 * a: f32[128]
 * b = 0.00001
 * out: f32[128]
 */
export function add_128(a: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 128; i0++) {
    out[i0] = a[i0] + 0.00001;
  }
}

/**
 * layer2.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[128]
 * out: f32[128]
 */
export function sqrt_128(x: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 128; i0++) {
    out[i0] = Math.sqrt(x[i0]);
  }
}

/**
 * layer2.0.bn1.scale: loops
 *     out = a / b
 * a: f32[128]
 * b: f32[128]
 * out: f32[128]
 */
export function div_128(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 128; i0++) {
    out[i0] = a[i0] / b[i0];
  }
}

/**
 * layer2.0.bn1.shift: loops
 *     out = a * b
 * a: f32[128]
 * b: f32[128]
 * out: f32[128]
 */
export function mul_128(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 128; i0++) {
    out[i0] = a[i0] * b[i0];
  }
}

/**
 * layer2.0.bn1.shift: loops
 *     out = a - b
 * a: f32[128]
 * b: f32[128]
 * out: f32[128]
 */
export function sub_128(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 128; i0++) {
    out[i0] = a[i0] - b[i0];
  }
}

/**
 * layer2.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[128,64,3,3], row-major
 * b: f32[128,1,1,1]
 * out: f32[128,64,3,3], row-major
 */
export function mul_128x64x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 128; n++) {
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
 * x: f32[128,64,3,3], row-major
 * out: f32[128,64,3,3], in memory [o / 4: 32][kh 3][kw 3][i 64][o % 4]
 */
export function repack_rowMajor_to_ohwi4_128x64x3x3(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 32; a0++) {
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
 * layer2.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[128,128,3,3], row-major
 * b: f32[128,1,1,1]
 * out: f32[128,128,3,3], row-major
 */
export function mul_128x128x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 128; n++) {
    for (let c = 0; c < 128; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (128 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (128 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * layer2.0.downsample.0.weight.folded: loops
 *     out = a * b
 * a: f32[128,64,1,1], row-major
 * b: f32[128,1,1,1]
 * out: f32[128,64,1,1], row-major
 */
export function mul_128x64x1x1(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 128; n++) {
    for (let c = 0; c < 64; c++) {
      out[n * 64 + c] = a[n * 64 + c] * b[n];
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[128,64,1,1], row-major
 * out: f32[128,64,1,1], in memory [o / 4: 32][kh 1][kw 1][i 64][o % 4]
 */
export function repack_rowMajor_to_ohwi4_128x64x1x1(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 32; a0++) {
    for (let b3 = 0; b3 < 64; b3++) {
      for (let a4 = 0; a4 < 4; a4++) {
        out[a0 * 256 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 64 + b3];
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[128,128,3,3], row-major
 * out: f32[128,128,3,3], in memory [o / 4: 32][kh 3][kw 3][i 128][o % 4]
 */
export function repack_rowMajor_to_ohwi4_128x128x3x3(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 32; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 128; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 4608 + c1 * 1536 + d2 * 512 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 1152 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer3.0.bn1: loops
 *     out = a + b
 * a: f32[256]
 * b = 0.00001
 * out: f32[256]
 */
export function add_256(a: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 256; i0++) {
    out[i0] = a[i0] + 0.00001;
  }
}

/**
 * layer3.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[256]
 * out: f32[256]
 */
export function sqrt_256(x: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 256; i0++) {
    out[i0] = Math.sqrt(x[i0]);
  }
}

/**
 * layer3.0.bn1.scale: loops
 *     out = a / b
 * a: f32[256]
 * b: f32[256]
 * out: f32[256]
 */
export function div_256(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 256; i0++) {
    out[i0] = a[i0] / b[i0];
  }
}

/**
 * layer3.0.bn1.shift: loops
 *     out = a * b
 * a: f32[256]
 * b: f32[256]
 * out: f32[256]
 */
export function mul_256(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 256; i0++) {
    out[i0] = a[i0] * b[i0];
  }
}

/**
 * layer3.0.bn1.shift: loops
 *     out = a - b
 * a: f32[256]
 * b: f32[256]
 * out: f32[256]
 */
export function sub_256(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 256; i0++) {
    out[i0] = a[i0] - b[i0];
  }
}

/**
 * layer3.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[256,128,3,3], row-major
 * b: f32[256,1,1,1]
 * out: f32[256,128,3,3], row-major
 */
export function mul_256x128x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 256; n++) {
    for (let c = 0; c < 128; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (128 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (128 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[256,128,3,3], row-major
 * out: f32[256,128,3,3], in memory [o / 4: 64][kh 3][kw 3][i 128][o % 4]
 */
export function repack_rowMajor_to_ohwi4_256x128x3x3(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 64; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 128; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 4608 + c1 * 1536 + d2 * 512 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 1152 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer3.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[256,256,3,3], row-major
 * b: f32[256,1,1,1]
 * out: f32[256,256,3,3], row-major
 */
export function mul_256x256x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 256; n++) {
    for (let c = 0; c < 256; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (256 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (256 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * layer3.0.downsample.0.weight.folded: loops
 *     out = a * b
 * a: f32[256,128,1,1], row-major
 * b: f32[256,1,1,1]
 * out: f32[256,128,1,1], row-major
 */
export function mul_256x128x1x1(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 256; n++) {
    for (let c = 0; c < 128; c++) {
      out[n * 128 + c] = a[n * 128 + c] * b[n];
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[256,128,1,1], row-major
 * out: f32[256,128,1,1], in memory [o / 4: 64][kh 1][kw 1][i 128][o % 4]
 */
export function repack_rowMajor_to_ohwi4_256x128x1x1(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 64; a0++) {
    for (let b3 = 0; b3 < 128; b3++) {
      for (let a4 = 0; a4 < 4; a4++) {
        out[a0 * 512 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 128 + b3];
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[256,256,3,3], row-major
 * out: f32[256,256,3,3], in memory [o / 4: 64][kh 3][kw 3][i 256][o % 4]
 */
export function repack_rowMajor_to_ohwi4_256x256x3x3(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 64; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 256; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 9216 + c1 * 3072 + d2 * 1024 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 2304 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer4.0.bn1: loops
 *     out = a + b
 * a: f32[512]
 * b = 0.00001
 * out: f32[512]
 */
export function add_512(a: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 512; i0++) {
    out[i0] = a[i0] + 0.00001;
  }
}

/**
 * layer4.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[512]
 * out: f32[512]
 */
export function sqrt_512(x: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 512; i0++) {
    out[i0] = Math.sqrt(x[i0]);
  }
}

/**
 * layer4.0.bn1.scale: loops
 *     out = a / b
 * a: f32[512]
 * b: f32[512]
 * out: f32[512]
 */
export function div_512(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 512; i0++) {
    out[i0] = a[i0] / b[i0];
  }
}

/**
 * layer4.0.bn1.shift: loops
 *     out = a * b
 * a: f32[512]
 * b: f32[512]
 * out: f32[512]
 */
export function mul_512(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 512; i0++) {
    out[i0] = a[i0] * b[i0];
  }
}

/**
 * layer4.0.bn1.shift: loops
 *     out = a - b
 * a: f32[512]
 * b: f32[512]
 * out: f32[512]
 */
export function sub_512(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let i0 = 0; i0 < 512; i0++) {
    out[i0] = a[i0] - b[i0];
  }
}

/**
 * layer4.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[512,256,3,3], row-major
 * b: f32[512,1,1,1]
 * out: f32[512,256,3,3], row-major
 */
export function mul_512x256x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 512; n++) {
    for (let c = 0; c < 256; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (256 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (256 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[512,256,3,3], row-major
 * out: f32[512,256,3,3], in memory [o / 4: 128][kh 3][kw 3][i 256][o % 4]
 */
export function repack_rowMajor_to_ohwi4_512x256x3x3(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 128; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 256; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 9216 + c1 * 3072 + d2 * 1024 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 2304 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * layer4.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[512,512,3,3], row-major
 * b: f32[512,1,1,1]
 * out: f32[512,512,3,3], row-major
 */
export function mul_512x512x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 512; n++) {
    for (let c = 0; c < 512; c++) {
      for (let oy = 0; oy < 3; oy++) {
        for (let ox = 0; ox < 3; ox++) {
          out[n * (512 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] =
            a[n * (512 * 3 * 3) + c * (3 * 3) + oy * 3 + ox] * b[n];
        }
      }
    }
  }
}

/**
 * layer4.0.downsample.0.weight.folded: loops
 *     out = a * b
 * a: f32[512,256,1,1], row-major
 * b: f32[512,1,1,1]
 * out: f32[512,256,1,1], row-major
 */
export function mul_512x256x1x1(a: Float32Array, b: Float32Array, out: Float32Array): void {
  for (let n = 0; n < 512; n++) {
    for (let c = 0; c < 256; c++) {
      out[n * 256 + c] = a[n * 256 + c] * b[n];
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[512,256,1,1], row-major
 * out: f32[512,256,1,1], in memory [o / 4: 128][kh 1][kw 1][i 256][o % 4]
 */
export function repack_rowMajor_to_ohwi4_512x256x1x1(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 128; a0++) {
    for (let b3 = 0; b3 < 256; b3++) {
      for (let a4 = 0; a4 < 4; a4++) {
        out[a0 * 1024 + b3 * 4 + a4] = x[(a0 * 4 + a4) * 256 + b3];
      }
    }
  }
}

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[512,512,3,3], row-major
 * out: f32[512,512,3,3], in memory [o / 4: 128][kh 3][kw 3][i 512][o % 4]
 */
export function repack_rowMajor_to_ohwi4_512x512x3x3(x: Float32Array, out: Float32Array): void {
  for (let a0 = 0; a0 < 128; a0++) {
    for (let c1 = 0; c1 < 3; c1++) {
      for (let d2 = 0; d2 < 3; d2++) {
        for (let b3 = 0; b3 < 512; b3++) {
          for (let a4 = 0; a4 < 4; a4++) {
            out[a0 * 18432 + c1 * 6144 + d2 * 2048 + b3 * 4 + a4] =
              x[(a0 * 4 + a4) * 4608 + b3 * 9 + c1 * 3 + d2];
          }
        }
      }
    }
  }
}

/**
 * conv1 with bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 3, 2 * w + kw - 3]
 *     out = max(value, 0)
 * x: f32[1,3,224,224], row-major
 * weight: f32[64,3,7,7], in memory [o / 4: 16][kh 7][kw 7][i 3][o % 4]
 * bias: f32[64]
 * out: f32[1,64,112,112], in memory [n 1][h 112][w 112][c 64]
 */
export function conv2d_7x7_s2_3to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 112; oy++) {
    const kyFirst = Math.max(0, 3 - oy * 2);
    const kyEnd = Math.min(7, 227 - oy * 2);
    for (let block = 0; block < 16; block++) {
      // left border, without the columns of the kernel that fall outside x
      for (let ox = 0; ox < 2; ox++) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        const kxFirst = Math.max(0, 3 - ox * 2);
        const kxEnd = Math.min(7, 227 - ox * 2);
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy * 2 + ky) * 224 + ox * 2 - 675;
          const wRow = block * (7 * 7 * 3 * 4) + ky * (7 * 3 * 4);
          for (let kx = kxFirst; kx < kxEnd; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (3 * 4);
            for (let ic = 0; ic < 3; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const x0 = x[xAt + ic * (224 * 224)];
              sum00 += x0 * w0;
              sum01 += x0 * w1;
              sum02 += x0 * w2;
              sum03 += x0 * w3;
            }
          }
        }
        const outAt = oy * (112 * 64) + ox * 64 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 2; ox < 110; ox += 2) {
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
          const xRow = (oy * 2 + ky) * 224 + ox * 2 - 675;
          const wRow = block * (7 * 7 * 3 * 4) + ky * (7 * 3 * 4);
          for (let kx = 0; kx < 7; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (3 * 4);
            for (let ic = 0; ic < 3; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const xAt_2 = xAt + ic * (224 * 224);
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
        const outAt = oy * (112 * 64) + ox * 64 + block * 4;
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
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy * 2 + ky) * 224 - 455;
          const wRow = block * (7 * 7 * 3 * 4) + ky * (7 * 3 * 4);
          for (let kx = 0; kx < 7; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (3 * 4);
            for (let ic = 0; ic < 3; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const x0 = x[xAt + ic * (224 * 224)];
              sum00 += x0 * w0;
              sum01 += x0 * w1;
              sum02 += x0 * w2;
              sum03 += x0 * w3;
            }
          }
        }
        const outAt = oy * (112 * 64) + block * 4;
        out[outAt + 7040] = Math.max(sum00, 0);
        out[outAt + 7041] = Math.max(sum01, 0);
        out[outAt + 7042] = Math.max(sum02, 0);
        out[outAt + 7043] = Math.max(sum03, 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy * 2 + ky) * 224 - 453;
          const wRow = block * (7 * 7 * 3 * 4) + ky * (7 * 3 * 4);
          for (let kx = 0; kx < 5; kx++) {
            const xAt = xRow + kx;
            const wAt = wRow + kx * (3 * 4);
            for (let ic = 0; ic < 3; ic++) {
              const weightAt = wAt + ic * 4;
              const w0 = weight[weightAt];
              const w1 = weight[weightAt + 1];
              const w2 = weight[weightAt + 2];
              const w3 = weight[weightAt + 3];
              const x0 = x[xAt + ic * (224 * 224)];
              sum00 += x0 * w0;
              sum01 += x0 * w1;
              sum02 += x0 * w2;
              sum03 += x0 * w3;
            }
          }
        }
        const outAt = oy * (112 * 64) + block * 4;
        out[outAt + 7104] = Math.max(sum00, 0);
        out[outAt + 7105] = Math.max(sum01, 0);
        out[outAt + 7106] = Math.max(sum02, 0);
        out[outAt + 7107] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * maxPool: loops
 *     out = max over kh < 3, kw < 3 of x[n, c, 2 * h + kh - 1, 2 * w + kw - 1], inside x only
 * x: f32[1,64,112,112], in memory [n 1][h 112][w 112][c 64]
 * out: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 */
export function maxPool_3x3_s2_64(x: Float32Array, out: Float32Array): void {
  for (let oy = 0; oy < 56; oy++) {
    for (let ox = 0; ox < 56; ox++) {
      for (let c = 0; c < 64; c++) {
        const firstRow = oy * 2 + Math.max(1 - oy * 2, 0) - 1;
        const firstColumn = ox * 2 + Math.max(1 - ox * 2, 0) - 1;
        let best = x[firstRow * (112 * 64) + firstColumn * 64 + c];
        for (let ky = Math.max(1 - oy * 2, 0); ky < 3; ky++) {
          const row = oy * 2 + ky - 1;
          for (let kx = Math.max(1 - ox * 2, 0); kx < 3; kx++) {
            const column = ox * 2 + kx - 1;
            best = Math.max(best, x[row * (112 * 64) + column * 64 + c]);
          }
        }
        out[oy * (56 * 64) + ox * 64 + c] = best;
      }
    }
  }
}

/**
 * layer1.0.conv1 with layer1.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * weight: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 * bias: f32[64]
 * out: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 */
export function conv2d_3x3_64to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 56; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 57 - oy);
    for (let block = 0; block < 16; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (56 * 64) - 3648;
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
        const outAt = oy * (56 * 64) + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 55; ox += 2) {
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
          const xRow = (oy + ky) * (56 * 64) + ox * 64 - 3648;
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
        const outAt = oy * (56 * 64) + ox * 64 + block * 4;
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
          const xRow = (oy + ky) * (56 * 64) - 128;
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
        const outAt = oy * (56 * 64) + block * 4;
        out[outAt + 3520] = Math.max(sum00, 0);
        out[outAt + 3521] = Math.max(sum01, 0);
        out[outAt + 3522] = Math.max(sum02, 0);
        out[outAt + 3523] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer1.0.conv2 with layer1.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * weight: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 * bias: f32[64]
 * residual: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * out: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 */
export function conv2d_3x3_64to64_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 56; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 57 - oy);
    for (let block = 0; block < 16; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (56 * 64) - 3648;
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
        const residualAt = oy * (56 * 64) + block * 4;
        const outAt = oy * (56 * 64) + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 55; ox += 2) {
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
          const xRow = (oy + ky) * (56 * 64) + ox * 64 - 3648;
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
        const residualAt = oy * (56 * 64) + ox * 64 + block * 4;
        const outAt = oy * (56 * 64) + ox * 64 + block * 4;
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
          const xRow = (oy + ky) * (56 * 64) - 128;
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
        const residualAt = oy * (56 * 64) + block * 4;
        const outAt = oy * (56 * 64) + block * 4;
        out[outAt + 3520] = Math.max(sum00 + residual[residualAt + 3520], 0);
        out[outAt + 3521] = Math.max(sum01 + residual[residualAt + 3521], 0);
        out[outAt + 3522] = Math.max(sum02 + residual[residualAt + 3522], 0);
        out[outAt + 3523] = Math.max(sum03 + residual[residualAt + 3523], 0);
      }
    }
  }
}

/**
 * layer2.0.conv1 with layer2.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * weight: f32[128,64,3,3], in memory [o / 4: 32][kh 3][kw 3][i 64][o % 4]
 * bias: f32[128]
 * out: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 */
export function conv2d_3x3_s2_64to128_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 28; oy++) {
    const kyFirst = Math.max(0, 1 - oy * 2);
    for (let block = 0; block < 32; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 3584 - 3648;
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
        const outAt = oy * 3584 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 27; ox += 2) {
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
          const xRow = (oy * 2 + ky) * 3584 + ox * 128 - 3648;
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
            const x1 = x[xAt + 128];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * 3584 + ox * 128 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 128] = Math.max(sum10, 0);
        out[outAt + 129] = Math.max(sum11, 0);
        out[outAt + 130] = Math.max(sum12, 0);
        out[outAt + 131] = Math.max(sum13, 0);
      }
      // interior, the last pixel
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 3584 - 192;
          const wRow = block * (3 * 3 * 64 * 4) + ky * (3 * 64 * 4);
          for (let i = 0; i < 192; i++) {
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
        const outAt = oy * 3584 + block * 4;
        out[outAt + 3456] = Math.max(sum00, 0);
        out[outAt + 3457] = Math.max(sum01, 0);
        out[outAt + 3458] = Math.max(sum02, 0);
        out[outAt + 3459] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer2.0.downsample.0 with layer2.0.downsample.1: direct, 2 pixels x 4 channels
 *     out = bias[o] + sum over i of weight[o, i, 0, 0] * x[n, i, 2 * h, 2 * w]
 * x: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * weight: f32[128,64,1,1], in memory [o / 4: 32][kh 1][kw 1][i 64][o % 4]
 * bias: f32[128]
 * out: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 */
export function conv2d_1x1_s2_64to128(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 28; oy++) {
    for (let block = 0; block < 32; block++) {
      // 2 pixels at a time
      for (let ox = 0; ox < 28; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        const xRow = oy * 7168 + ox * 128;
        const wRow = block * (64 * 4);
        for (let i = 0; i < 64; i++) {
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
          const x1 = x[xAt + 128];
          sum10 += x1 * w0;
          sum11 += x1 * w1;
          sum12 += x1 * w2;
          sum13 += x1 * w3;
        }
        const outAt = oy * 3584 + ox * 128 + block * 4;
        out[outAt] = sum00;
        out[outAt + 1] = sum01;
        out[outAt + 2] = sum02;
        out[outAt + 3] = sum03;
        out[outAt + 128] = sum10;
        out[outAt + 129] = sum11;
        out[outAt + 130] = sum12;
        out[outAt + 131] = sum13;
      }
    }
  }
}

/**
 * layer2.0.conv2 with layer2.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * weight: f32[128,128,3,3], in memory [o / 4: 32][kh 3][kw 3][i 128][o % 4]
 * bias: f32[128]
 * residual: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * out: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 */
export function conv2d_3x3_128to128_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 28; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 29 - oy);
    for (let block = 0; block < 32; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (28 * 128) - 3712;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 128; i < 384; i++) {
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
        const residualAt = oy * (28 * 128) + block * 4;
        const outAt = oy * (28 * 128) + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 27; ox += 2) {
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
          const xRow = (oy + ky) * (28 * 128) + ox * 128 - 3712;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 0; i < 384; i++) {
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
            const x1 = x[xAt + 128];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const residualAt = oy * (28 * 128) + ox * 128 + block * 4;
        const outAt = oy * (28 * 128) + ox * 128 + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
        out[outAt + 128] = Math.max(sum10 + residual[residualAt + 128], 0);
        out[outAt + 129] = Math.max(sum11 + residual[residualAt + 129], 0);
        out[outAt + 130] = Math.max(sum12 + residual[residualAt + 130], 0);
        out[outAt + 131] = Math.max(sum13 + residual[residualAt + 131], 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (28 * 128) - 256;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 0; i < 256; i++) {
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
        const residualAt = oy * (28 * 128) + block * 4;
        const outAt = oy * (28 * 128) + block * 4;
        out[outAt + 3456] = Math.max(sum00 + residual[residualAt + 3456], 0);
        out[outAt + 3457] = Math.max(sum01 + residual[residualAt + 3457], 0);
        out[outAt + 3458] = Math.max(sum02 + residual[residualAt + 3458], 0);
        out[outAt + 3459] = Math.max(sum03 + residual[residualAt + 3459], 0);
      }
    }
  }
}

/**
 * layer2.1.conv1 with layer2.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * weight: f32[128,128,3,3], in memory [o / 4: 32][kh 3][kw 3][i 128][o % 4]
 * bias: f32[128]
 * out: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 */
export function conv2d_3x3_128to128_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 28; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 29 - oy);
    for (let block = 0; block < 32; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (28 * 128) - 3712;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 128; i < 384; i++) {
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
        const outAt = oy * (28 * 128) + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 27; ox += 2) {
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
          const xRow = (oy + ky) * (28 * 128) + ox * 128 - 3712;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 0; i < 384; i++) {
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
            const x1 = x[xAt + 128];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * (28 * 128) + ox * 128 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 128] = Math.max(sum10, 0);
        out[outAt + 129] = Math.max(sum11, 0);
        out[outAt + 130] = Math.max(sum12, 0);
        out[outAt + 131] = Math.max(sum13, 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (28 * 128) - 256;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 0; i < 256; i++) {
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
        const outAt = oy * (28 * 128) + block * 4;
        out[outAt + 3456] = Math.max(sum00, 0);
        out[outAt + 3457] = Math.max(sum01, 0);
        out[outAt + 3458] = Math.max(sum02, 0);
        out[outAt + 3459] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer3.0.conv1 with layer3.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * weight: f32[256,128,3,3], in memory [o / 4: 64][kh 3][kw 3][i 128][o % 4]
 * bias: f32[256]
 * out: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 */
export function conv2d_3x3_s2_128to256_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 14; oy++) {
    const kyFirst = Math.max(0, 1 - oy * 2);
    for (let block = 0; block < 64; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 3584 - 3712;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 128; i < 384; i++) {
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
        const outAt = oy * 3584 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 13; ox += 2) {
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
          const xRow = (oy * 2 + ky) * 3584 + ox * 256 - 3712;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 0; i < 384; i++) {
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
            const x1 = x[xAt + 256];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * 3584 + ox * 256 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 256] = Math.max(sum10, 0);
        out[outAt + 257] = Math.max(sum11, 0);
        out[outAt + 258] = Math.max(sum12, 0);
        out[outAt + 259] = Math.max(sum13, 0);
      }
      // interior, the last pixel
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 3584 - 384;
          const wRow = block * (3 * 3 * 128 * 4) + ky * (3 * 128 * 4);
          for (let i = 0; i < 384; i++) {
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
        const outAt = oy * 3584 + block * 4;
        out[outAt + 3328] = Math.max(sum00, 0);
        out[outAt + 3329] = Math.max(sum01, 0);
        out[outAt + 3330] = Math.max(sum02, 0);
        out[outAt + 3331] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer3.0.downsample.0 with layer3.0.downsample.1: direct, 2 pixels x 4 channels
 *     out = bias[o] + sum over i of weight[o, i, 0, 0] * x[n, i, 2 * h, 2 * w]
 * x: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * weight: f32[256,128,1,1], in memory [o / 4: 64][kh 1][kw 1][i 128][o % 4]
 * bias: f32[256]
 * out: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 */
export function conv2d_1x1_s2_128to256(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 14; oy++) {
    for (let block = 0; block < 64; block++) {
      // 2 pixels at a time
      for (let ox = 0; ox < 14; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        const xRow = oy * 7168 + ox * 256;
        const wRow = block * (128 * 4);
        for (let i = 0; i < 128; i++) {
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
          const x1 = x[xAt + 256];
          sum10 += x1 * w0;
          sum11 += x1 * w1;
          sum12 += x1 * w2;
          sum13 += x1 * w3;
        }
        const outAt = oy * 3584 + ox * 256 + block * 4;
        out[outAt] = sum00;
        out[outAt + 1] = sum01;
        out[outAt + 2] = sum02;
        out[outAt + 3] = sum03;
        out[outAt + 256] = sum10;
        out[outAt + 257] = sum11;
        out[outAt + 258] = sum12;
        out[outAt + 259] = sum13;
      }
    }
  }
}

/**
 * layer3.0.conv2 with layer3.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * weight: f32[256,256,3,3], in memory [o / 4: 64][kh 3][kw 3][i 256][o % 4]
 * bias: f32[256]
 * residual: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * out: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 */
export function conv2d_3x3_256to256_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 14; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 15 - oy);
    for (let block = 0; block < 64; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (14 * 256) - 3840;
          const wRow = block * (3 * 3 * 256 * 4) + ky * (3 * 256 * 4);
          for (let i = 256; i < 768; i++) {
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
        const residualAt = oy * (14 * 256) + block * 4;
        const outAt = oy * (14 * 256) + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 13; ox += 2) {
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
          const xRow = (oy + ky) * (14 * 256) + ox * 256 - 3840;
          const wRow = block * (3 * 3 * 256 * 4) + ky * (3 * 256 * 4);
          for (let i = 0; i < 768; i++) {
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
            const x1 = x[xAt + 256];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const residualAt = oy * (14 * 256) + ox * 256 + block * 4;
        const outAt = oy * (14 * 256) + ox * 256 + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
        out[outAt + 256] = Math.max(sum10 + residual[residualAt + 256], 0);
        out[outAt + 257] = Math.max(sum11 + residual[residualAt + 257], 0);
        out[outAt + 258] = Math.max(sum12 + residual[residualAt + 258], 0);
        out[outAt + 259] = Math.max(sum13 + residual[residualAt + 259], 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (14 * 256) - 512;
          const wRow = block * (3 * 3 * 256 * 4) + ky * (3 * 256 * 4);
          for (let i = 0; i < 512; i++) {
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
        const residualAt = oy * (14 * 256) + block * 4;
        const outAt = oy * (14 * 256) + block * 4;
        out[outAt + 3328] = Math.max(sum00 + residual[residualAt + 3328], 0);
        out[outAt + 3329] = Math.max(sum01 + residual[residualAt + 3329], 0);
        out[outAt + 3330] = Math.max(sum02 + residual[residualAt + 3330], 0);
        out[outAt + 3331] = Math.max(sum03 + residual[residualAt + 3331], 0);
      }
    }
  }
}

/**
 * layer3.1.conv1 with layer3.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * weight: f32[256,256,3,3], in memory [o / 4: 64][kh 3][kw 3][i 256][o % 4]
 * bias: f32[256]
 * out: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 */
export function conv2d_3x3_256to256_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 14; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 15 - oy);
    for (let block = 0; block < 64; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (14 * 256) - 3840;
          const wRow = block * (3 * 3 * 256 * 4) + ky * (3 * 256 * 4);
          for (let i = 256; i < 768; i++) {
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
        const outAt = oy * (14 * 256) + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 13; ox += 2) {
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
          const xRow = (oy + ky) * (14 * 256) + ox * 256 - 3840;
          const wRow = block * (3 * 3 * 256 * 4) + ky * (3 * 256 * 4);
          for (let i = 0; i < 768; i++) {
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
            const x1 = x[xAt + 256];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * (14 * 256) + ox * 256 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 256] = Math.max(sum10, 0);
        out[outAt + 257] = Math.max(sum11, 0);
        out[outAt + 258] = Math.max(sum12, 0);
        out[outAt + 259] = Math.max(sum13, 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (14 * 256) - 512;
          const wRow = block * (3 * 3 * 256 * 4) + ky * (3 * 256 * 4);
          for (let i = 0; i < 512; i++) {
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
        const outAt = oy * (14 * 256) + block * 4;
        out[outAt + 3328] = Math.max(sum00, 0);
        out[outAt + 3329] = Math.max(sum01, 0);
        out[outAt + 3330] = Math.max(sum02, 0);
        out[outAt + 3331] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * layer4.0.conv1 with layer4.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * weight: f32[512,256,3,3], in memory [o / 4: 128][kh 3][kw 3][i 256][o % 4]
 * bias: f32[512]
 * out: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 */
export function conv2d_3x3_s2_256to512_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 7; oy++) {
    const kyFirst = Math.max(0, 1 - oy * 2);
    for (let block = 0; block < 128; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < 3; ky++) {
          const xRow = (oy * 2 + ky) * 3584 - 3840;
          const wRow = block * (3 * 3 * 256 * 4) + ky * (3 * 256 * 4);
          for (let i = 256; i < 768; i++) {
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
        const outAt = oy * 3584 + block * 4;
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
          const xRow = (oy * 2 + ky) * 3584 + ox * 512 - 3840;
          const wRow = block * (3 * 3 * 256 * 4) + ky * (3 * 256 * 4);
          for (let i = 0; i < 768; i++) {
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
            const x1 = x[xAt + 512];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * 3584 + ox * 512 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 512] = Math.max(sum10, 0);
        out[outAt + 513] = Math.max(sum11, 0);
        out[outAt + 514] = Math.max(sum12, 0);
        out[outAt + 515] = Math.max(sum13, 0);
      }
    }
  }
}

/**
 * layer4.0.downsample.0 with layer4.0.downsample.1: direct, 2 pixels x 4 channels
 *     out = bias[o] + sum over i of weight[o, i, 0, 0] * x[n, i, 2 * h, 2 * w]
 * x: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * weight: f32[512,256,1,1], in memory [o / 4: 128][kh 1][kw 1][i 256][o % 4]
 * bias: f32[512]
 * out: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 */
export function conv2d_1x1_s2_256to512(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 7; oy++) {
    for (let block = 0; block < 128; block++) {
      // 2 pixels at a time
      for (let ox = 0; ox < 6; ox += 2) {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        let sum10 = bias[biasAt];
        let sum11 = bias[biasAt + 1];
        let sum12 = bias[biasAt + 2];
        let sum13 = bias[biasAt + 3];
        const xRow = oy * 7168 + ox * 512;
        const wRow = block * (256 * 4);
        for (let i = 0; i < 256; i++) {
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
          const x1 = x[xAt + 512];
          sum10 += x1 * w0;
          sum11 += x1 * w1;
          sum12 += x1 * w2;
          sum13 += x1 * w3;
        }
        const outAt = oy * 3584 + ox * 512 + block * 4;
        out[outAt] = sum00;
        out[outAt + 1] = sum01;
        out[outAt + 2] = sum02;
        out[outAt + 3] = sum03;
        out[outAt + 512] = sum10;
        out[outAt + 513] = sum11;
        out[outAt + 514] = sum12;
        out[outAt + 515] = sum13;
      }
      // the last pixel
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        const xRow = oy * 7168 + 3072;
        const wRow = block * (256 * 4);
        for (let i = 0; i < 256; i++) {
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
        const outAt = oy * 3584 + block * 4;
        out[outAt + 3072] = sum00;
        out[outAt + 3073] = sum01;
        out[outAt + 3074] = sum02;
        out[outAt + 3075] = sum03;
      }
    }
  }
}

/**
 * layer4.0.conv2 with layer4.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 * weight: f32[512,512,3,3], in memory [o / 4: 128][kh 3][kw 3][i 512][o % 4]
 * bias: f32[512]
 * residual: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 * out: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 */
export function conv2d_3x3_512to512_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 7; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 8 - oy);
    for (let block = 0; block < 128; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (7 * 512) - 4096;
          const wRow = block * (3 * 3 * 512 * 4) + ky * (3 * 512 * 4);
          for (let i = 512; i < 1536; i++) {
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
        const residualAt = oy * (7 * 512) + block * 4;
        const outAt = oy * (7 * 512) + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 5; ox += 2) {
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
          const xRow = (oy + ky) * (7 * 512) + ox * 512 - 4096;
          const wRow = block * (3 * 3 * 512 * 4) + ky * (3 * 512 * 4);
          for (let i = 0; i < 1536; i++) {
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
            const x1 = x[xAt + 512];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const residualAt = oy * (7 * 512) + ox * 512 + block * 4;
        const outAt = oy * (7 * 512) + ox * 512 + block * 4;
        out[outAt] = Math.max(sum00 + residual[residualAt], 0);
        out[outAt + 1] = Math.max(sum01 + residual[residualAt + 1], 0);
        out[outAt + 2] = Math.max(sum02 + residual[residualAt + 2], 0);
        out[outAt + 3] = Math.max(sum03 + residual[residualAt + 3], 0);
        out[outAt + 512] = Math.max(sum10 + residual[residualAt + 512], 0);
        out[outAt + 513] = Math.max(sum11 + residual[residualAt + 513], 0);
        out[outAt + 514] = Math.max(sum12 + residual[residualAt + 514], 0);
        out[outAt + 515] = Math.max(sum13 + residual[residualAt + 515], 0);
      }
      // interior, the last pixel
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (7 * 512) - 1536;
          const wRow = block * (3 * 3 * 512 * 4) + ky * (3 * 512 * 4);
          for (let i = 0; i < 1536; i++) {
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
        const residualAt = oy * (7 * 512) + block * 4;
        const outAt = oy * (7 * 512) + block * 4;
        out[outAt + 2560] = Math.max(sum00 + residual[residualAt + 2560], 0);
        out[outAt + 2561] = Math.max(sum01 + residual[residualAt + 2561], 0);
        out[outAt + 2562] = Math.max(sum02 + residual[residualAt + 2562], 0);
        out[outAt + 2563] = Math.max(sum03 + residual[residualAt + 2563], 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (7 * 512) - 1024;
          const wRow = block * (3 * 3 * 512 * 4) + ky * (3 * 512 * 4);
          for (let i = 0; i < 1024; i++) {
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
        const residualAt = oy * (7 * 512) + block * 4;
        const outAt = oy * (7 * 512) + block * 4;
        out[outAt + 3072] = Math.max(sum00 + residual[residualAt + 3072], 0);
        out[outAt + 3073] = Math.max(sum01 + residual[residualAt + 3073], 0);
        out[outAt + 3074] = Math.max(sum02 + residual[residualAt + 3074], 0);
        out[outAt + 3075] = Math.max(sum03 + residual[residualAt + 3075], 0);
      }
    }
  }
}

/**
 * layer4.1.conv1 with layer4.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 * weight: f32[512,512,3,3], in memory [o / 4: 128][kh 3][kw 3][i 512][o % 4]
 * bias: f32[512]
 * out: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 */
export function conv2d_3x3_512to512_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let oy = 0; oy < 7; oy++) {
    const kyFirst = Math.max(0, 1 - oy);
    const kyEnd = Math.min(3, 8 - oy);
    for (let block = 0; block < 128; block++) {
      // left border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (7 * 512) - 4096;
          const wRow = block * (3 * 3 * 512 * 4) + ky * (3 * 512 * 4);
          for (let i = 512; i < 1536; i++) {
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
        const outAt = oy * (7 * 512) + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
      }
      // interior, 2 pixels at a time
      for (let ox = 1; ox < 5; ox += 2) {
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
          const xRow = (oy + ky) * (7 * 512) + ox * 512 - 4096;
          const wRow = block * (3 * 3 * 512 * 4) + ky * (3 * 512 * 4);
          for (let i = 0; i < 1536; i++) {
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
            const x1 = x[xAt + 512];
            sum10 += x1 * w0;
            sum11 += x1 * w1;
            sum12 += x1 * w2;
            sum13 += x1 * w3;
          }
        }
        const outAt = oy * (7 * 512) + ox * 512 + block * 4;
        out[outAt] = Math.max(sum00, 0);
        out[outAt + 1] = Math.max(sum01, 0);
        out[outAt + 2] = Math.max(sum02, 0);
        out[outAt + 3] = Math.max(sum03, 0);
        out[outAt + 512] = Math.max(sum10, 0);
        out[outAt + 513] = Math.max(sum11, 0);
        out[outAt + 514] = Math.max(sum12, 0);
        out[outAt + 515] = Math.max(sum13, 0);
      }
      // interior, the last pixel
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (7 * 512) - 1536;
          const wRow = block * (3 * 3 * 512 * 4) + ky * (3 * 512 * 4);
          for (let i = 0; i < 1536; i++) {
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
        const outAt = oy * (7 * 512) + block * 4;
        out[outAt + 2560] = Math.max(sum00, 0);
        out[outAt + 2561] = Math.max(sum01, 0);
        out[outAt + 2562] = Math.max(sum02, 0);
        out[outAt + 2563] = Math.max(sum03, 0);
      }
      // right border, without the columns of the kernel that fall outside x
      {
        const biasAt = block * 4;
        let sum00 = bias[biasAt];
        let sum01 = bias[biasAt + 1];
        let sum02 = bias[biasAt + 2];
        let sum03 = bias[biasAt + 3];
        for (let ky = kyFirst; ky < kyEnd; ky++) {
          const xRow = (oy + ky) * (7 * 512) - 1024;
          const wRow = block * (3 * 3 * 512 * 4) + ky * (3 * 512 * 4);
          for (let i = 0; i < 1024; i++) {
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
        const outAt = oy * (7 * 512) + block * 4;
        out[outAt + 3072] = Math.max(sum00, 0);
        out[outAt + 3073] = Math.max(sum01, 0);
        out[outAt + 3074] = Math.max(sum02, 0);
        out[outAt + 3075] = Math.max(sum03, 0);
      }
    }
  }
}

/**
 * globalAveragePool: loops
 *     out = mean over h, w of x[n, c, h, w]
 * x: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 * out: f32[1,512,1,1]
 */
export function globalAveragePool(x: Float32Array, out: Float32Array): void {
  for (let c = 0; c < 512; c++) {
    let sum = 0;
    for (let iy = 0; iy < 7; iy++) {
      for (let ix = 0; ix < 7; ix++) {
        sum += x[iy * (7 * 512) + ix * 512 + c];
      }
    }
    out[c] = sum / 49;
  }
}

/**
 * fc: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,512]
 * weight: f32[1000,512], row-major
 * bias: f32[1000]
 * out: f32[1,1000]
 */
export function linear_512to1000(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  for (let o = 0; o < 1000; o += 4) {
    let sum00 = bias[o];
    let sum01 = bias[o + 1];
    let sum02 = bias[o + 2];
    let sum03 = bias[o + 3];
    for (let i = 0; i < 512; i++) {
      const x0 = x[i];
      const weightAt = o * 512 + i;
      const w0 = weight[weightAt];
      sum00 += x0 * w0;
      const w1 = weight[weightAt + 512];
      sum01 += x0 * w1;
      const w2 = weight[weightAt + 1024];
      sum02 += x0 * w2;
      const w3 = weight[weightAt + 1536];
      sum03 += x0 * w3;
    }
    out[o] = sum00;
    out[o + 1] = sum01;
    out[o + 2] = sum02;
    out[o + 3] = sum03;
  }
}
