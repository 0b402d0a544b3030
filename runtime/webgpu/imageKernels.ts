/**
 * The two kernels of runtime/webgpu/image.ts: runtime/image.ts in WGSL. They compute in integers, so every GPU gives
 * the same bits.
 */
import { PRECISION } from '../image.ts';

/** The width and height of a workgroup in pixels. */
export const TILE = 8;

/** The sizes of an image and of its result, which both kernels read. */
const SHAPE_WGSL = `
struct Shape {
  // The size of the result.
  width: u32,
  height: u32,
  // The source rows that are read: the first one, and how many.
  firstRow: u32,
  rowCount: u32,
  // Entries per position in \`taps\`: the first source index, the number of taps, and their weights.
  columnTaps: u32,
  rowTaps: u32,
  channels: u32,
  isReversed: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;

// Weights are fixed point with so many bits; sums of weighted levels stay below 2^31.
const PRECISION = vec3u(${PRECISION}u);
const HALF = vec3i(1 << ${PRECISION - 1}u);
`;

/** The horizontal pass: an invocation computes one pixel of one row that the vertical pass reads. */
export const ROWS_KERNEL: string = `${SHAPE_WGSL}
@group(0) @binding(1) var<storage, read> taps: array<i32>;
// One number per pixel: red, green and blue from the lowest byte up.
@group(0) @binding(2) var<storage, read_write> rows: array<u32>;
@group(0) @binding(3) var image: texture_2d<f32>;

// Alpha is blended over white; gray is ITU-R 601's luma with PIL's weights.
fn levels(x: i32, y: i32) -> vec3i {
  let pixel = vec4i(round(textureLoad(image, vec2i(x, y), 0) * 255.0));
  let white = 255 * (255 - pixel.a) + 127;
  let opaque = (pixel.rgb * pixel.a + white) / 255;
  if (shape.channels == 3u) { return opaque; }
  return vec3i((opaque.r * 19595 + opaque.g * 38470 + opaque.b * 7471 + 0x8000) >> 16u);
}

@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.width || id.y >= shape.rowCount) { return; }
  let at = id.x * shape.columnTaps;
  let first = taps[at];
  let y = i32(shape.firstRow + id.y);
  var sum = HALF;
  for (var tap = 0; tap < taps[at + 1u]; tap++) {
    sum += levels(first + tap, y) * taps[at + 2u + u32(tap)];
  }
  let level = vec3u(min(sum >> PRECISION, vec3i(255)));
  rows[id.y * shape.width + id.x] = level.r | (level.g << 8u) | (level.b << 16u);
}
`;

/** The vertical pass, and the table look-up of each level: an invocation computes one pixel of all planes. */
export const PLANES_KERNEL: string = `${SHAPE_WGSL}
@group(0) @binding(1) var<storage, read> taps: array<i32>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
// The f32 of every level for each plane, copied as bits so that no GPU rounds them.
@group(0) @binding(3) var<storage, read> tables: array<u32>;
@group(0) @binding(4) var<storage, read_write> planes: array<u32>;

@compute @workgroup_size(${TILE}, ${TILE})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.width || id.y >= shape.height) { return; }
  let at = id.y * shape.rowTaps;
  var place = (u32(taps[at]) - shape.firstRow) * shape.width + id.x;
  var sum = HALF;
  for (var tap = 0; tap < taps[at + 1u]; tap++) {
    let pixel = (vec3u(rows[place]) >> vec3u(0u, 8u, 16u)) & vec3u(255u);
    sum += vec3i(pixel) * taps[at + 2u + u32(tap)];
    place += shape.width;
  }
  let level = vec3u(min(sum >> PRECISION, vec3i(255)));
  for (var channel = 0u; channel < shape.channels; channel++) {
    let plane = select(channel, shape.channels - 1u - channel, shape.isReversed == 1u);
    planes[(plane * shape.height + id.y) * shape.width + id.x] = tables[plane * 256u + level[channel]];
  }
}
`;
