/**
 * softplus: log(1 + exp(beta * x)) / beta, computed without overflow. Where beta * x is above `threshold` it is x
 * (PyTorch).
 */
import { abs, add, exp, gt, log, max, mul, neg, select } from '../kernel/expression.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import type { Expr } from '../kernel/types.ts';
import { sigmoidOf } from './sigmoid.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import type { OnnxEmitter } from './shared/onnx.ts';
import type { SampleValues } from './types.ts';

export interface SoftplusAttrs {
  readonly beta: number;
  /** Default: 20. Beyond it an f32 shows no difference. */
  readonly threshold?: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    softplus: SoftplusAttrs;
    /** gradient * sigmoid(beta * x), or the gradient alone above the threshold */
    softplusGradient: SoftplusAttrs;
  }
}

const DEFAULT_THRESHOLD = 20;

const isLinear = (x: Expr, { beta, threshold = DEFAULT_THRESHOLD }: SoftplusAttrs): Expr =>
  gt(mul(x, beta), threshold);

/** log(1 + exp(x)) */
export function log1pExp(k: KernelBuilder, value: Expr): Expr {
  const x = k.let('exponent', value);
  return add(max(x, 0), log(add(1, exp(neg(abs(x))))));
}

export const [softplus, softplusGradient] = curveOps('softplus', 'softplusGradient', {
  check: ({ beta }, reject) => {
    if (!(beta > 0)) reject('CNNC1104', `beta is ${beta}, expected a number above 0`);
  },
  namesX: true,
  value: (x, attrs, k) => {
    const smooth = mul(log1pExp(k, mul(x, attrs.beta)), 1 / attrs.beta);
    return select(isLinear(x, attrs), x, smooth);
  },
  slopeFrom: 'x',
  slope: (x, attrs) => select(isLinear(x, attrs), 1, sigmoidOf(mul(x, attrs.beta))),
  samples: [
    ...elementwiseSamples<'softplus'>({ beta: 1 }, range(6)),
    ...steep(elementwiseSamples<'softplus'>({ beta: 2.5, threshold: 15 }, range(3))),
  ],
  gradientSamples: [
    ...gradientSamples<'softplusGradient'>({ beta: 1 }, range(6)),
    ...steep(gradientSamples<'softplusGradient'>({ beta: 2.5, threshold: 5 }, range(6))),
  ],
  onnx: ({ e, inputs: [x], attrs }) => onnxSoftplus(e, x!, attrs),
});

/** From a threshold of 15 on the curve equals x except for the last bit of an f32, so the threshold needs no node. */
function onnxSoftplus(
  e: OnnxEmitter,
  x: string,
  { beta, threshold = DEFAULT_THRESHOLD }: SoftplusAttrs,
): string {
  const scaled = beta === 1 ? x : e.emit('Mul', [x, e.scalar(beta)]);
  const curve = e.emit('Softplus', [scaled]);
  const value = beta === 1 ? curve : e.emit('Div', [curve, e.scalar(beta)]);
  if (threshold >= 15) return value;
  return e.emit('Where', [e.emit('Greater', [scaled, e.scalar(threshold)]), x, value]);
}

function range(most: number): SampleValues {
  return { kind: 'uniform', low: -most, high: most };
}

function steep<S extends { readonly name: string }>(samples: readonly S[]): S[] {
  return samples.map((sample) => ({ ...sample, name: `${sample.name}, beta 2.5` }));
}
