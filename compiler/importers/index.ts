/** The table of importers. A new format needs its folder and an entry here. */
import { onnx } from './onnx/importer.ts';
import type { Importer } from './types.ts';

export const IMPORTERS: readonly Importer[] = [onnx];
