/** Values that are stored inside a concatenation's memory. */
import type { ValueId } from '../ir/types.ts';

/** The part of a concatenation that is this value's memory. */
export interface Home {
  readonly concat: ValueId;
  /** The start along the concatenation's axis. */
  readonly start: number;
}
