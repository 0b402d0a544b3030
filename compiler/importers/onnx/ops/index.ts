/** The table of supported ONNX operators, and how each becomes calls. */
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import { losses } from './loss.ts';
import { normalization } from './normalization.ts';
import { optimizers } from './optimizers.ts';
import { pooling } from './pooling.ts';
import { quantization } from './quantization.ts';
import { reduction } from './reduction.ts';
import { resampling } from './resize.ts';
import { shapes } from './shape.ts';
import type { Translate, Translations } from './types.ts';

const TABLES: ReadonlyMap<string, Translations> = new Map([
  [
    '',
    {
      ...convolution,
      ...elementwise,
      ...linear,
      ...losses,
      ...normalization,
      ...pooling,
      ...quantization,
      ...reduction,
      ...resampling,
      ...shapes,
    },
  ],
  ['ai.onnx.preview.training', optimizers],
]);

/** Returns the operator's translation; undefined if it is not supported. */
export function translationOf(domain: string, op: string): Translate | undefined {
  const table = TABLES.get(domain);
  return table && Object.hasOwn(table, op) ? table[op] : undefined;
}
