/**
 * `compile` of the library's API: a model in, the files of its package out, in memory or in a folder. It
 * brings TypeScript's and prettier's sources along, so `index.ts` loads it with the first call.
 */
import type { Timing } from '../diagnostics/timer.ts';
import type { Model } from '../frontend/model.ts';
import { packageFiles } from '../package/files.ts';
import type { PackageFiles } from '../package/types.ts';
import { compileModel } from './compileModel.ts';
import { openFiles } from './files.ts';
import { filesOf, type CompilerHost } from './host.ts';
import { readCompileOptions, type CompileOptions } from './options.ts';
import { createRecorder } from './recorder.ts';
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
  const recorder = createRecorder(settings.onStage);
  const { timer } = recorder;
  const { weights, tuning } = timer.time('frontend', 'files', () => openFiles(named, host));
  const compiled = compileModel(model, settings, { weights, choose: tuning?.choose, recorder });
  const files = await timer.timeAsync('package', 'all targets', () =>
    packageFiles(compiled.models, settings, host),
  );
  tuning?.save();
  if (out !== undefined) filesOf(host, 'compile', 'out').writePackage(out, files);
  return { ...reportOf(compiled), timings: timer.timings(), files };
}
