/**
 * What a compile needs of the program that runs the compiler. Everything else from the graph to the package runs
 * wherever JavaScript runs.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { EmitHost } from '../emit/host.ts';
import type { PackageFiles } from '../emit/model.ts';
import type { TargetRecord } from '../emit/target.ts';

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
  openTuning(file: string, targets: readonly TargetRecord[]): Promise<Tuning>;
}

/** What tuning has chosen, on record and measured now. */
export interface Tuning {
  /** By the target's name. */
  readonly choices: ReadonlyMap<string, unknown>;
  save(): void;
}

/** For an option that is a path; `subject` is the function that was given it. */
export const filesOf = (host: Pick<CompilerHost, 'files'>, subject: string, option: string): HostFiles =>
  host.files ?? fail(subject, {}, `the option ${option} is a path, and there are no files here`);
