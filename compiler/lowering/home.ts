/** Values that lie in the memory of a concatenation. */
import type { ValueId } from '../ir/types.ts';

/** Which part of a concatenation is this value's memory. */
export interface Home {
  readonly concat: ValueId;
  /** Along the concatenation's axis. */
  readonly start: number;
}
