/** The line width of emitted code. */
export const WIDTH = 110;
