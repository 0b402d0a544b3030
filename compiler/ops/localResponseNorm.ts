/**
 * localResponseNorm: x[c] / d[c]^beta with d[c] = k + alpha / size * (sum of x^2 over up to `size` channels from
 * c - floor(size / 2) on, as far as they exist) (Krizhevsky et al. 2012, in PyTorch's scaling).
 *
 *   x f32[N, C, ...]
 */
import type { KernelBuilder } from '../kernel/builder.ts';
import { f32, sameShape, sizeOf } from '../ir/types.ts';
import { add, div, f32Const, fma, inside, mul, pow, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { checkChannels } from './shared/channels.ts';
import { bytesOf } from './shared/cost.ts';
import { flag, float, int, ints, type OnnxSite } from './shared/onnx.ts';
import { axisNames } from './shared/pointwise.ts';
import type { OpDefinition, Reject, TensorAccess } from './types.ts';
import { axisLetters, element, elementAt, plus, short } from './shared/formula.ts';

export interface LocalResponseNormAttrs {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    localResponseNorm: LocalResponseNormAttrs;
    /**
     * gradient[c] / d[c]^beta
     *   - 2 * alpha * beta / size * x[c] * (sum of gradient[j] * x[j] / d[j]^(beta + 1) over the j whose window has c)
     */
    localResponseNormGradient: LocalResponseNormAttrs;
  }
}

function checkSize(size: number, reject: Reject): void {
  if (!(Number.isInteger(size) && size >= 1))
    reject('CNNC1104', `the size ${size} is not a whole number from 1`);
}

/** Visits up to `size` channels from `first` on, as far as they exist. */
function forEachNeighbour(
  k: KernelBuilder,
  name: string,
  first: Expr,
  size: number,
  channels: number,
  visit: (c: Expr) => void,
): void {
  k.for(`${name}Offset`, 0, size, (offset) => {
    const channel = k.let(name, add(first, offset));
    k.if(inside(channel, channels), () => visit(channel));
  });
}

/** d at an index of x. */
function denominator(
  k: KernelBuilder,
  x: TensorAccess,
  index: readonly Expr[],
  attrs: LocalResponseNormAttrs,
): Expr {
  const first = sub(index[1]!, Math.floor(attrs.size / 2));
  const squares = k.variable('squares', 0);
  forEachNeighbour(k, 'neighbour', first, attrs.size, x.type.shape[1]!, (c) => {
    const value = k.let('value', x.load([index[0]!, c, ...index.slice(2)]));
    k.assign(squares, fma(value, value, squares));
  });
  return k.let('denominator', fma(squares, f32Const(attrs.alpha / attrs.size), f32Const(attrs.k)));
}

export const localResponseNorm: OpDefinition<'localResponseNorm'> = {
  name: 'localResponseNorm',
  operands: ['x'],
  formula({ size, alpha, beta, k }, [x]) {
    const [n, , ...place] = axisLetters(x!.shape.length);
    const neighbour = element('x', [n!, plus('c + i', -Math.floor(size / 2)), ...place]);
    const squares = `sum over i < ${size} of ${neighbour}^2`;
    return `${elementAt('x', x!)} / (${k} + ${short(alpha / size)} * (${squares}))^${beta}`;
  },
  keepsExamples: true,
  infer([x], { size }, reject) {
    checkChannels(x!, {}, reject);
    checkSize(size, reject);
    return x!;
  },
  gradient: ({ attrs, inputs: [x], gradient, g }) => [
    g.node('localResponseNormGradient', [gradient, x!], attrs),
  ],
  define({ attrs, inputs: [x], output }, k) {
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) =>
      output.store(index, div(x!.load(index), pow(denominator(k, x!, index, attrs), attrs.beta))),
    );
  },
  cost: (inputs, { size }, output) => ({
    multiplyAdds: (size + 8) * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  }),
  samples: [
    {
      name: 'five channels of seven',
      inputs: [f32(2, 7, 3, 2)],
      attrs: { size: 5, alpha: 0.5, beta: 0.75, k: 1 },
    },
    { name: 'an even size', inputs: [f32(1, 6, 2, 3)], attrs: { size: 4, alpha: 1, beta: 0.5, k: 2 } },
    {
      name: 'wider than the channels',
      inputs: [f32(2, 3, 4)],
      attrs: { size: 9, alpha: 0.3, beta: 0.75, k: 1.5 },
    },
  ],
  onnx: (site) => (site.attrs.size % 2 === 1 ? onnxOddWindow(site) : onnxEvenWindow(site)),
};

