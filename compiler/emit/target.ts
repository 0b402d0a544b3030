/**
 * A target as one record: everything that the driver, the package and the command line need of it. They go through the
 * table of targets (compiler/targets/index.ts) and name no target.
 */
import type { Kernel } from '../kernel/types.ts';
import type { Precision } from '../lowering/shared/precision.ts';
import type { Target } from '../lowering/target.ts';
import type { Buffer, Program } from '../program/types.ts';
import type { Api } from './api/types.ts';
import type { AssembleNow, EmitHost } from './host.ts';
import type { CompiledModel, PackageOptions } from './model.ts';
import type { EmittedFile, ModuleProgram } from './types.ts';

export interface TargetRecord {
  /** The name in `--target`, in folders of packages and in `layers.json`. */
  readonly name: string;
  /** The options of a compile that this target supports, among those that only some targets do. */
  readonly options: readonly TargetOption[];
  /** Layouts, schedules, kernel passes and alignment. */
  schedule(options: ScheduleOptions): Target;
  /** Measures schedules for `--tune`. `recorded` is the file of an earlier measurement. */
  readonly openTuning?: (recorded: RecordedTuning | undefined, tools: TuningTools) => Tuning;
  /** A program's constants in the order of its weight file. */
  weightOrder(program: Program): readonly Buffer[];
  /** The parts of `index.ts` and of the trainer that differ between targets. */
  readonly api: Api;
  /** The conditions on which a package with several targets chooses this one. */
  readonly choice: TargetChoice;
  readonly words: TargetWords;
  /** Files that the package exports in addition to the weights. */
  assets(options: PackageOptions): readonly string[];
  /** Fields of a kernel in `layers.json` that only this target has. */
  readonly kernelFacts?: (kernel: Kernel) => Readonly<Record<string, unknown>>;
  /** Whether each variant is a module of its own, in which its kernels have the names of those that they replace. */
  readonly hasVariantModules?: boolean;
  /** Prints the module's files. */
  emit(site: EmitSite): Promise<EmittedModule>;
  /** Prints a kernel after all passes in the target's language, for `--dump-ir`. */
  printKernel(kernel: Kernel): string;
  readonly bench: TargetBench;
}

/** A model that was compiled for a target. */
export interface TargetedModel extends CompiledModel {
  readonly target: TargetRecord;
}

/** Options of a compile that only some targets support. */
export type TargetOption = 'inline' | 'exact' | 'tune';

export interface ScheduleOptions {
  readonly precision: Precision;
  /** The result of the target's tuning, which only the target reads. */
  readonly choices?: unknown;
}

export interface RecordedTuning {
  readonly text: string;
  /** The file's name, for diagnoses. */
  readonly file: string;
}

export interface TuningTools {
  readonly assembleNow: AssembleNow;
}

export interface Tuning {
  /** The argument of `schedule`. */
  readonly choices: unknown;
  /** The new contents of the tuning file, if something was measured. */
  changed(): string | undefined;
}

export interface TargetChoice {
  /** `load()` tries targets in the order of this number; equal numbers are in the order of the table. */
  readonly place: number;
  /**
   * An expression that is true if the target runs on this host. It may use `options`, the argument of `load`. Absent:
   * the target always runs.
   */
  readonly test?: { readonly expression: string; readonly imports: readonly string[] };
  /** Options of `load` that the other targets do not have. */
  readonly loadOptions: readonly string[];
}

export interface TargetWords {
  /** The host, for the README of a package with several targets: `in WebAssembly with SIMD`. */
  readonly runs: string;
  /** `, in WebAssembly with SIMD`: the same for a package with this target only; empty if it runs anywhere. */
  readonly alone: string;
  /** A sentence about memory, after the sizes of weights and arena. */
  memory(model: CompiledModel): string;
  /** The kernels' rows in the table of files. */
  kernelRows(options: PackageOptions, model: CompiledModel): string;
  /** Paragraphs for users at the end of the package's README. */
  notes(model: CompiledModel, site: NotesSite): string;
}

export interface NotesSite {
  readonly options: PackageOptions;
  /** Whether the package has other targets as well. */
  readonly isOneOfSeveral: boolean;
}

/** The input of `emit`. */
export interface EmitSite {
  readonly model: CompiledModel;
  /** The program for inference comes first. */
  readonly programs: readonly ModuleProgram[];
  readonly options: PackageOptions;
  readonly host: EmitHost;
}

export interface EmittedModule {
  /** Unformatted sources by path. */
  readonly sources: ReadonlyMap<string, EmittedFile>;
  /** Other files by path, which are not formatted. */
  readonly assets: ReadonlyMap<string, string | Uint8Array>;
}

/** The facts that `cnnc bench` needs to measure a package of this target. */
export interface TargetBench {
  /** `gpu`: measured by timestamps of dispatches, on a device of the npm package in Node. */
  readonly device: { readonly kind: 'cpu' } | { readonly kind: 'gpu'; readonly npmPackage: string };
  /** The exports of `kernels.js`: the kernels, or a function that loads them. */
  readonly kernels: 'functions' | 'loaded';
  /** Whether the machine's limits for WebAssembly SIMD apply to this target. */
  readonly hasCeilings: boolean;
  /** Flags of the command that only some targets support. */
  readonly flags: readonly BenchFlag[];
}

export type BenchFlag = 'plain' | 'family';
