/** The library's API in Node: `import { defineModel, compile } from 'cnnc'`. */
import './host/workingFolder.ts';
import type { Compilation } from './driver/compile.ts';
import type { ExportOptions } from './driver/exportOnnx.ts';
import type { CompileOptions } from './driver/options.ts';
import type { Model } from './frontend/model.ts';
import type { FileImportOptions } from './host/importFile.ts';
import type { Imported } from './importers/recorded/recordModel.ts';

export type { ErrorCode } from './diagnostics/codes.ts';
export { Diagnostic } from './diagnostics/diagnostic.ts';
export { buildGraph, type BuildOptions } from './frontend/buildGraph.ts';
export type { Detector } from './frontend/detection.ts';
export { imagenetLabels } from './frontend/imagenetLabels.ts';
export { defineModel, type InputSpec, type Model, type ModelDefinition } from './frontend/model.ts';
export type { Net } from './frontend/net.ts';
export type { Preprocess } from './frontend/preprocess.ts';
export type { PreprocessOption, PreprocessSettings } from './frontend/givenPreprocess.ts';
export type { Tensor } from './frontend/tensor.ts';
export type { Graph, Node, TensorType } from './ir/types.ts';
export type { Compilation } from './driver/compile.ts';
export type { CompileOptions, TrainingSettings } from './driver/options.ts';
export type { FileImportOptions as ImportOptions } from './host/importFile.ts';
export { runtimeTexts } from './host/runtimeText.ts';
export type { Imported } from './importers/recorded/recordModel.ts';
export type { ExportOptions } from './driver/exportOnnx.ts';

/**
 * Compiles a model into a package. Returns the package's files and a report of its costs; with the option `out` it
 * also writes the files to that folder. Throws a `Diagnostic` if the model, the options or the weights are wrong.
 */
export async function compile(model: Model, options: CompileOptions = {}): Promise<Compilation> {
  // Model files import this file for `defineModel`, so it must not load TypeScript and prettier before `compile` is
  // called.
  const compiler = await import('./driver/compile.ts');
  const { nodeHost } = await import('./host/node.ts');
  return compiler.compile(model, options, nodeHost);
}

/**
 * Returns the bytes of an ONNX file with the model and its weights. Throws a `Diagnostic` if the model cannot be
 * exported.
 */
export async function exportOnnx(model: Model, options: ExportOptions = {}): Promise<Uint8Array> {
  const exporter = await import('./driver/exportOnnx.ts');
  const { nodeHost } = await import('./host/node.ts');
  return exporter.exportOnnx(model, options, nodeHost);
}

/**
 * Imports a model file of another tool, given as its path or its bytes. Returns the model and its weights for
 * `compile(model, { weights })`. The file's extension or its first bytes decide the format. Throws one `Diagnostic`
 * that lists everything that is not supported.
 */
export async function importModel(
  source: string | Uint8Array,
  options?: FileImportOptions,
): Promise<Imported> {
  const { importFile } = await import('./host/importFile.ts');
  const { model, weights } = await importFile(source, options);
  return { model, weights };
}

/** `importModel` for an ONNX file with any name. */
export const importOnnx = (
  source: string | Uint8Array,
  options?: Omit<FileImportOptions, 'format'>,
): Promise<Imported> => importModel(source, { ...options, format: 'onnx' });