type Lrn = OnnxSite<'localResponseNorm'>;

function onnxOddWindow({ e, inputs: [x], types, attrs }: Lrn): string {
  const { size, alpha, beta, k } = attrs;
  const { shape } = types[0]!;
  // onnxruntime accepts only images.
  const images = [shape[0]!, shape[1]!, sizeOf(shape.slice(2)), 1];
  const value = shape.length === 4 ? x! : e.reshape(x!, images);
  const normalized = e.emit('LRN', [value], {
    ...{ size: int(size), alpha: float(alpha), beta: float(beta), bias: float(k) },
  });
  return shape.length === 4 ? normalized : e.reshape(normalized, shape);
}

/** With an even size ONNX's window is one channel further on than PyTorch's, so the formula is written out. */
function onnxEvenWindow({ e, inputs: [x], types, attrs }: Lrn): string {
  const { size, alpha, beta, k } = attrs;
  const { shape } = types[0]!;
  const squares = e.reshape(e.emit('Mul', [x, x]), [shape[0]!, 1, shape[1]!, sizeOf(shape.slice(2))]);
  const means = e.emit('AveragePool', [squares], {
    kernel_shape: ints([size, 1]),
    pads: ints([size / 2, 0, size / 2 - 1, 0]),
    count_include_pad: flag(true),
  });
  const scaled = e.emit('Mul', [e.reshape(means, shape), e.scalar(alpha)]);
  const divisor = e.emit('Pow', [e.emit('Add', [scaled, e.scalar(k)]), e.scalar(beta)]);
  return e.emit('Div', [x, divisor]);
}

export const localResponseNormGradient: OpDefinition<'localResponseNormGradient'> = {
  name: 'localResponseNormGradient',
  operands: ['gradient', 'x'],
  formula({ size, alpha, beta, k }) {
    const half = Math.floor(size / 2);
    const sum = (of: string, offset: number): string =>
      `(sum over i < ${size} of ${of} at ${plus('c + i', -offset)})`;
    const factor = short((2 * alpha * beta) / size);
    const product = sum(`gradient * x / d^${beta + 1}`, size - 1 - half);
    return `gradient / d^${beta} - ${factor} * x * ${product}, d = ${k} + ${short(alpha / size)} * ${sum('x^2', half)}`;
  },
  infer([gradient, x], { size }, reject) {
    if (!sameShape(gradient!.shape, x!.shape))
      reject('CNNC1202', 'the gradient and the input differ in shape');
    checkChannels(x!, {}, reject);
    checkSize(size, reject);
    return x!;
  },
  gradient: 'notDifferentiable',
  define({ attrs, inputs: [gradient, x], output }, k) {
    const { size, alpha, beta } = attrs;
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) => {
      const sum = k.variable('sum', 0);
      // The window of j begins at j - floor(size / 2). It contains c if j is in this range.
      const first = sub(index[1]!, size - 1 - Math.floor(size / 2));
      forEachNeighbour(k, 'j', first, size, shape[1]!, (j) => {
        const at = [index[0]!, j, ...index.slice(2)];
        const power = pow(denominator(k, x!, at, attrs), beta + 1);
        k.assign(sum, add(sum, div(mul(gradient!.load(at), x!.load(at)), power)));
      });
      const direct = div(gradient!.load(index), pow(denominator(k, x!, index, attrs), beta));
      output.store(index, sub(direct, mul(mul(x!.load(index), sum), (2 * alpha * beta) / size)));
    });
  },
  cost: (inputs, { size }, output) => ({
    multiplyAdds: (size + 1) * (size + 8) * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  }),
  samples: [
    {
      name: 'five channels of seven',
      inputs: [f32(2, 7, 3, 2), f32(2, 7, 3, 2)],
      attrs: { size: 5, alpha: 0.5, beta: 0.75, k: 1 },
    },
    {
      name: 'an even size',
      inputs: [f32(1, 6, 2), f32(1, 6, 2)],
      attrs: { size: 4, alpha: 1, beta: 0.5, k: 2 },
    },
  ],
};
