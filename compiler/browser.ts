/**
 * The library's API where there are no files, as in a browser: what is a path in Node is given as bytes. The page creates
 * its host once, `createHost(runtimeTexts)`, and gives it to each compile. ARCHITECTURE.md says how to bundle this file.
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

export { Diagnostic } from './diagnostics/diagnostic.ts';
export { buildGraph, type BuildOptions } from './frontend/buildGraph.ts';
export { defineModel, type InputSpec, type Model, type ModelDefinition } from './frontend/model.ts';
export type { Net } from './frontend/net.ts';
export type { Preprocess } from './frontend/preprocess.ts';
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

/** What the page brings. */
export type BrowserHost = Omit<CompilerHost, 'files'>;

/** The package's files. What is wrong with the model, the options or the weights is thrown as a `Diagnostic`. */
export async function compile(
  model: Model,
  options: Omit<CompileOptions, 'out' | 'tune'>,
  host: BrowserHost,
): Promise<Compilation> {
  const compiler = await import('./driver/compile.ts');
  return compiler.compile(model, options, host);
}

/** The bytes of an ONNX file of the model with its weights. */
export async function exportOnnx(model: Model, options: ExportOptions = {}): Promise<Uint8Array> {
  const exporter = await import('./driver/exportOnnx.ts');
  return exporter.exportOnnx(model, options, {});
}

/** A model file of another tool as a model and its weights; `format` is needed where neither name nor bytes tell it. */
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
