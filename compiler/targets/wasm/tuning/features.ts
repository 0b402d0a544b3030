/** A module with one relaxed multiply-add. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 1, 253, 15],
  ...[65, 2, 253, 15, 65, 3, 253, 15, 253, 133, 2, 11],
);

/** Whether the engine that runs the compiler has relaxed SIMD. Most engines that run packages have it. */
export const relaxedSimdWorks = (): boolean => WebAssembly.validate(RELAXED_PROBE);
