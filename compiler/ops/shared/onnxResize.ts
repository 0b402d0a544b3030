/** The ONNX form of resizing: a Resize by sizes, or by scales if these are not the ratio of the sizes. */
import { text, type OnnxAttributes, type OnnxSite, type Unexportable } from './onnx.ts';
import type { ResizeAttrs } from './resampling.ts';

type ResizeName = 'resizeNearest' | 'resizeBilinear';

const COORDINATES = {
  halfPixel: 'half_pixel',
  pytorchHalfPixel: 'pytorch_half_pixel',
  alignCorners: 'align_corners',
  asymmetric: 'asymmetric',
} as const;

/** Writes a Resize. `mode` has the attributes that define how elements are picked or mixed. */
export function onnxResize<K extends ResizeName>(
  { e, inputs: [x], types, attrs }: OnnxSite<K>,
  mode: OnnxAttributes,
): string | Unexportable {
  const { size, scale, coordinates }: ResizeAttrs = attrs;
  const { shape } = types[0]!;
  const attributes = { coordinate_transformation_mode: text(COORDINATES[coordinates]), ...mode };
  if (!scale)
    return e.emit(
      'Resize',
      [x, undefined, undefined, e.integers([...shape.slice(0, 2), ...size])],
      attributes,
    );
  const scales = Float32Array.of(1, 1, ...scale);
  // With scales, ONNX takes no size. The size follows from the scales.
  const follows = size.every(
    (extent, axis) => Math.floor(Math.fround(shape[axis + 2]! * scales[axis + 2]!)) === extent,
  );
  if (!follows) return { reason: `a scale of ${scale.join(' by ')} with the size ${size.join('x')}` };
  return e.emit('Resize', [x, undefined, e.constant('f32', [4], scales)], attributes);
}
