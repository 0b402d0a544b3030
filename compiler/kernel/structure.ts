import type { Kernel } from './types.ts';

/** What a kernel does, as text: everything but its name and its comment. Equal kernels have equal texts. */
export const structureOf = ({ buffers, grid, body }: Kernel): string => JSON.stringify([buffers, grid, body]);
