/** What a format's reader finds in a file: a graph that can be recorded on any net, for any input shapes. */
import type { Recorder, Value } from './calls.ts';
import type { SourceDType } from './known.ts';

export interface SourceInput {
  /** The name in the file: any text. */
  readonly name: string;
  readonly dtype: SourceDType;
  /** A negative extent or a text is left open by the file. The text is the extent's name there, or empty. */
  readonly shape: readonly (number | string)[];
}

export interface SourceGraph {
  readonly inputs: readonly SourceInput[];
  /** The names in the file. */
  readonly outputs: readonly string[];
  /**
   * Records the whole graph. `inputs` has a value for every input, by its name in the file. The result has a value
   * for every output, in order. It runs once for every graph that is needed, so it must not keep state.
   */
  record(r: Recorder, inputs: ReadonlyMap<string, Value>): readonly Value[];
}
