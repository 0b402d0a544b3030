/** The library's API in Node: `import { defineModel, compile } from 'cnnc'`. */
import './host/workingFolder.ts';
import type { Compilation } from './driver/compile.ts';
import type { ExportOptions } from './driver/exportOnnx.ts';
import type { CompileOptions } from './driver/options.ts';
import type { Model } from './frontend/model.ts';
import type { FileImportOptions } from './host/importFile.ts';
import type { Imported } from './importers/recorded/recordModel.ts';

export { Diagnostic } from './diagnostics/diagnostic.ts';
export { buildGraph, type BuildOptions } from './frontend/buildGraph.ts';
export type { Detector } from './frontend/detection.ts';
export { defineModel, type InputSpec, type Model, type ModelDefinition } from './frontend/model.ts';
export type { Net } from './frontend/net.ts';
export type { Preprocess } from './frontend/preprocess.ts';
export type { Tensor } from './frontend/tensor.ts';
export type { Graph, Node, TensorType } from './ir/types.ts';
export type { Compilation } from './driver/compile.ts';
export type { CompileOptions, TrainingSettings } from './driver/options.ts';
export type { FileImportOptions as ImportOptions } from './host/importFile.ts';
export { runtimeTexts } from './host/runtimeText.ts';
export type { Imported } from './importers/recorded/recordModel.ts';
export type { ExportOptions } from './driver/exportOnnx.ts';

/**
 * Compiles a model into a package: its files come back, and with `out` they are written. What is wrong with
 * the model, the options or the weights is thrown as a `Diagnostic`.
 */
export async function compile(model: Model, options: CompileOptions = {}): Promise<Compilation> {
  // Model files import this file for `defineModel`; they must not wait for TypeScript and prettier.
  const compiler = await import('./driver/compile.ts');
  const { nodeHost } = await import('./host/node.ts');
  return compiler.compile(model, options, nodeHost);
}

/** The bytes of an ONNX file of the model with its weights. What cannot be exported is thrown as a `Diagnostic`. */
export async function exportOnnx(model: Model, options: ExportOptions = {}): Promise<Uint8Array> {
  const exporter = await import('./driver/exportOnnx.ts');
  const { nodeHost } = await import('./host/node.ts');
  return exporter.exportOnnx(model, options, nodeHost);
}

/**
 * A model file of another tool, by its path or its bytes, as a model and its weights: `compile(model, { weights })`.
 * The format is found by the file's extension or its first bytes. What is not supported is thrown as one `Diagnostic`
 * that lists all of it.
 */
export async function importModel(
  source: string | Uint8Array,
  options?: FileImportOptions,
): Promise<Imported> {
  const { importFile } = await import('./host/importFile.ts');
  const { model, weights } = await importFile(source, options);
  return { model, weights };
}

/** `importModel` of an ONNX file, whatever it is called. */
export const importOnnx = (
  source: string | Uint8Array,
  options?: Omit<FileImportOptions, 'format'>,
): Promise<Imported> => importModel(source, { ...options, format: 'onnx' });
