import type { Kernel } from './types.ts';

/** What a kernel does, as text: everything but its name, its comment and how strides are written. Equal kernels have equal texts. */
export const structureOf = ({ buffers, grid, body }: Kernel): string => JSON.stringify([buffers, grid, body]);
