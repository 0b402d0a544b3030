/** Layouts by plain numbers: where an element lies, computed from the factors and not by `elementIndex`. */
import type { Layout } from '../../compiler/kernel/layout.ts';

/** All indices into a shape, the last axis fastest. */
export function* indicesOf(shape: readonly number[]): Generator<readonly number[]> {
  const size = shape.reduce((product, extent) => product * extent, 1);
  for (let number = 0; number < size; number++) {
    let rest = number;
    yield shape
      .map((_, axis) => axis)
      .reverse()
      .reduce<number[]>((index, axis) => {
        index[axis] = rest % shape[axis]!;
        rest = Math.floor(rest / shape[axis]!);
        return index;
      }, new Array<number>(shape.length));
  }
}

/** A factor takes `floor(index / divisor) % extent` of its axis times its stride. */
export function placeOf(layout: Layout, index: readonly number[]): number {
  return layout.factors.reduce(
    (place, { axis, divisor, extent, stride }) =>
      place + (Math.floor(index[axis]! / divisor) % extent) * stride,
    0,
  );
}

type Numbers = Float32Array | Float64Array | Int32Array | Uint32Array;

/** Row-major numbers into the layout; what stands for no element is 0. */
export function pack<T extends Numbers>(layout: Layout, rowMajor: T): T {
  const packed = new (rowMajor.constructor as new (size: number) => T)(layout.size);
  let at = 0;
  for (const index of indicesOf(layout.shape)) packed[placeOf(layout, index)] = rowMajor[at++]!;
  return packed;
}

/** The layout's numbers in row-major order. */
export function unpack<T extends Numbers>(layout: Layout, packed: T): T {
  const size = layout.shape.reduce((product, extent) => product * extent, 1);
  const rowMajor = new (packed.constructor as new (size: number) => T)(size);
  let at = 0;
  for (const index of indicesOf(layout.shape)) rowMajor[at++] = packed[placeOf(layout, index)]!;
  return rowMajor;
}
