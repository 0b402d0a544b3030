/**
 * Convolutions of the wasm target one by one: multiply-adds a second of each way that a shape can take, alone on the
 * machine. `npx tsx test/bench/wasm/conv2d.ts [name ...] [--plain]`
 */
import { lower } from '../../../compiler/lowering/lower.ts';
import { createMachine } from '../../support/machine.ts';
import { graphBuilder } from '../../../compiler/ops/infer.ts';
import { bake } from '../../../compiler/program/bake.ts';
import { deduplicateKernels } from '../../../compiler/program/deduplicate.ts';
import { planMemory } from '../../../compiler/program/memoryPlan.ts';
import { CONV_WAYS } from '../../../compiler/targets/wasm/schedules/conv2d/conv2d.ts';
import type { Target } from '../../../compiler/lowering/target.ts';
import { wasmTarget } from '../../../compiler/targets/wasm/target.ts';

interface Shape {
  readonly name: string;
  readonly image: readonly [channels: number, height: number, width: number];
  readonly outputs: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
}

const SHAPES: readonly Shape[] = [
  { name: 'facts', image: [64, 56, 56], outputs: 96, kernel: 3 },
  { name: 'layer1', image: [64, 56, 56], outputs: 64, kernel: 3 },
  { name: 'layer2', image: [128, 28, 28], outputs: 128, kernel: 3 },
  { name: 'layer3', image: [256, 14, 14], outputs: 256, kernel: 3 },
  { name: 'layer4', image: [512, 7, 7], outputs: 512, kernel: 3 },
  { name: 'down2', image: [64, 56, 56], outputs: 128, kernel: 3, stride: 2 },
  { name: 'down4', image: [256, 14, 14], outputs: 512, kernel: 3, stride: 2 },
  { name: 'first', image: [3, 224, 224], outputs: 64, kernel: 7, stride: 2 },
  { name: 'vgg1', image: [3, 224, 224], outputs: 64, kernel: 3 },
  { name: 'vgg2', image: [64, 224, 224], outputs: 64, kernel: 3 },
  { name: 'vgg4', image: [256, 56, 56], outputs: 256, kernel: 3 },
  { name: 'vgg5', image: [512, 28, 28], outputs: 512, kernel: 3 },
  { name: 'vgg6', image: [512, 14, 14], outputs: 512, kernel: 3 },
  { name: 'cifar1', image: [16, 32, 32], outputs: 16, kernel: 3 },
  { name: 'cifar2', image: [32, 16, 16], outputs: 32, kernel: 3 },
  { name: 'cifar3', image: [64, 8, 8], outputs: 64, kernel: 3 },
  { name: '1x1-256to64', image: [256, 56, 56], outputs: 64, kernel: 1 },
  { name: '1x1-64to256', image: [64, 56, 56], outputs: 256, kernel: 1 },
  { name: '1x1-1024to256', image: [1024, 14, 14], outputs: 256, kernel: 1 },
  { name: '1x1-512to2048', image: [512, 7, 7], outputs: 2048, kernel: 1 },
  { name: '1x1-2048to512', image: [2048, 7, 7], outputs: 512, kernel: 1 },
  { name: '1x1-24to144', image: [24, 56, 56], outputs: 144, kernel: 1 },
  { name: '1x1-144to24', image: [144, 56, 56], outputs: 24, kernel: 1 },
  { name: '1x1-512s2', image: [512, 28, 28], outputs: 1024, kernel: 1, stride: 2 },
  { name: 'dense', image: [128, 28, 28], outputs: 32, kernel: 3 },
  { name: 'alex2', image: [64, 27, 27], outputs: 192, kernel: 5 },
  { name: 'resnext', image: [128, 56, 56], outputs: 128, kernel: 3, groups: 32 },
  { name: 'depthwise', image: [128, 56, 56], outputs: 128, kernel: 3, groups: 128 },
  { name: 'depthwise-s2', image: [128, 56, 56], outputs: 128, kernel: 3, groups: 128, stride: 2 },
  { name: 'lenet3', image: [6, 14, 14], outputs: 16, kernel: 5 },
];

const MILLISECONDS = 300;

function measure(
  shape: Shape,
  choose: (typeof wasmTarget)['schedules']['conv2d'],
  relaxed: boolean,
): string | undefined {
  const { image, outputs, kernel, stride = 1, groups = 1 } = shape;
  const g = graphBuilder('bench');
  const type = (extents: readonly number[]) => ({ dtype: 'f32' as const, shape: extents });
  const isImage = image[0] === 3;
  const input = g.node('input', [], { name: 'x', type: type([1, ...image]) });
  const x = isImage ? input : g.node('neg', [input]);
  const weight = g.node('parameter', [], {
    name: 'weight',
    role: 'weight',
    type: type([outputs, image[0] / groups, kernel, kernel]),
    init: { kind: 'zeros' },
  } as never);
  const side = kernel >> 1;
  const conv = g.node('conv2d', [x, weight], {
    stride: [stride, stride],
    padding: [side, side, side, side],
    dilation: [1, 1],
    groups,
  });
  const graph = g.finish([{ name: 'y', value: g.node('neg', [conv]) }]);
  const size = (outputs * image[0] * kernel * kernel) / groups;
  const numbers = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i));
  let isFitting = true;
  const rule: typeof choose = (request) => {
    const schedule = choose?.(request);
    isFitting &&= schedule !== undefined;
    return schedule;
  };
  const target: Target = { ...wasmTarget, schedules: { ...wasmTarget.schedules, conv2d: rule } };
  const program = bake(deduplicateKernels([lower(graph, target)])[0]!, new Map([['weight', numbers(size)]]));
  if (!isFitting) return undefined;
  const bindings = { x: numbers(image[0] * image[1] * image[2]) };
  const machine = createMachine(program, planMemory(program), bindings, { target: 'wasm', relaxed });
  const calls = program.phases.flatMap((phase) => phase.calls);
  for (const call of calls) machine.run(call);
  const call = calls.find(
    ({ multiplyAdds, kernel: { name } }) => multiplyAdds > 0 && /conv|depth/.test(name),
  )!;
  const times: number[] = [];
  const warm = performance.now();
  while (performance.now() - warm < 500) machine.run(call);
  for (const start = performance.now(); performance.now() - start < MILLISECONDS || times.length < 5;) {
    const before = performance.now();
    machine.run(call);
    times.push(performance.now() - before);
  }
  const median = times.sort((a, b) => a - b)[process.argv.includes('--min') ? 0 : times.length >> 1]!;
  const gflops = (2 * call.multiplyAdds) / median / 1e6;
  return `${gflops.toFixed(1).padStart(6)} GFLOP/s ${median.toFixed(3).padStart(8)} ms  ${call.schedule}`;
}

const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const isPlain = process.argv.includes('--plain');
for (const shape of SHAPES.filter(
  ({ name }) => wanted.length === 0 || wanted.some((one) => name.startsWith(one)),
)) {
  console.log(`${shape.name}: ${shape.image.join('x')} -> ${shape.outputs}, ${shape.kernel}x${shape.kernel}`);
  for (const way of CONV_WAYS) {
    const line = measure(shape, way.schedule, !isPlain);
    if (line) console.log(`  ${line}`);
  }
}
