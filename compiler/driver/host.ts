/**
 * What a compile needs from its host, the program that runs the compiler. Everything else from the graph to the
 * package runs wherever JavaScript runs.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { EmitHost } from '../emit/host.ts';
import type { PackageFiles } from '../emit/model.ts';
import type { TargetRecord } from '../emit/target.ts';

/** The host of a compile: the texts of `runtime/`, an assembler, and files if there are any. */
export interface CompilerHost extends EmitHost {
  /** Absent if there are no files, as in a browser. */
  readonly files?: HostFiles;
}

/** The file system, as the options that are paths use it. */
export interface HostFiles {
  /** Reads a file. If it cannot, the error begins with `subject`. */
  read(subject: string, file: string): Uint8Array;
  /** Refuses a folder that contains anything other than a package, or the package of another source. */
  checkFolder(folder: string, by: Replacement): void;
  /** Writes the whole package or nothing. */
  writePackage(folder: string, files: PackageFiles, by: Replacement): void;
  openTuning(file: string, targets: readonly TargetRecord[]): Promise<Tuning>;
}

/** What is about to replace the package in a folder. */
export interface Replacement {
  /** Name of the model file, as the package has it. */
  readonly source: string;
  /** Whether it may replace the package of another source. */
  readonly force?: boolean;
}

/** Tuning choices: those on record and those measured now. */
export interface Tuning {
  /** Choices by the target's name. */
  readonly choices: ReadonlyMap<string, unknown>;
  save(): void;
}

/**
 * Returns the host's files for an option that is a path. Without files it fails; `subject` is the API function that
 * was called.
 */
export const filesOf = (host: Pick<CompilerHost, 'files'>, subject: string, option: string): HostFiles =>
  host.files ??
  fail(
    'CNNC4021',
    subject,
    {},
    `the option ${option} is a path, but this host has no files; pass the contents instead`,
  );
