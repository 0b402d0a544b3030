/**
 * A training step of the wasm target, call by call: time, multiply-adds a second and share of each kernel, the dearest
 * first. `npx tsx test/bench/wasm/trainingStep.ts <model> [batch] [--plain] [--calls]`
 */
import { setFlagsFromString } from 'node:v8';
import { buildGraph } from '../../../compiler/frontend/buildGraph.ts';
import { initializeParameters } from '../../../compiler/frontend/initialize.ts';
import { deduplicateKernels } from '../../../compiler/program/deduplicate.ts';
import { runCalls } from '../../../compiler/program/liveness.ts';
import {
  phaseCalls,
  TRAIN_STEP,
  type Buffer,
  type KernelCall,
  type Program,
} from '../../../compiler/program/types.ts';
import { createWasmTarget } from '../../../compiler/targets/wasm/target.ts';
import { trainingStepOf } from '../../support/compiled.ts';
import { createMachine } from '../../support/machine.ts';
import { zooModel } from '../../support/models.ts';

interface Row {
  readonly name: string;
  readonly schedule: string;
  calls: number;
  time: number;
  multiplyAdds: number;
  bytes: number;
}

const ROUNDS = 9;
/** V8 replaces its first code within so many milliseconds. */
const WARM = 1000;

/** Others may run on the same machine: the least is what the call itself takes. */
const least = (times: readonly number[]): number => Math.min(...times);

async function trainingProgram(name: string, batch: number) {
  const model = await zooModel(name);
  const graph = buildGraph(model, { training: true, batch });
  const training = { optimizer: 'sgd', inputGradients: false } as const;
  const trained = trainingStepOf(model, training, createWasmTarget({ precision: 'training' }), batch);
  return { ...trained, program: deduplicateKernels([trained.program])[0]!, graph };
}

/** Small numbers for images, class 0 or 1 as labels, a small learning rate. */
function numbersFor({ publicName = '', element, length }: Buffer, data: ReadonlyMap<string, Float32Array>) {
  const known = data.get(publicName);
  if (known) return known;
  if (element !== 'f32') return Int32Array.from({ length }, (_, i) => i % 2);
  return Float32Array.from({ length }, (_, i) => (length === 1 ? 0.001 : Math.sin(i * 1.7)));
}

function bindingsOf(program: Program, data: ReadonlyMap<string, Float32Array>) {
  const outside = program.buffers.filter(({ role }) => role === 'input' || role === 'parameter');
  return Object.fromEntries(outside.map((buffer) => [buffer.publicName!, numbersFor(buffer, data)]));
}

function rowsOf(calls: readonly KernelCall[], times: readonly (readonly number[])[]): Row[] {
  const rows = new Map<string, Row>();
  calls.forEach(({ kernel: { name }, schedule, multiplyAdds, bytes }, i) => {
    const row = rows.get(name) ?? { name, schedule, calls: 0, time: 0, multiplyAdds: 0, bytes: 0 };
    row.calls++;
    row.time += least(times[i]!);
    row.multiplyAdds += multiplyAdds;
    row.bytes += bytes;
    rows.set(name, row);
  });
  return [...rows.values()].sort((a, b) => b.time - a.time);
}

function printRow({ name, schedule, calls, time, multiplyAdds, bytes }: Row, total: number): void {
  const columns = [
    `${((100 * time) / total).toFixed(1)} %`.padStart(7),
    `${time.toFixed(3)} ms`.padStart(11),
    `${calls} x`.padStart(5),
    `${((2 * multiplyAdds) / time / 1e6).toFixed(1)} GFLOP/s`.padStart(14),
    `${(bytes / time / 1e6).toFixed(1)} GB/s`.padStart(10),
  ];
  console.log(`${columns.join('')}  ${name} (${schedule})`);
}

/** What a kernel's name begins with: its operation. */
function groupOf({ name }: Row): string {
  return /^[A-Za-z]+(2d)?[A-Za-z]*/.exec(name)![0];
}

function printGroups(rows: readonly Row[], total: number): void {
  const groups = grouped(rows);
  const sums = [...groups].map(([name, of]) => {
    const sum = (key: 'time' | 'calls' | 'multiplyAdds' | 'bytes') => of.reduce((s, row) => s + row[key], 0);
    return {
      name,
      schedule: `${of.length} kernels`,
      calls: sum('calls'),
      time: sum('time'),
      multiplyAdds: sum('multiplyAdds'),
      bytes: sum('bytes'),
    };
  });
  for (const row of sums.sort((a, b) => b.time - a.time)) printRow(row, total);
}

function grouped(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(groupOf(row), [...(groups.get(groupOf(row)) ?? []), row]);
  return groups;
}

async function main([name = 'resnet20', batch = '32']: readonly string[], flags: ReadonlySet<string>) {
  const { program, plan, graph } = await trainingProgram(name, Number(batch));
  const bindings = bindingsOf(program, initializeParameters(graph, 1));
  const machine = createMachine(program, plan, bindings, {
    target: 'wasm',
    relaxed: !flags.has('--plain'),
  });
  for (const call of phaseCalls(program, 'prepare')) machine.run(call);
  const calls = runCalls(program, TRAIN_STEP);
  const times: number[][] = calls.map(() => []);
  const steps: number[] = [];
  const inputs = program.buffers.filter(({ role }) => role === 'input');
  // Their memory is taken over by what is computed later.
  const feed = (): void =>
    inputs.forEach(({ id, publicName }) => machine.view(id).set(bindings[publicName!]!));
  const round = (): void => {
    feed();
    calls.forEach((call, i) => {
      const before = performance.now();
      machine.run(call);
      times[i]!.push(performance.now() - before);
    });
  };
  for (let i = 0, start = performance.now(); i < 3 || performance.now() - start < WARM; i++) round();
  times.forEach((one) => (one.length = 0));
  for (let i = 0; i < ROUNDS; i++) {
    round();
    feed();
    const before = performance.now();
    for (const call of calls) machine.run(call);
    steps.push(performance.now() - before);
  }
  const rows = rowsOf(calls, times);
  const total = rows.reduce((sum, { time }) => sum + time, 0);
  const loss = program.buffers.find(({ publicName }) => publicName === 'loss');
  console.log(
    `${name}, batch ${batch}: a step ${least(steps).toFixed(2)} ms (calls apart ${total.toFixed(2)}), ${calls.length} calls, ` +
      `arena ${(plan.arenaBytes / 2 ** 20).toFixed(1)} MiB, loss ${loss ? machine.view(loss.id)[0] : '-'}`,
  );
  printGroups(rows, total);
  console.log('');
  for (const row of rows.slice(0, flags.has('--calls') ? rows.length : 40)) printRow(row, total);
}

setFlagsFromString('--experimental-wasm-relaxed-simd');
const [words, flags] = [false, true].map((isFlag) =>
  process.argv.slice(2).filter((one) => one.startsWith('--') === isFlag),
);
await main(words!, new Set(flags));
