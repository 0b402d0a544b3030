/**
 * Loops over sliding windows, in both directions: the elements of one output's window (`forWindow`), the outputs
 * whose windows cover one input element (`forCovering`), and the outputs that read the input through one element of
 * the window (`forOutputs`). The loops' bounds cut off what is outside. They are constants if no window leaves the
 * input.
 */
import type { KernelBuilder } from '../../kernel/builder.ts';
import {
  add,
  and,
  boolConst,
  constant,
  div,
  eq,
  lt,
  max,
  min,
  mul,
  rem,
  sub,
} from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import { windowExtent, windowPosition, type Pair, type WindowAttrs } from './window.ts';

type Axis = 0 | 1;

/** A window that slides over a plane. Extents of input and output are [height, width]. */
export interface Sliding {
  readonly window: WindowAttrs;
  readonly input: Pair;
  readonly output: Pair;
}

/** An input element under a window, and the element of the window that is on it. */
export interface WindowElement {
  readonly row: Expr;
  readonly column: Expr;
  readonly ky: Expr;
  readonly kx: Expr;
}

/** An output whose window covers an input element, and the element of the window that is on it. */
export interface CoveringOutput {
  readonly oy: Expr;
  readonly ox: Expr;
  readonly ky: Expr;
  readonly kx: Expr;
}

/** `to` is exclusive. */
export interface Range {
  readonly from: Expr;
  readonly to: Expr;
}

export const slidingOver = (
  window: WindowAttrs,
  input: readonly number[],
  output: readonly number[],
): Sliding => ({ window, input: [input[2]!, input[3]!], output: [output[2]!, output[3]!] });

/** The range with its end computed once, before the loop. */
export const withNamedEnd = (k: KernelBuilder, name: string, { from, to }: Range): Range => ({
  from,
  to: k.let(name, to),
});

/** ceil(a / b) for a >= 0. For a < 0 the result is at most 0. */
const ceilDiv = (a: Expr, b: number): Expr => div(add(a, b - 1), b);

/** The elements k of output `o`'s window that are in [0, extent), by default the input's extent. */
export function insideRange(s: Sliding, axis: Axis, o: Expr, extent: number = s.input[axis]): Range {
  const [kernel, stride, dilation] = [s.window.kernel[axis], s.window.stride[axis], s.window.dilation[axis]];
  const padding = s.window.padding[axis];
  const lastEnd = (s.output[axis] - 1) * stride - padding + windowExtent(kernel, dilation);
  const before = max(sub(constant(padding), mul(o, stride)), 0);
  const within = sub(constant(extent + padding), mul(o, stride));
  return {
    from: padding === 0 ? constant(0) : ceilDiv(before, dilation),
    to: lastEnd <= extent ? constant(kernel) : min(ceilDiv(within, dilation), kernel),
  };
}

/** The outputs whose windows, from first to last element, cover input position `at`. */
function coveringRange(s: Sliding, axis: Axis, at: Expr): Range {
  const [stride, padding] = [s.window.stride[axis], s.window.padding[axis]];
  const span = windowExtent(s.window.kernel[axis], s.window.dilation[axis]);
  const furthest = s.input[axis] - 1 + padding;
  const reach = add(at, padding);
  const last = add(div(reach, stride), 1);
  const reached = Math.floor(furthest / stride) < s.output[axis];
  return {
    from: furthest < span ? constant(0) : ceilDiv(max(sub(reach, span - 1), 0), stride),
    to: s.output[axis] === 1 ? constant(1) : reached ? last : min(last, s.output[axis]),
  };
}

/** The outputs for which element `k` of the window is inside the input. */
function outputsRange(s: Sliding, axis: Axis, element: Expr): Range {
  const [kernel, stride, dilation] = [s.window.kernel[axis], s.window.stride[axis], s.window.dilation[axis]];
  const [padding, outputs] = [s.window.padding[axis], s.output[axis]];
  const before = max(sub(constant(padding), mul(element, dilation)), 0);
  const within = sub(constant(s.input[axis] + padding), mul(element, dilation));
  const lastEnd = (outputs - 1) * stride - padding + windowExtent(kernel, dilation);
  return {
    from: padding === 0 ? constant(0) : ceilDiv(before, stride),
    to: lastEnd <= s.input[axis] ? constant(outputs) : min(ceilDiv(within, stride), outputs),
  };
}

