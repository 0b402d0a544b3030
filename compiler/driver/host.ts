/**
 * What a compile needs of the program that runs the compiler. Everything else from the graph to the package runs
 * wherever JavaScript runs.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { EmitHost } from '../emit/host.ts';
import type { PackageFiles } from '../package/types.ts';
import type { TargetOptions } from '../targets/index.ts';

export interface CompilerHost extends EmitHost {
  /** Absent where there are no files, as in a browser. */
  readonly files?: HostFiles;
}

export interface HostFiles {
  /** A file's bytes; `subject` begins the diagnosis where it cannot be read. */
  read(subject: string, file: string): Uint8Array;
  /** Refuses a folder that holds something else than a package. */
  checkFolder(folder: string): void;
  /** As a whole or not at all. */
  writePackage(folder: string, files: PackageFiles): void;
  openTuning(file: string): Tuning;
}

/** The recorded ways of convolutions, which measuring adds to. */
export interface Tuning {
  readonly choose: NonNullable<TargetOptions['choose']>;
  save(): void;
}

/** For an option that is a path; `subject` is the function that was given it. */
export const filesOf = (host: Pick<CompilerHost, 'files'>, subject: string, option: string): HostFiles =>
  host.files ?? fail(subject, {}, `the option ${option} is a path, and there are no files here`);
