/** Names for what a pass adds. Each is unused in the kernel and given once. */
import { namesIn, unusedName } from '../../walk.ts';
import type { Kernel } from '../../types.ts';

export type Name = (wanted: string) => string;
/** Starts the names of another block. `taken` are names that were given around it. */
export type Fresh = (taken?: readonly string[]) => Name;

export function freshNames(kernel: Kernel): Fresh {
  const known = [...namesIn(kernel.body), ...kernel.buffers.map(({ name }) => name)];
  return (taken = []) => {
    const names = new Set([...known, ...taken]);
    return (wanted) => unusedName(wanted, names);
  };
}
