/**
 * Resize along one axis as a matrix: every output is a weighted sum of inputs. The formulas are those of ONNX's
 * Resize.
 */
export interface Resampling {
  readonly mode: 'nearest' | 'linear' | 'cubic';
  readonly coordinates: string;
  /** `nearest_mode` */
  readonly rounding: string;
  /** `cubic_coeff_a` */
  readonly cubic: number;
  readonly excludeOutside: boolean;
  readonly antialias: boolean;
}

export interface AxisGeometry {
  readonly inputs: number;
  readonly outputs: number;
  readonly scale: number;
  /** `roi`, as shares of the axis. */
  readonly start: number;
  readonly end: number;
}

export interface ResizeMatrix {
  /** One row of weights for each output. */
  readonly rows: readonly (readonly number[])[];
  /** 1 for an output that lies outside of the input and becomes `extrapolation_value`, else 0. */
  readonly outside: readonly number[];
}

/** Returns the matrix; undefined if the mode is not known. */
export function resizeMatrix(way: Resampling, axis: AxisGeometry): ResizeMatrix | undefined {
  const outputs = Array.from({ length: axis.outputs }, (_, o) => o);
  const positions = outputs.map((o) => positionOf(way.coordinates, axis, o));
  if (positions.some((position) => position === undefined)) return undefined;
  const rows = positions.map((position) => rowOf(way, axis, position!));
  if (rows.some((row) => row === undefined)) return undefined;
  const crops = way.coordinates === 'tf_crop_and_resize';
  const outside = positions.map((at) => Number(crops && (at! < 0 || at! > axis.inputs - 1)));
  return { rows: rows as number[][], outside };
}

/** The position of output o among the inputs. */
function positionOf(coordinates: string, axis: AxisGeometry, o: number): number | undefined {
  const { inputs, outputs, scale, start, end } = axis;
  const exact = scale * inputs;
  switch (coordinates) {
    case 'half_pixel':
      return (o + 0.5) / scale - 0.5;
    case 'half_pixel_symmetric':
      return (inputs / 2) * (1 - outputs / exact) + (o + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return outputs === 1 ? 0 : (o + 0.5) / scale - 0.5;
    case 'align_corners':
      return outputs === 1 ? 0 : (o * (inputs - 1)) / (exact - 1);
    case 'asymmetric':
      return o / scale;
    case 'tf_crop_and_resize':
      return outputs === 1
        ? ((start + end) * (inputs - 1)) / 2
        : start * (inputs - 1) + (o * (end - start) * (inputs - 1)) / (outputs - 1);
    default:
      return undefined;
  }
}

function rowOf(way: Resampling, axis: AxisGeometry, position: number): number[] | undefined {
  const row = Array<number>(axis.inputs).fill(0);
  const clamped = (i: number): number => Math.min(Math.max(i, 0), axis.inputs - 1);
  if (way.mode === 'nearest') {
    const place = nearestOf(way.rounding, position);
    if (place === undefined) return undefined;
    row[clamped(place)] = 1;
    return row;
  }
  for (const { place, weight } of weightsOf(way, axis, position)) row[clamped(place)]! += weight;
  return row;
}

function nearestOf(rounding: string, position: number): number | undefined {
  switch (rounding) {
    case 'floor':
      return Math.floor(position);
    case 'ceil':
      return Math.ceil(position);
    case 'round_prefer_floor':
      return Math.ceil(position - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(position + 0.5);
    default:
      return undefined;
  }
}

interface Weight {
  readonly place: number;
  readonly weight: number;
}

/** The weights of the inputs around the position. With antialiasing the kernel is as wide as an output. */
function weightsOf(way: Resampling, axis: AxisGeometry, position: number): Weight[] {
  const shrink = way.antialias ? Math.min(axis.scale, 1) : 1;
  const radius = (way.mode === 'linear' ? 1 : 2) / shrink;
  const kernel = way.mode === 'linear' ? triangle : cubicKernel(way.cubic);
  const found: Weight[] = [];
  for (let place = Math.ceil(position - radius); place <= Math.floor(position + radius); place++) {
    const isInside = place >= 0 && place < axis.inputs;
    const weight = kernel(Math.abs(place - position) * shrink);
    if (isInside || !way.excludeOutside) found.push({ place, weight });
  }
  const sum = found.reduce((total, { weight }) => total + weight, 0);
  return sum === 0 ? found : found.map(({ place, weight }) => ({ place, weight: weight / sum }));
}

const triangle = (distance: number): number => Math.max(1 - distance, 0);

/** Keys' cubic convolution kernel (Keys 1981). */
const cubicKernel =
  (a: number) =>
  (d: number): number => {
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  };
