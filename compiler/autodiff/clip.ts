/**
 * Clipping by the global norm (Pascanu et al. 2013), torch.nn.utils.clip_grad_norm_'s formula: all gradients
 * times min(1, maximumNorm / (norm + 1e-6)).
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { ValueId } from '../ir/types.ts';
import { constantAttrs } from '../ops/leaves.ts';

export function clipByNorm(g: GraphBuilder, gradients: readonly ValueId[], maximumNorm: ValueId): ValueId[] {
  const squares = gradients.map((gradient) => {
    const axes = g.shapeOf(gradient).map((_, axis) => axis);
    return g.node('reduceSum', [g.node('mul', [gradient, gradient])], { axes, keepDims: false });
  });
  const norm = g.node('sqrt', [squares.reduce((sum, square) => g.node('add', [sum, square]))]);
  const tiny = g.node('constant', [], constantAttrs([], [1e-6]));
  const one = g.node('constant', [], constantAttrs([], [1]));
  const factor = g.node('minimum', [one, g.node('div', [maximumNorm, g.node('add', [norm, tiny])])]);
  return gradients.map((gradient) => g.node('mul', [gradient, factor]));
}
