/** maximum: the larger of a and b, with broadcasting; NaN wins. If they are equal, each gets half of the gradient. */
import { gt, max } from '../kernel/expression.ts';
import { extremeOps } from './shared/extremes.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    maximum: NoAttrs;
    /** gradient where `own` is larger, half of it where `own` equals `other` */
    maximumGradient: NoAttrs;
  }
}

export const [maximum, maximumGradient] = extremeOps('maximum', 'maximumGradient', {
  pick: max,
  beats: gt,
  onnx: onnxNode('Max'),
});
