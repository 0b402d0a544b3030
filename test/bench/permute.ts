/** Row-major numbers with their axes in another order: from PyTorch's NCHW and OIHW to tfjs' NHWC and HWIO. */

export const permuteShape = (shape: readonly number[], order: readonly number[]): number[] =>
  order.map((axis) => shape[axis]!);

/** Transposes a tensor of rank 4: axis i of the result is axis `order[i]` of what comes in. */
export function permute(
  from: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = [shape[1]! * shape[2]! * shape[3]!, shape[2]! * shape[3]!, shape[3]!, 1];
  const [a, b, c, d] = permuteShape(shape, order) as [number, number, number, number];
  const [sa, sb, sc, sd] = permuteShape(strides, order) as [number, number, number, number];
  const to = new Float32Array(from.length);
  let next = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++)
        for (let l = 0; l < d; l++) to[next++] = from[i * sa + j * sb + k * sc + l * sd]!;
  return to;
}

/** A shape, or anything else with an entry an axis; of rank 4, others stay. */
export const toNhwcShape = (shape: readonly number[]): number[] =>
  shape.length === 4 ? permuteShape(shape, [0, 2, 3, 1]) : [...shape];
