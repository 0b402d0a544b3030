/**
 * Convolutions of the WebGPU target one by one, on SwiftShader or what VK_DRIVER_FILES names: multiply-adds a second.
 * `npx tsx test/bench/webgpu/conv2d.ts [name ...] [--tiled] [--winograd]`
 *
 * The second number is what the process' threads have spent: on SwiftShader it is the better measure when other processes run.
 */
import { graphBuilder } from '../../../compiler/ops/infer.ts';
import { lower } from '../../../compiler/lowering/lower.ts';
import { bake } from '../../../compiler/program/bake.ts';
import { deduplicateKernels } from '../../../compiler/program/deduplicate.ts';
import { planMemory } from '../../../compiler/program/memoryPlan.ts';
import { createWebgpuTarget, type WebgpuOptions } from '../../../compiler/targets/webgpu/target.ts';
import { runningDevice } from '../../support/gpu.ts';
import { createGpuMachine } from '../../support/gpuMachine.ts';

interface Shape {
  readonly name: string;
  readonly image: readonly [channels: number, height: number, width: number];
  readonly outputs: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly groups?: number;
}

const SHAPES: readonly Shape[] = [
  { name: 'first', image: [3, 224, 224], outputs: 64, kernel: 7, stride: 2 },
  { name: 'layer1', image: [64, 56, 56], outputs: 64, kernel: 3 },
  { name: 'layer2', image: [128, 28, 28], outputs: 128, kernel: 3 },
  { name: 'layer3', image: [256, 14, 14], outputs: 256, kernel: 3 },
  { name: 'layer4', image: [512, 7, 7], outputs: 512, kernel: 3 },
  { name: 'down2', image: [64, 56, 56], outputs: 128, kernel: 3, stride: 2 },
  { name: 'down3', image: [128, 28, 28], outputs: 256, kernel: 3, stride: 2 },
  { name: 'down4', image: [256, 14, 14], outputs: 512, kernel: 3, stride: 2 },
  { name: 'skip2', image: [64, 56, 56], outputs: 128, kernel: 1, stride: 2 },
  { name: '1x1-32to16', image: [32, 112, 112], outputs: 16, kernel: 1 },
  { name: '1x1-16to96', image: [16, 112, 112], outputs: 96, kernel: 1 },
  { name: '1x1-144to24', image: [144, 56, 56], outputs: 24, kernel: 1 },
  { name: '1x1-384to64', image: [384, 14, 14], outputs: 64, kernel: 1 },
  { name: '1x1-320to1280', image: [320, 7, 7], outputs: 1280, kernel: 1 },
  { name: 'depthwise-96s2', image: [96, 112, 112], outputs: 96, kernel: 3, groups: 96, stride: 2 },
  { name: 'depthwise-144', image: [144, 56, 56], outputs: 144, kernel: 3, groups: 144 },
  { name: 'depthwise-960', image: [960, 7, 7], outputs: 960, kernel: 3, groups: 960 },
  { name: 'resnext', image: [128, 56, 56], outputs: 128, kernel: 3, groups: 32 },
  { name: 'cifar1', image: [16, 32, 32], outputs: 16, kernel: 3 },
  { name: 'cifar3', image: [64, 8, 8], outputs: 64, kernel: 3 },
  { name: 'lenet3', image: [6, 14, 14], outputs: 16, kernel: 5 },
];

const RUNS = 6;

function programOf({ image, outputs, kernel, stride = 1, groups = 1 }: Shape, options: WebgpuOptions) {
  const g = graphBuilder('bench');
  const input = g.node('input', [], { name: 'x', type: { dtype: 'f32', shape: [1, ...image] } });
  const x = image[0] === 3 ? input : g.node('neg', [input]);
  const weight = g.node('parameter', [], {
    name: 'weight',
    role: 'weight',
    type: { dtype: 'f32', shape: [outputs, image[0] / groups, kernel, kernel] },
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
  const [program] = deduplicateKernels([lower(graph, createWebgpuTarget(options))]);
  return bake(program!, new Map([['weight', numbers(size)]]));
}

const numbers = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => Math.sin(i));

async function measure(gpu: GPUDevice, shape: Shape, options: WebgpuOptions): Promise<string> {
  const program = programOf(shape, options);
  const [channels, height, width] = shape.image;
  const machine = createGpuMachine(gpu, program, planMemory(program, { alignment: 256 }), {
    x: numbers(channels * height * width),
  });
  const calls = program.phases.flatMap((phase) => phase.calls);
  const call = calls.reduce((most, one) => (one.multiplyAdds > most.multiplyAdds ? one : most));
  machine.run(calls);
  await gpu.queue.onSubmittedWorkDone();
  const times: number[] = [];
  const spent: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const [before, used] = [performance.now(), process.cpuUsage()];
    machine.run([call]);
    await gpu.queue.onSubmittedWorkDone();
    times.push(performance.now() - before);
    const { user, system } = process.cpuUsage(used);
    spent.push((user + system) / 1000);
  }
  machine.destroy();
  const rate = (ms: number): string => ((2 * call.multiplyAdds) / ms / 1e6).toFixed(2).padStart(7);
  const [time, cpu] = [Math.min(...times), Math.min(...spent)];
  return `${rate(time)} GFLOP/s ${time.toFixed(1).padStart(7)} ms ${rate(cpu)} a core  ${call.schedule}`;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
  const options: WebgpuOptions = {
    family: process.argv.includes('--tiled') ? 'tiled' : 'blocked',
    precision: process.argv.includes('--winograd') ? 'fast' : 'exact',
  };
  const gpu = await runningDevice();
  for (const shape of SHAPES.filter(
    ({ name }) => wanted.length === 0 || wanted.some((one) => name.startsWith(one)),
  )) {
    console.log(`${shape.name.padEnd(16)} ${await measure(gpu, shape, options)}`);
  }
  process.exit(0);
}

await main();
