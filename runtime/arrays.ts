/** The arrays that a package takes and returns. */
export type NumberArray = Float32Array | Int32Array | Uint32Array;

/** Values by the names of inputs, outputs or parameters. */
export type Named<T> = Readonly<Record<string, T>>;

/** The array type for each element type. */
export const ARRAY_TYPES = { f32: Float32Array, i32: Int32Array, u32: Uint32Array } as const;
