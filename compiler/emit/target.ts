/**
 * A target as one record: everything that the driver, the package and the command line ask of it. They go through the
 * table of targets (compiler/targets/index.ts) and know none by its name.
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
  /** As `--target`, folders of packages and `layers.json` have it. */
  readonly name: string;
  /** Which of the options that only some targets have it heeds. */
  readonly options: readonly TargetOption[];
  /** Layouts, schedules, kernel passes and alignment. */
  schedule(options: ScheduleOptions): Target;
  /** Measures schedules, for `--tune`. `recorded` is what an earlier measurement has written. */
  readonly openTuning?: (recorded: RecordedTuning | undefined, tools: TuningTools) => Tuning;
  /** A program's constants in the order of its weight file. */
  weightOrder(program: Program): readonly Buffer[];
  /** How `index.ts` and the trainer of a package reach its module. */
  readonly api: Api;
  /** What a package with several targets asks before it takes this one. */
  readonly choice: TargetChoice;
  readonly words: TargetWords;
  /** Files that a program may want to find by the package's name, beside the weights. */
  assets(options: PackageOptions): readonly string[];
  /** What `layers.json` says of a kernel for this target only. */
  readonly kernelFacts?: (kernel: Kernel) => Readonly<Record<string, unknown>>;
  /** The module's files. */
  emit(site: EmitSite): Promise<EmittedModule>;
  /** A kernel after all passes in the target's language, for `--dump-ir`. */
  printKernel(kernel: Kernel): string;
  readonly bench: TargetBench;
}

/** A model as it was compiled for a target. */
export interface TargetedModel extends CompiledModel {
  readonly target: TargetRecord;
}

/** Options of a compile that only some targets heed. */
export type TargetOption = 'inline' | 'exact' | 'tune';

export interface ScheduleOptions {
  readonly precision: Precision;
  /** Of the target's own tuning. Only the target knows what it is. */
  readonly choices?: unknown;
}

export interface RecordedTuning {
  readonly text: string;
  /** For diagnoses. */
  readonly file: string;
}

export interface TuningTools {
  readonly assembleNow: AssembleNow;
}

export interface Tuning {
  /** For `schedule`. */
  readonly choices: unknown;
  /** What is to be written, where measuring has added something. */
  changed(): string | undefined;
}

export interface TargetChoice {
  /** `load()` tries the targets in this order; equal places are in the order of the table. */
  readonly place: number;
  /**
   * An expression that tells whether it runs on this host, from `options`, what `load` was given. Absent: it always does.
   */
  readonly test?: { readonly expression: string; readonly imports: readonly string[] };
  /** Options of its `load` that the other targets do not have. */
  readonly loadOptions: readonly string[];
}

export interface TargetWords {
  /** ` in WebAssembly with SIMD`: where a package of several targets runs. */
  readonly runs: string;
  /** The same in the first sentence of a package that is for this target alone; empty where it runs anywhere. */
  readonly alone: string;
  /** Where the arena and the weights are, where that is not the host's memory. */
  readonly memory: string;
  /** Rows of the table of files for the kernels. */
  kernelRows(options: PackageOptions): string;
  /** What users of the package have to know: sections at the end of its README. */
  notes(model: CompiledModel, site: NotesSite): string;
}

export interface NotesSite {
  readonly options: PackageOptions;
  /** Whether the package has other targets as well. */
  readonly isOneOfSeveral: boolean;
}

/** What the files of a module are printed from. */
export interface EmitSite {
  readonly model: CompiledModel;
  /** Inference first. */
  readonly programs: readonly ModuleProgram[];
  readonly options: PackageOptions;
  readonly host: EmitHost;
}

export interface EmittedModule {
  /** Path to unformatted source. */
  readonly sources: ReadonlyMap<string, EmittedFile>;
  /** As they are. */
  readonly assets: ReadonlyMap<string, string | Uint8Array>;
}

/** How `cnnc bench` measures a package of this target. */
export interface TargetBench {
  /** `gpu`: by timestamps of dispatches, on a device that the npm package gives in Node. */
  readonly device: { readonly kind: 'cpu' } | { readonly kind: 'gpu'; readonly npmPackage: string };
  /** What `kernels.js` exports: functions, or a function that loads them. */
  readonly kernels: 'functions' | 'loaded';
  /** Whether the machine's ceilings for WebAssembly SIMD are its own. */
  readonly hasCeilings: boolean;
  /** Flags of the command that only some targets heed. */
  readonly flags: readonly BenchFlag[];
}

export type BenchFlag = 'plain' | 'family';
