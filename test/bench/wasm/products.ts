/**
 * Linear layers, matrix products and transposed convolutions of the wasm target one by one: multiply-adds and bytes a
 * second, alone on the machine. `npx tsx test/bench/wasm/products.ts [name ...] [--plain]`
 */
import { setFlagsFromString } from 'node:v8';
import { lower } from '../../../compiler/lowering/lower.ts';
import { createMachine } from '../../support/machine.ts';
import type { Attrs, OpName } from '../../../compiler/ir/types.ts';
import { graphBuilder } from '../../../compiler/ops/infer.ts';
import { bake } from '../../../compiler/program/bake.ts';
import { deduplicateKernels } from '../../../compiler/program/deduplicate.ts';
import { planMemory } from '../../../compiler/program/memoryPlan.ts';
import { wasmTarget } from '../../../compiler/targets/wasm/target.ts';

interface Case {
  readonly name: string;
  readonly op: OpName;
  readonly inputs: readonly (readonly number[])[];
  readonly attrs: Attrs[OpName];
  /** The first of the inputs that are weights: known when the program is compiled. */
  readonly weightsFrom: number;
}

const linear = (name: string, rows: number, features: number, outputs: number): Case => ({
  name,
  op: 'linear',
  inputs: [[rows, features], [outputs, features], [outputs]],
  attrs: {},
  weightsFrom: 1,
});

const matmul = (name: string, a: number[], b: number[], transposeA = false, transposeB = false): Case => ({
  name,
  op: 'matmul',
  inputs: [a, b],
  attrs: { transposeA, transposeB },
  weightsFrom: 2,
});

const transposed = (name: string, x: number[], weight: number[], stride: number, padding: number): Case => ({
  name,
  op: 'convTranspose2d',
  inputs: [x, weight],
  attrs: {
    stride: [stride, stride],
    padding: [padding, padding, padding, padding],
    dilation: [1, 1],
    outputPadding: [0, 0],
    groups: 1,
  },
  weightsFrom: 1,
});

const CASES: readonly Case[] = [
  linear('resnet18', 1, 512, 1000),
  linear('resnet50', 1, 2048, 1000),
  linear('alexnet6', 1, 9216, 4096),
  linear('alexnet7', 1, 4096, 4096),
  linear('lenet-1', 1, 400, 120),
  linear('lenet-32', 32, 400, 120),
  linear('lenet-32b', 32, 84, 10),
  linear('resnet50-8', 8, 2048, 1000),
  linear('vit', 197, 192, 768),
  linear('vit-b', 197, 768, 768),
  matmul('lenet-dx', [32, 120], [120, 400]),
  matmul('lenet-dw', [32, 120], [32, 400], true),
  matmul('lenet-dw3', [32, 10], [32, 84], true),
  matmul('square', [256, 256], [256, 256]),
  matmul('square-ta', [256, 256], [256, 256], true),
  matmul('square-tb', [256, 256], [256, 256], false, true),
  matmul('scores', [1, 3, 197, 64], [1, 3, 197, 64], false, true),
  matmul('attention', [1, 3, 197, 197], [1, 3, 197, 64]),
  matmul('attention3', [3, 197, 197], [3, 197, 64]),
  transposed('up2', [1, 128, 28, 28], [128, 64, 2, 2], 2, 0),
  transposed('up4', [1, 64, 28, 28], [64, 32, 4, 4], 2, 1),
  transposed('up3', [1, 64, 28, 28], [64, 32, 3, 3], 1, 1),
];

const MILLISECONDS = 300;

function measure(
  { op, inputs, attrs, weightsFrom }: Case,
  target: typeof wasmTarget,
  relaxed: boolean,
): string {
  const g = graphBuilder('bench');
  const type = (shape: readonly number[]) => ({ dtype: 'f32' as const, shape });
  const operands = inputs.map((shape, i) => {
    if (i < weightsFrom) return g.node('neg', [g.node('input', [], { name: `x${i}`, type: type(shape) })]);
    const init = { kind: 'zeros' };
    return g.node('parameter', [], { name: `x${i}`, role: 'weight', type: type(shape), init } as never);
  });
  const graph = g.finish([{ name: 'y', value: g.node('neg', [g.node(op, operands, attrs)]) }]);
  const numbers = (shape: readonly number[]) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i));
  const all = inputs.map((shape, i) => [`x${i}`, numbers(shape)] as const);
  const lowered = deduplicateKernels([lower(graph, target)])[0]!;
  const program = weightsFrom < inputs.length ? bake(lowered, new Map(all.slice(weightsFrom))) : lowered;
  const bindings = Object.fromEntries(all);
  const machine = createMachine(program, planMemory(program), bindings, { target: 'wasm', relaxed });
  const calls = program.phases.flatMap((phase) => phase.calls);
  for (const call of calls) machine.run(call);
  const call = calls.reduce((most, one) => (one.multiplyAdds > most.multiplyAdds ? one : most));
  const around = calls.filter((one) => one.schedule === 'copy');
  const time = timeOf(() => machine.run(call));
  const copies = around.length
    ? `, + ${timeOf(() => around.forEach((one) => machine.run(one))).toFixed(3)} ms of copies`
    : '';
  const rate = (amount: number): string => (amount / time / 1e6).toFixed(1).padStart(6);
  return `${rate(2 * call.multiplyAdds)} GFLOP/s ${rate(call.bytes)} GB/s ${time.toFixed(3).padStart(8)} ms  ${call.schedule}${copies}`;
}

/** The median, in milliseconds; short calls are run several at a time. */
function timeOf(run: () => void): number {
  const times: number[] = [];
  let repeats = 1;
  for (const warm = performance.now(); performance.now() - warm < 300;) {
    const before = performance.now();
    for (let i = 0; i < repeats; i++) run();
    if (performance.now() - before < 0.2) repeats *= 2;
  }
  for (const start = performance.now(); performance.now() - start < MILLISECONDS || times.length < 5;) {
    const before = performance.now();
    for (let i = 0; i < repeats; i++) run();
    times.push((performance.now() - before) / repeats);
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const relaxed = !process.argv.includes('--plain');
setFlagsFromString('--experimental-wasm-relaxed-simd');
const loops = { ...wasmTarget, schedules: {} };
for (const one of CASES.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.startsWith(part)),
)) {
  console.log(`${one.name}: ${one.op} ${one.inputs.map((shape) => shape.join('x')).join(', ')}`);
  console.log(`  ${measure(one, wasmTarget, relaxed)}`);
  if (process.argv.includes('--loops')) console.log(`  ${measure(one, loops, relaxed)}`);
}
