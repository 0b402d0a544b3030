/**
 * `compile` of the library's API: compiles a model into the files of its package, in memory or in a folder. It
 * imports TypeScript and prettier, so `index.ts` loads it with the first call.
 */
import type { Timing } from '../diagnostics/timer.ts';
import type { Model } from '../frontend/model.ts';
import { packageFiles } from '../package/files.ts';
import type { PackageFiles } from '../emit/model.ts';
import { compileModel } from './compileModel.ts';
import { openLabels, openTuning, openWeightSource } from './files.ts';
import { filesOf, type CompilerHost } from './host.ts';
import { readCompileOptions, type CompileOptions } from './options.ts';
import { dumpGraph, dumpModel } from './dump.ts';
import { createRecorder, type Stage } from './recorder.ts';
import { reportOf, type CompileReport } from './report.ts';

/** The result of `compile`: the package and a report of its costs. */
export interface Compilation extends CompileReport {
  /** The seed of the weights, if they are random. */
  readonly seed?: number;
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
  const { settings: read, files: named } = readCompileOptions(model, options);
  const { out, force } = named;
  const { source, seed, onStage, onDump } = read;
  if (out !== undefined) filesOf(host, 'compile', 'out').checkFolder(out, { source, force });
  const settings = { ...read, labels: openLabels(named.labels, host, 'compile') };
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
  if (out !== undefined) filesOf(host, 'compile', 'out').writePackage(out, files, { source, force });
  const drawn = weights === undefined ? { seed } : {};
  return { ...reportOf(compiled), ...drawn, timings: timer.timings(), files };
}