export function forWindow(
  k: KernelBuilder,
  s: Sliding,
  [oy, ox]: readonly [Expr, Expr],
  visit: (element: WindowElement) => void,
): void {
  const rows = withNamedEnd(k, 'kyEnd', insideRange(s, 0, oy));
  const columns = withNamedEnd(k, 'kxEnd', insideRange(s, 1, ox));
  k.for('ky', rows.from, rows.to, (ky) => {
    const row = k.let('row', windowPosition(s.window, 0, oy, ky));
    k.for('kx', columns.from, columns.to, (kx) => {
      visit({ row, column: k.let('column', windowPosition(s.window, 1, ox, kx)), ky, kx });
    });
  });
}

export function forCovering(
  k: KernelBuilder,
  s: Sliding,
  [row, column]: readonly [Expr, Expr],
  visit: (output: CoveringOutput) => void,
): void {
  const [alongRows, alongColumns] = [coveringLoop(k, s, 0, row), coveringLoop(k, s, 1, column)];
  alongRows((oy, ky) => alongColumns((ox, kx) => visit({ oy, ox, ky, kx })));
}

/** Calls its body for every output along the axis that covers `at`, with the element of the window that covers it. */
type CoveringLoop = (body: (o: Expr, element: Expr) => void) => void;

function coveringLoop(k: KernelBuilder, s: Sliding, axis: Axis, at: Expr): CoveringLoop {
  const name = axis === 0 ? 'oy' : 'ox';
  const [stride, dilation] = [s.window.stride[axis], s.window.dilation[axis]];
  const span = windowExtent(s.window.kernel[axis], dilation);
  const reach = add(at, s.window.padding[axis]);
  // Not named here, because not every visitor uses it.
  const elementOf = (o: Expr): Expr =>
    stride === 1 && span === 1 ? constant(0) : sub(reach, mul(o, stride));
  // A dilated window has gaps.
  const between = (offset: Expr, body: (element: Expr) => void): void => {
    if (dilation === 1) return body(offset);
    const named = k.let(`${name}Offset`, offset);
    k.if(eq(rem(named, dilation), 0), () => body(div(named, dilation)));
  };
  if (stride < span) {
    const range = withNamedEnd(k, `${name}End`, coveringRange(s, axis, at));
    return (body) => k.for(name, range.from, range.to, (o) => between(elementOf(o), (e) => body(o, e)));
  }
  // Windows do not overlap, so at most one covers `at`. None does in a gap or after the last window.
  return (body) => {
    const o = k.let(name, div(reach, stride));
    const offset = elementOf(o);
    const exists =
      s.input[axis] - 1 + s.window.padding[axis] < stride * s.output[axis]
        ? boolConst(true)
        : lt(o, s.output[axis]);
    const covers = stride === span ? boolConst(true) : lt(offset, span);
    k.if(and(exists, covers), () => between(offset, (e) => body(o, e)));
  };
}

export function forOutputs(
  k: KernelBuilder,
  s: Sliding,
  [ky, kx]: readonly [Expr, Expr],
  visit: (place: { oy: Expr; ox: Expr; row: Expr; column: Expr }) => void,
): void {
  const rows = withNamedEnd(k, 'oyEnd', outputsRange(s, 0, ky));
  const columns = withNamedEnd(k, 'oxEnd', outputsRange(s, 1, kx));
  k.for('oy', rows.from, rows.to, (oy) => {
    const row = k.let('row', windowPosition(s.window, 0, oy, ky));
    k.for('ox', columns.from, columns.to, (ox) => {
      visit({ oy, ox, row, column: k.let('column', windowPosition(s.window, 1, ox, kx)) });
    });
  });
}

/** The place of the first element of output (oy, ox)'s window that is inside the input. */
export function firstOfWindow(k: KernelBuilder, s: Sliding, [oy, ox]: readonly [Expr, Expr]): [Expr, Expr] {
  const at = (axis: Axis, o: Expr): Expr => windowPosition(s.window, axis, o, insideRange(s, axis, o).from);
  return [k.let('firstRow', at(0, oy)), k.let('firstColumn', at(1, ox))];
}
