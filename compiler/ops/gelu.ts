/**
 * gelu: x * P(X <= x) for a standard normal X (Hendrycks & Gimpel 2016).
 *
 *   approximation 'none'  x / 2 * (1 + erf(x / sqrt(2)))
 *   approximation 'tanh'  x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))
 */
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, exp, f32Const, fma, mul, sub, tanh } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { erfOf } from './shared/erf.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode, text } from './shared/onnx.ts';
import type { SampleValues } from './types.ts';

export interface GeluAttrs {
  readonly approximation: 'none' | 'tanh';
}

declare module '../ir/types.ts' {
  interface Attrs {
    gelu: GeluAttrs;
    /** gradient * d gelu / dx */
    geluGradient: GeluAttrs;
  }
}

const CUBIC = 0.044715;
const SLOPE = Math.sqrt(2 / Math.PI);

const TANH_TEXT = `tanh(sqrt(2 / pi) * (x + ${CUBIC} * x^3))`;

/** tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)) */
const tanhPart = (x: Expr): Expr => tanh(mul(mul(x, fma(mul(x, x), f32Const(CUBIC), f32Const(1))), SLOPE));

/** 2 * P(X <= x) - 1, or its approximation. */
const centered = (k: KernelBuilder, x: Expr, { approximation }: GeluAttrs): Expr =>
  approximation === 'none' ? erfOf(k, mul(x, Math.SQRT1_2)) : tanhPart(x);

/** Twice the density of X, or its approximation. */
function twiceDensity(x: Expr, c: Expr, { approximation }: GeluAttrs): Expr {
  const square = mul(x, x);
  if (approximation === 'none') return mul(exp(mul(square, -0.5)), SLOPE);
  return mul(sub(1, mul(c, c)), mul(fma(square, f32Const(3 * CUBIC), f32Const(1)), SLOPE));
}

export const [gelu, geluGradient] = curveOps('gelu', 'geluGradient', {
  formula: ({ approximation }) =>
    approximation === 'none' ? 'x / 2 * (1 + erf(x / sqrt(2)))' : `x / 2 * (1 + ${TANH_TEXT})`,
  gradientFormula: ({ approximation }) =>
    approximation === 'none'
      ? 'gradient * ((1 + erf(x / sqrt(2))) / 2 + x * exp(-x^2 / 2) / sqrt(2 * pi))'
      : `gradient / 2 * (1 + t + x * (1 - t^2) * sqrt(2 / pi) * (1 + ${3 * CUBIC} * x^2)), t = ${TANH_TEXT}`,
  namesX: true,
  value(x, attrs, k) {
    return mul(mul(x, 0.5), add(1, centered(k, x, attrs)));
  },
  slopeFrom: 'x',
  slope(x, attrs, k) {
    const c = k.let('c', centered(k, x, attrs));
    return mul(fma(x, twiceDensity(x, c, attrs), add(1, c)), 0.5);
  },
  samples: both((attrs, values) => elementwiseSamples<'gelu'>(attrs, values)),
  gradientSamples: both((attrs, values) => gradientSamples<'geluGradient'>(attrs, values)),
  onnx: onnxNode('Gelu', ({ approximation }) => ({ approximate: text(approximation) })),
});

function both<S extends { readonly name: string }>(
  samples: (attrs: GeluAttrs, values: SampleValues) => S[],
): S[] {
  const values: SampleValues = { kind: 'uniform', low: -4, high: 4 };
  const exact = samples({ approximation: 'none' }, values);
  const approximate = samples({ approximation: 'tanh' }, values);
  return [...exact, ...approximate.map((sample) => ({ ...sample, name: `${sample.name}, tanh` }))];
}
