/**
 * An importer: everything that the compiler knows about one format of model files. A further format is a folder here
 * and a line in index.ts; the library, the command line and their help follow.
 */
import type { SourceGraph } from './recorded/sourceGraph.ts';

/** A model file. */
export interface ModelSource {
  readonly bytes: Uint8Array;
  /** What a diagnosis calls it: its path, or a name where it came as bytes. */
  readonly file: string;
  /** The files beside it; absent where it came as bytes alone. */
  readonly files?: SourceFiles;
}

/** The file at a location that a model file names, relative to it. Undefined: the model may read no such file. */
export type SourceFiles = (location: string) => SourceFile | undefined;

export interface SourceFile {
  /** In bytes. */
  readonly size: number;
  /** Fewer bytes come back where the file ends before. */
  read(offset: number, length: number): Uint8Array;
}

export type ReadModel = (source: ModelSource) => SourceGraph;

export interface Importer {
  /** Diagnoses begin with it, `format` of the library's options names it. */
  readonly name: string;
  /** As its makers write it. */
  readonly title: string;
  /** A file of the format, for the help: `an .onnx file`. */
  readonly noun: string;
  /** In lower case and with the dot; the first is the usual one. */
  readonly extensions: readonly string[];
  /** Whether the bytes are of this format, as far as their beginning says. */
  readonly signature?: (bytes: Uint8Array) => boolean;
  /** Command lines for the help of `cnnc compile` and `cnnc import`. */
  readonly examples: { readonly compile: readonly string[]; readonly import: readonly string[] };
  /** The format's reader, loaded with the first file of the format. What is wrong with a file is a `Diagnostic`. */
  readonly load: () => Promise<ReadModel>;
}
