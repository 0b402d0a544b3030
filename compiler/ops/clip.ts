/**
 * clip: limits x to [low, high]; relu6 is clip from 0 to 6. Infinity means no limit. The gradient passes only
 * strictly between the limits (PyTorch's hardtanh).
 */
import { and, boolConst, f32Const, gt, lt, max, min, select } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';

export interface ClipAttrs {
  readonly low: number;
  readonly high: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    clip: ClipAttrs;
    /** gradient where low < result < high, else 0 */
    clipGradient: ClipAttrs;
  }
}

const both: ClipAttrs = { low: -0.25, high: 0.5 };
const lower: ClipAttrs = { low: -0.25, high: Infinity };

export const [clip, clipGradient] = curveOps('clip', 'clipGradient', {
  nonNegative: ({ low }) => low >= 0,
  check: ({ low, high }, reject) => {
    if (!(low <= high)) reject('CNNC1104', `the limits are ${low} and ${high}, expected the lower one first`);
  },
  value(x, { low, high }) {
    const raised = low === -Infinity ? x : max(x, low);
    return high === Infinity ? raised : min(raised, high);
  },
  slopeFrom: 'result',
  slope(y, { low, high }) {
    const above = low === -Infinity ? boolConst(true) : gt(y, low);
    const below = high === Infinity ? boolConst(true) : lt(y, high);
    return select(and(above, below), f32Const(1), 0);
  },
  isPiecewiseLinear: true,
  samples: [
    ...elementwiseSamples<'clip'>(both, { kind: 'away', from: [both.low, both.high] }),
    { ...elementwiseSamples<'clip'>(lower, { kind: 'away', from: [lower.low] })[1]!, name: 'no upper limit' },
  ],
  gradientSamples: [
    ...gradientSamples<'clipGradient'>(both),
    { ...gradientSamples<'clipGradient'>(lower)[1]!, name: 'no upper limit' },
  ],
  onnx: ({ e, inputs: [x], attrs: { low, high } }) => {
    const limit = (value: number) => (Number.isFinite(value) ? e.scalar(value) : undefined);
    return e.emit('Clip', [x, limit(low), limit(high)]);
  },
});
