/**
 * The two families of schedules: `blocked` uses only registers, `tiled` also the memory of workgroups if the shape
 * fits.
 */
export type Family = 'blocked' | 'tiled';

/** The variant of a call that a package chooses on a GPU. */
export const TILED = 'tiled' satisfies Family;
