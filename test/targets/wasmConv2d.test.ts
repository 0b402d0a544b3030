/**
 * Every way of the wasm target to compute a convolution, on shapes with all kinds of rests: rows, columns, tiles, blocks
 * of channels; alone between activations, with bias, residual and activation, and on a part of a larger image's channels.
 */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../compiler/ir/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { ScheduleRule, Target } from '../../compiler/lowering/target.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { CONV_WAYS, type ConvWay } from '../../compiler/targets/wasm/kernels/conv2d.ts';
import { wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { graphOf, randomBindings } from '../support/graphs.ts';
import { maxAbs } from '../support/numbers.ts';
import { runProgram } from '../support/runProgram.ts';

interface Shape {
  readonly image: readonly [images: number, channels: number, height: number, width: number];
  readonly outputs: number;
  readonly kernel?: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padding?: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

const SHAPES: readonly Shape[] = [
  { image: [1, 4, 8, 8], outputs: 8 },
  { image: [2, 8, 7, 9], outputs: 12 },
  { image: [1, 12, 5, 13], outputs: 20, padding: [1, 0, 0, 1] },
  { image: [1, 8, 6, 6], outputs: 4, padding: [0, 0, 0, 0] },
  { image: [1, 16, 17, 3], outputs: 8, padding: [2, 2, 2, 2] },
  // Several blocks of tiles and strips, the last ones smaller.
  { image: [1, 12, 37, 41], outputs: 8 },
  { image: [2, 3, 19, 23], outputs: 9, kernel: [7, 7], stride: [2, 2], padding: [3, 3, 3, 3] },
  { image: [1, 5, 11, 10], outputs: 6, kernel: [5, 5], padding: [0, 0, 0, 0] },
  { image: [1, 8, 9, 9], outputs: 8, dilation: [2, 2], padding: [2, 2, 2, 2] },
  { image: [2, 24, 7, 7], outputs: 18, kernel: [1, 1], padding: [0, 0, 0, 0] },
  { image: [1, 16, 8, 6], outputs: 11, kernel: [1, 1], stride: [2, 2], padding: [0, 0, 0, 0] },
  { image: [1, 16, 9, 10], outputs: 16, groups: 4 },
  { image: [1, 16, 6, 10], outputs: 32, groups: 2, stride: [2, 1] },
  { image: [1, 20, 9, 11], outputs: 20, groups: 20 },
  { image: [2, 10, 12, 9], outputs: 10, groups: 10, kernel: [5, 5], stride: [2, 2], padding: [2, 2, 2, 2] },
];

const attrsOf = ({ stride = [1, 1], padding = [1, 1, 1, 1], dilation = [1, 1], groups = 1 }: Shape) => ({
  stride,
  padding,
  dilation,
  groups,
});

const weightOf = ({ image, outputs, kernel = [3, 3], groups = 1 }: Shape) => [
  outputs,
  image[1] / groups,
  ...kernel,
];

/** Between activations, with everything that a tail may have. */
const fusedGraph = (shape: Shape): Graph =>
  fuse.run(
    graphOf((w) => {
      const x = w.g.node('tanh', [w.input('x', shape.image)]);
      const [weight, bias] = [w.parameter('weight', weightOf(shape)), w.parameter('bias', [shape.outputs])];
      const y = w.g.node('conv2d', [x, weight, bias], attrsOf(shape));
      const residual = w.g.node('tanh', [w.input('residual', w.g.shapeOf(y))]);
      const scale = w.input('scale', [1, shape.outputs, 1, 1]);
      return {
        y: w.g.node('tanh', [w.g.node('relu', [w.g.node('mul', [w.g.node('add', [y, residual]), scale])])]),
      };
    }),
  );

/** Reads some of the channels of a concatenation and computes a part of another one; no bias. */
const partGraph = (shape: Shape): Graph =>
  graphOf((w) => {
    const x = w.g.node('tanh', [w.input('x', shape.image)]);
    const other = w.g.node('tanh', [w.input('other', shape.image)]);
    const both = w.g.node('concat', [other, x], { axis: 1 });
    const y = w.g.node('conv2d', [x, w.parameter('weight', weightOf(shape))], attrsOf(shape));
    const more = w.g.node('concat', [w.g.node('tanh', [y]), y], { axis: 1 });
    return { both: w.g.node('neg', [both]), more: w.g.node('neg', [more]) };
  });

function targetWith({ schedule }: ConvWay): { target: Target; wasTaken: () => boolean } {
  let taken = false;
  const conv2d: ScheduleRule<'conv2d'> = (request) => {
    const chosen = schedule(request);
    taken ||= chosen !== undefined;
    return chosen;
  };
  return {
    target: { ...wasmTarget, schedules: { ...wasmTarget.schedules, conv2d } },
    wasTaken: () => taken,
  };
}

/** In roundings of f32 of the largest number, for sums of up to 576 products. */
const ALLOWED: Readonly<Record<ConvWay['name'], number>> = {
  depthwise: 64,
  direct: 64,
  // B, G and A amplify: Lavin and Gray measure 1e-5 for F(2x2), 1e-4 for F(4x4) at this depth.
  winograd2: 256,
  winograd4: 2048,
};

/** With and without relaxed SIMD; false where the way does not fit. */
function check(way: ConvWay, graph: Graph): boolean {
  const { target, wasTaken } = targetWith(way);
  const [program] = deduplicateKernels([lower(graph, target)]);
  if (!wasTaken()) return false;
  const bindings = randomBindings(graph);
  const { outputs: expected, values } = evaluateGraph(graph, bindings);
  const allowed = ALLOWED[way.name] * 2 ** -24 * Math.max(1, ...values.map(maxAbs));
  for (const relaxed of [false, true]) {
    const actual = runProgram(program!, planMemory(program!), bindings, { target: 'wasm', relaxed });
    for (const [name, numbers] of Object.entries(expected)) {
      const wrong = [...actual[name]!].filter((value, i) => !(Math.abs(value - numbers[i]!) <= allowed));
      expect(wrong.slice(0, 5), `${name}, of ${numbers.length} ${wrong.length} are wrong`).toEqual([]);
    }
  }
  return true;
}

const describeShape = (shape: Shape): string =>
  `${shape.image.join('x')} by ${weightOf(shape).join('x')} ${JSON.stringify(attrsOf(shape))}`;

describe.each(CONV_WAYS.map((way) => [way.name, way] as const))('%s', (_, way) => {
  const taken: string[] = [];
  it.each(SHAPES.map((shape) => [describeShape(shape), shape] as const))('%s', (name, shape) => {
    const runs = [fusedGraph(shape), partGraph(shape)].map((graph) => check(way, graph));
    if (runs.includes(true)) taken.push(name);
  });

  it('takes its share of them', () => {
    const least = { depthwise: 2, direct: 12, winograd2: 6, winograd4: 6 }[way.name];
    expect(taken.length).toBeGreaterThanOrEqual(least);
  });
});
