/**
 * Clipping by the global norm (Pascanu et al. 2013), with the formula of torch.nn.utils.clip_grad_norm_: all
 * gradients times min(1, maximumNorm / (norm + 1e-6)).
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { ValueId } from '../ir/types.ts';
import { scalar } from '../ops/leaves.ts';
import { add } from '../ops/add.ts';
import { div } from '../ops/div.ts';
import { minimum } from '../ops/minimum.ts';
import { mul } from '../ops/mul.ts';
import { reduceSum } from '../ops/reduceSum.ts';
import { sqrt } from '../ops/sqrt.ts';

export function clipByNorm(g: GraphBuilder, gradients: readonly ValueId[], maximumNorm: ValueId): ValueId[] {
  const squares = gradients.map((gradient) => {
    const axes = g.shapeOf(gradient).map((_, axis) => axis);
    return g.node(reduceSum.name, [g.node(mul.name, [gradient, gradient])], { axes, keepDims: false });
  });
  const norm = g.node(sqrt.name, [squares.reduce((sum, square) => g.node(add.name, [sum, square]))]);
  const tiny = scalar(g, 1e-6);
  const one = scalar(g, 1);
  const factor = g.node(minimum.name, [one, g.node(div.name, [maximumNorm, g.node(add.name, [norm, tiny])])]);
  return gradients.map((gradient) => g.node(mul.name, [gradient, factor]));
}
