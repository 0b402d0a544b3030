/**
 * A whole net on the wasm target, call by call. `npx tsx test/bench/wasm/net.ts resnet18 [--plain] [--exact]`
 */
import { compiledModel } from '../../support/compiled.ts';
import { createMachine } from '../../support/machine.ts';
import { zooModel } from '../../support/models.ts';

const [name = 'resnet18', ...flags] = process.argv.slice(2);
const model = await zooModel(name);
const started = performance.now();
const { program, plan } = compiledModel(model, { source: name, targets: ['wasm'], packedWeights: true });
console.log(
  `compiled in ${((performance.now() - started) / 1000).toFixed(1)} s, arena ${(plan.arenaBytes / 2 ** 20).toFixed(1)} MiB`,
);
const bindings = Object.fromEntries(
  program.buffers
    .filter(({ role }) => role === 'input')
    .map(({ publicName, length }) => [publicName!, Float32Array.from({ length }, (_, i) => Math.sin(i))]),
);
const machine = createMachine(program, plan, bindings, {
  target: 'wasm',
  relaxed: !flags.includes('--plain'),
});
const calls = program.phases.flatMap((phase) => phase.calls);
const times = calls.map(() => [] as number[]);
const totals: number[] = [];
const rounds = 30;
for (let round = 0; round < rounds; round++) {
  const start = performance.now();
  calls.forEach((call, i) => {
    const before = performance.now();
    machine.run(call);
    times[i]!.push(performance.now() - before);
  });
  totals.push(performance.now() - start);
}
const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 2]!;
calls.forEach((call, i) => {
  const ms = middle(times[i]!);
  const gflops = (2 * call.multiplyAdds) / ms / 1e6;
  console.log(
    `${ms.toFixed(3).padStart(8)} ms ${gflops.toFixed(1).padStart(6)} GFLOP/s  ${call.result.padEnd(20)} ${call.label.slice(0, 44).padEnd(44)} ${call.schedule}`,
  );
});
console.log(
  `first ${totals[0]!.toFixed(1)} ms, second ${totals[1]!.toFixed(1)}, lower quartile ${middle(totals).toFixed(2)} ms, least ${Math.min(...totals).toFixed(2)}`,
);
