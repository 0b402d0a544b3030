/** Names for what a pass adds: none that the kernel has, and none given twice. */
import { namesIn, unusedName } from '../../walk.ts';
import type { Kernel } from '../../types.ts';

export type Name = (wanted: string) => string;
/** Starts again for another block; `taken` are names that were given around it. */
export type Fresh = (taken?: readonly string[]) => Name;

export function freshNames(kernel: Kernel): Fresh {
  const known = [...namesIn(kernel.body), ...kernel.buffers.map(({ name }) => name)];
  return (taken = []) => {
    const names = new Set([...known, ...taken]);
    return (wanted) => unusedName(wanted, names);
  };
}
