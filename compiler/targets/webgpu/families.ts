/** The two families of schedules: `blocked` in registers alone, `tiled` in the memory of workgroups where the shape fits. */
export type Family = 'blocked' | 'tiled';

/** The variant of a call that a package chooses where the adapter is a GPU. */
export const TILED = 'tiled' satisfies Family;
