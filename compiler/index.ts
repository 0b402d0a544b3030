/** The library's API: `import { defineModel, compile } from 'cnnc'`. */
import type { Compilation } from './driver/compile.ts';
import type { ExportOptions } from './driver/exportOnnx.ts';
import type { CompileOptions } from './driver/options.ts';
import type { Model } from './frontend/model.ts';
import type { Imported, ImportOptions } from './importers/onnx/importOnnx.ts';

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
export type { Imported, ImportOptions } from './importers/onnx/importOnnx.ts';
export type { ExportOptions } from './driver/exportOnnx.ts';

/**
 * Compiles a model into a package: its files come back, and with `out` they are written. What is wrong with
 * the model, the options or the weights is thrown as a `Diagnostic`.
 */
export async function compile(model: Model, options?: CompileOptions): Promise<Compilation> {
  // Model files import this file for `defineModel`; they must not wait for TypeScript and prettier.
  const compiler = await import('./driver/compile.ts');
  return compiler.compile(model, options);
}

/** The bytes of an ONNX file of the model with its weights. What cannot be exported is thrown as a `Diagnostic`. */
export async function exportOnnx(model: Model, options?: ExportOptions): Promise<Uint8Array> {
  const exporter = await import('./driver/exportOnnx.ts');
  return exporter.exportOnnx(model, options);
}

/**
 * An ONNX file, by its path or its bytes, as a model and its weights: `compile(model, { weights })`. What is not
 * supported is thrown as one `Diagnostic` that lists all of it.
 */
export async function importOnnx(source: string | Uint8Array, options?: ImportOptions): Promise<Imported> {
  const importer = await import('./importers/onnx/importOnnx.ts');
  return importer.importOnnx(source, options);
}
