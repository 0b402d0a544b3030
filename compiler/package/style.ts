/** Columns of emitted code. */
export const WIDTH = 110;
