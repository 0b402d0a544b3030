/** The number of outputs in a panel of weights (packedWeights.ts). Both families of schedules read the same panels. */

/** Undefined if panels of any size would straddle two groups. */
export function panelBlock(outputs: number, groups: number): number | undefined {
  const fits = (block: number): boolean => (groups === 1 ? outputs > block / 2 : outputs % block === 0);
  return [16, 8, 4].find(fits) ?? (groups === 1 ? 4 : undefined);
}
