/** Every importer that exists. A further format is its folder and an entry here. */
import { onnx } from './onnx/importer.ts';
import type { Importer } from './types.ts';

export const IMPORTERS: readonly Importer[] = [onnx];
