import type { Kernel, Statement } from './types.ts';

type Structure = Pick<Kernel, 'buffers' | 'grid'> & { readonly text: string };

/** Bodies never change, and a kernel that gets another name or comment keeps its body, so the body is the key. */
const known = new WeakMap<readonly Statement[], Structure>();

/**
 * What a kernel does, as text: everything except its name, its comment and how strides are written. Equal kernels
 * have equal texts.
 */
export function structureOf({ buffers, grid, body }: Kernel): string {
  const found = known.get(body);
  if (found && found.buffers === buffers && found.grid === grid) return found.text;
  const text = JSON.stringify([buffers, grid, body]);
  known.set(body, { buffers, grid, text });
  return text;
}
