/** Convolutions with all kinds of rests: rows, columns, tiles, blocks of channels; as graphs, and as one way computes them. */
import type { Graph } from '../../compiler/ir/types.ts';
import type { ScheduleRule, Target } from '../../compiler/lowering/target.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import type { ConvWay } from '../../compiler/targets/wasm/schedules/conv2d/conv2d.ts';
import { wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { graphOf } from './graphs.ts';

export interface Shape {
  readonly image: readonly [images: number, channels: number, height: number, width: number];
  readonly outputs: number;
  readonly kernel?: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padding?: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

export const SHAPES: readonly Shape[] = [
  { image: [1, 4, 8, 8], outputs: 8 },
  { image: [2, 8, 7, 9], outputs: 12 },
  { image: [1, 12, 5, 13], outputs: 20, padding: [1, 0, 0, 1] },
  { image: [1, 8, 6, 6], outputs: 4, padding: [0, 0, 0, 0] },
  { image: [1, 16, 17, 3], outputs: 8, padding: [2, 2, 2, 2] },
  // Filters of more than a megabyte.
  { image: [1, 256, 3, 3], outputs: 128 },
  // Several blocks of tiles and strips, the last ones smaller.
  { image: [1, 12, 37, 41], outputs: 8 },
  { image: [2, 3, 19, 23], outputs: 9, kernel: [7, 7], stride: [2, 2], padding: [3, 3, 3, 3] },
  { image: [1, 5, 11, 10], outputs: 6, kernel: [5, 5], padding: [0, 0, 0, 0] },
  { image: [1, 8, 9, 9], outputs: 8, dilation: [2, 2], padding: [2, 2, 2, 2] },
  { image: [2, 24, 7, 7], outputs: 18, kernel: [1, 1], padding: [0, 0, 0, 0] },
  { image: [1, 16, 8, 6], outputs: 11, kernel: [1, 1], stride: [2, 2], padding: [0, 0, 0, 0] },
  // One column: rows follow each other, but the axis of columns has no stride.
  { image: [2, 4, 3, 1], outputs: 1, kernel: [1, 1], padding: [0, 0, 0, 0] },
  // One channel, as a part of more: it is too small for a vector.
  { image: [1, 4, 1, 1], outputs: 1, kernel: [1, 1], padding: [0, 0, 0, 0] },
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
export const fusedGraph = (shape: Shape): Graph =>
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
export const partGraph = (shape: Shape): Graph =>
  graphOf((w) => {
    const x = w.g.node('tanh', [w.input('x', shape.image)]);
    const other = w.g.node('tanh', [w.input('other', shape.image)]);
    const both = w.g.node('concat', [other, x], { axis: 1 });
    const y = w.g.node('conv2d', [x, w.parameter('weight', weightOf(shape))], attrsOf(shape));
    const more = w.g.node('concat', [w.g.node('tanh', [y]), y], { axis: 1 });
    return { both: w.g.node('neg', [both]), more: w.g.node('neg', [more]) };
  });

export function targetWith({ schedule }: ConvWay): { target: Target; wasTaken: () => boolean } {
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

export const describeShape = (shape: Shape): string =>
  `${shape.image.join('x')} by ${weightOf(shape).join('x')} ${JSON.stringify(attrsOf(shape))}`;
