/**
 * minimum: the smaller of a and b, with broadcasting; NaN wins. If they are equal, each gets half of the gradient.
 */
import { lt, min } from '../kernel/expression.ts';
import { extremeOps } from './shared/extremes.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    minimum: NoAttrs;
    /** gradient where `own` is smaller, half of it where `own` equals `other` */
    minimumGradient: NoAttrs;
  }
}

export const [minimum, minimumGradient] = extremeOps('minimum', 'minimumGradient', {
  pick: min,
  beats: lt,
  onnx: onnxNode('Min'),
});
