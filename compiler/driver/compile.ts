/**
 * `compile` of the library's API: compiles a model into the files of its package, in memory or in a folder. It
 * imports TypeScript and prettier, so `index.ts` loads it with the first call.
 */
import type { Timing } from '../diagnostics/timer.ts';
import type { Model } from '../frontend/model.ts';
import { packageFiles } from '../package/files.ts';
import type { PackageFiles } from '../emit/model.ts';
import { compileModel } from './compileModel.ts';
import { openTuning, openWeightSource } from './files.ts';
import { filesOf, type CompilerHost } from './host.ts';
import { readCompileOptions, type CompileOptions } from './options.ts';
import { dumpGraph, dumpModel } from './dump.ts';
import { createRecorder, type Stage } from './recorder.ts';
import { reportOf, type CompileReport } from './report.ts';

/** The result of `compile`: the package and a report of its costs. */
export interface Compilation extends CompileReport {
  /** The time that each stage took. */
  readonly timings: readonly Timing[];
  /** Contents of the package's files by their path in the package. */
  readonly files: PackageFiles;
}

export async function compile(
  model: Model,
  options: CompileOptions,
  host: CompilerHost,
): Promise<Compilation> {
  const { settings, files: named } = readCompileOptions(model, options);
  const { out } = named;
  if (out !== undefined) filesOf(host, 'compile', 'out').checkFolder(out);
  const { onStage, onDump } = settings;
  const note = (stage: Stage): void => {
    onStage?.(stage);
    onDump?.(dumpGraph(stage));
  };
  const recorder = createRecorder(note, onDump !== undefined);
  const { timer } = recorder;
  const weights = timer.time('frontend', 'files', () => openWeightSource(named, host));
  const tuning = await openTuning(named, settings.targets, host);
  const compiled = compileModel(model, settings, { weights, tuned: tuning?.choices, recorder });
  if (onDump) for (const file of compiled.models.flatMap(dumpModel)) onDump(file);
  const files = await timer.timeAsync('package', 'all targets', () =>
    packageFiles(compiled.models, settings, host),
  );
  tuning?.save();
  if (out !== undefined) filesOf(host, 'compile', 'out').writePackage(out, files);
  return { ...reportOf(compiled), timings: timer.timings(), files };
}
