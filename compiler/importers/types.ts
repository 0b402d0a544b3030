/**
 * An importer: everything that the compiler knows about one format of model files. A new format needs a folder and a
 * line in index.ts. The library, the command line and their help use that table.
 */
import type { SourceGraph } from './recorded/sourceGraph.ts';

/** A model file to import. */
export interface ModelSource {
  /** The file's contents. */
  readonly bytes: Uint8Array;
  /** The file's name in error messages: its path, or any name for bytes. */
  readonly file: string;
  /** The files next to it; absent if it came as bytes alone. */
  readonly files?: SourceFiles;
}

/**
 * Returns the file at a location that a model file names, relative to it. Undefined if the model may not read that
 * file.
 */
export type SourceFiles = (location: string) => SourceFile | undefined;

/** A file that a model file names, such as one with external data. */
export interface SourceFile {
  /** Size in bytes. */
  readonly size: number;
  /** Reads bytes. Returns fewer than `length` if the file ends earlier. */
  read(offset: number, length: number): Uint8Array;
}

export type ReadModel = (source: ModelSource) => SourceGraph;

export interface Importer {
  /** The format's name, such as `onnx`: error messages begin with it, and the option `format` takes it. */
  readonly name: string;
  /** The format's name as its makers write it. */
  readonly title: string;
  /** The noun for a file of the format, for the help: `an .onnx file`. */
  readonly noun: string;
  /** Extensions in lower case with the dot. The first is the usual one. */
  readonly extensions: readonly string[];
  /** Whether the bytes are of this format, judged by their beginning. */
  readonly signature?: (bytes: Uint8Array) => boolean;
  /** Command lines for the help of `cnnc compile` and `cnnc import`. */
  readonly examples: { readonly compile: readonly string[]; readonly import: readonly string[] };
  /**
   * Loads the format's reader, with the first file of the format. The reader throws a `Diagnostic` if a file is
   * wrong.
   */
  readonly load: () => Promise<ReadModel>;
}
