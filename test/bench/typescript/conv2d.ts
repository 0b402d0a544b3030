/**
 * npm run bench:conv2d
 *
 * GFLOP/s of the 3x3, 64 -> 64, 56x56 convolution in plain JavaScript: the plain loop nest, on the weights as
 * they come (that is what a node without a schedule runs), against register blocks of several tiles on packed
 * ones. Interleaved in one run, medians.
 */
import { graphBuilder } from '../../../compiler/ops/infer.ts';
import { nodeOf, type Node } from '../../../compiler/ir/types.ts';
import { compileKernel } from '../../../compiler/kernel/javascript.ts';
import type { Kernel } from '../../../compiler/kernel/types.ts';
import { channelsLast, rowMajor } from '../../../compiler/kernel/layout.ts';
import { buildNodeKernel, scheduleNode } from '../../../compiler/lowering/schedule.ts';
import type { Target } from '../../../compiler/lowering/target.ts';
import { conv2dSchedule, type ConvTile } from '../../../compiler/targets/typescript/schedules/conv2d.ts';
import { typescriptTarget } from '../../../compiler/targets/typescript/target.ts';

const [channels, size] = [64, 56];

function convNode(): { node: Node; types: Node['type'][] } {
  const g = graphBuilder('bench');
  const x = g.node('input', [], { name: 'x', type: { dtype: 'f32', shape: [1, channels, size, size] } });
  const w = g.node('input', [], { name: 'w', type: { dtype: 'f32', shape: [channels, channels, 3, 3] } });
  const y = g.node('conv2d', [x, w], { stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 });
  const graph = g.finish([{ name: 'y', value: y }]);
  return { node: nodeOf(graph, y), types: [nodeOf(graph, x).type, nodeOf(graph, w).type] };
}

function kernelFor(schedules: Target['schedules']): Kernel {
  const { node, types } = convNode();
  const layouts = {
    inputs: [channelsLast(types[0]!.shape), rowMajor(types[1]!.shape)],
    output: channelsLast(node.type.shape),
  };
  const scheduled = scheduleNode({ ...typescriptTarget, schedules }, node, types, layouts);
  return buildNodeKernel(node, types, scheduled, 'conv', 'conv2d');
}

interface Candidate {
  readonly name: string;
  run(): void;
  readonly times: number[];
}

function candidate(name: string, kernel: Kernel): Candidate {
  const arrays = kernel.buffers.map((buffer) =>
    Float32Array.from({ length: buffer.length }, (_, i) => ((i * 37) % 101) / 101 - 0.5),
  );
  const compiled = compileKernel(kernel);
  return { name, run: () => compiled(...arrays), times: [] };
}

const tiles: ConvTile[] = [
  [2, 4],
  [3, 3],
  [3, 4],
  [4, 2],
  [4, 3],
  [4, 4],
  [5, 3],
  [6, 2],
  [2, 6],
  [5, 4],
  [6, 4],
  [8, 4],
  [4, 6],
].map(([pixels, lanes]) => ({ pixels: pixels!, channels: lanes! }));
const candidates = [
  candidate('plain loops', kernelFor({})),
  ...tiles.map((tile) =>
    candidate(
      `${tile.pixels} pixels x ${tile.channels} channels`,
      kernelFor({ conv2d: (request) => conv2dSchedule(request, tile) }),
    ),
  ),
];

const flops = 2 * channels * channels * 9 * size * size;
for (let round = 0; round < 8; round++) {
  for (const { run, times } of candidates) {
    const start = performance.now();
    run();
    if (round > 0) times.push(performance.now() - start);
  }
}
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!;
const [plain] = candidates.map(({ times }) => median(times));
console.log(`conv2d 3x3, ${channels} to ${channels} channels, ${size}x${size}; Node ${process.version}`);
for (const { name, times } of candidates) {
  const time = median(times);
  console.log(
    `${name.padEnd(24)} ${time.toFixed(1).padStart(7)} ms  ${(flops / time / 1e6).toFixed(2).padStart(6)} GFLOP/s  ${(plain! / time).toFixed(2).padStart(5)} x`,
  );
}
