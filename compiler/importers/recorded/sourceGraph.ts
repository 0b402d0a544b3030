/** What a format's reader finds in a file: a graph that can be recorded on any net, for any shapes of its inputs. */
import type { Recorder, Value } from './calls.ts';
import type { SourceDType } from './known.ts';

export interface SourceInput {
  /** As the file calls it: any text. */
  readonly name: string;
  readonly dtype: SourceDType;
  /** An extent that is negative or a text is left open by the file; the text is its name there, or empty. */
  readonly shape: readonly (number | string)[];
}

export interface SourceGraph {
  readonly inputs: readonly SourceInput[];
  /** As the file calls them. */
  readonly outputs: readonly string[];
  /**
   * Records the whole graph. `inputs` has a value for every input, by the name in the file; the result has one for
   * every output, in order. It is run once for every graph that is wanted, so it must not keep state.
   */
  record(r: Recorder, inputs: ReadonlyMap<string, Value>): readonly Value[];
}
