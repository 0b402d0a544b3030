/**
 * The library's API where there are no files, as in a browser: options that are paths in Node take bytes here. The
 * page creates its host once with `createHost(runtimeTexts)` and passes it to each compile. ARCHITECTURE.md explains
 * how to bundle this file.
 */
import type { Compilation } from './driver/compile.ts';
import type { CompileOptions } from './driver/options.ts';
import type { ExportOptions } from './driver/exportOnnx.ts';
import type { CompilerHost } from './driver/host.ts';
import { setWorkingFolder } from './frontend/place.ts';
import type { Model } from './frontend/model.ts';
import { importerByExtension, importerByName, importerBySignature } from './importers/choose.ts';
import type { ImportOptions } from './importers/importModel.ts';
import type { Imported } from './importers/recorded/recordModel.ts';
import type { ModelSource } from './importers/types.ts';

export type { ErrorCode } from './diagnostics/codes.ts';
export { Diagnostic } from './diagnostics/diagnostic.ts';
export { buildGraph, type BuildOptions } from './frontend/buildGraph.ts';
export { imagenetLabels } from './frontend/imagenetLabels.ts';
export { defineModel, type InputSpec, type Model, type ModelDefinition } from './frontend/model.ts';
export type { Net } from './frontend/net.ts';
export type { Preprocess } from './frontend/preprocess.ts';
export type { PreprocessOption, PreprocessSettings } from './frontend/givenPreprocess.ts';
export type { Tensor } from './frontend/tensor.ts';
export type { Graph, Node, TensorType } from './ir/types.ts';
export type { Compilation } from './driver/compile.ts';
export type { CompileOptions, TrainingSettings } from './driver/options.ts';
export type { ExportOptions } from './driver/exportOnnx.ts';
export type { CompilerHost } from './driver/host.ts';
export type { ImportOptions } from './importers/importModel.ts';
export type { Imported } from './importers/recorded/recordModel.ts';
export type { ModelSource, SourceFile, SourceFiles } from './importers/types.ts';

export { createHost } from './host/browser/createHost.ts';
export { setWorkingFolder };

/** What the page provides: the texts of `runtime/` and an assembler. `createHost` makes it. */
export type BrowserHost = Omit<CompilerHost, 'files'>;

/**
 * Compiles a model into a package and returns the package's files and a report of its costs. Throws a `Diagnostic` if
 * the model, the options or the weights are wrong.
 */
export async function compile(
  model: Model,
  options: Omit<CompileOptions, 'out' | 'force' | 'tune'>,
  host: BrowserHost,
): Promise<Compilation> {
  const compiler = await import('./driver/compile.ts');
  return compiler.compile(model, options, host);
}

/**
 * Returns the bytes of an ONNX file with the model and its weights. Throws a `Diagnostic` if the model cannot be
 * exported.
 */
export async function exportOnnx(model: Model, options: ExportOptions = {}): Promise<Uint8Array> {
  const exporter = await import('./driver/exportOnnx.ts');
  return exporter.exportOnnx(model, options, {});
}

/**
 * Imports a model file of another tool as a model and its weights. `format` is needed only if neither the name nor
 * the bytes show the format. Throws one `Diagnostic` that lists everything that is not supported.
 */
export async function importModel(
  source: ModelSource,
  { format, ...options }: ImportOptions & { readonly format?: string } = {},
): Promise<Imported> {
  const importer =
    format === undefined
      ? (importerByExtension(source.file) ?? importerBySignature(source.bytes, source.file))
      : importerByName(format);
  const importing = await import('./importers/importModel.ts');
  const { model, weights } = await importing.importModel(importer, source, options);
  return { model, weights };
}
