/**
 * `compile` of the library's API: a model in, the files of its package out, in memory or in a folder. It
 * brings TypeScript's and prettier's sources along, so `index.ts` loads it with the first call.
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

/** The package and what it costs. */
export interface Compilation extends CompileReport {
  /** What the compile spent its time on. */
  readonly timings: readonly Timing[];
  /** Path in the package to contents. */
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
