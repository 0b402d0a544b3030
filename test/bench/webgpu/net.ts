/**
 * A whole net on the WebGPU target, call by call and as one submission, on SwiftShader or what VK_DRIVER_FILES names.
 * `npx tsx test/bench/webgpu/net.ts resnet18 [--calls] [--exact] [--tiled]`
 */
import { buildGraph } from '../../../compiler/frontend/buildGraph.ts';
import { initializeParameters } from '../../../compiler/frontend/initialize.ts';
import { lower } from '../../../compiler/lowering/lower.ts';
import { passesFor } from '../../../compiler/passes/index.ts';
import { runPasses } from '../../../compiler/passes/run.ts';
import { bake } from '../../../compiler/program/bake.ts';
import { deduplicateKernels } from '../../../compiler/program/deduplicate.ts';
import { planMemory } from '../../../compiler/program/memoryPlan.ts';
import type { KernelCall } from '../../../compiler/program/types.ts';
import { createWebgpuTarget } from '../../../compiler/targets/webgpu/target.ts';
import { runningDevice } from '../../support/gpu.ts';
import { createGpuMachine } from '../../support/gpuMachine.ts';
import { zooModel } from '../../support/models.ts';

const ROUNDS = 3;

async function main(): Promise<void> {
  const [name = 'resnet18', ...flags] = process.argv.slice(2);
  const model = await zooModel(name);
  const target = createWebgpuTarget({
    family: flags.includes('--tiled') ? 'tiled' : 'blocked',
    precision: flags.includes('--exact') ? 'exact' : 'fast',
  });
  const source = buildGraph(model, { training: false });
  const lowered = lower(runPasses(source, passesFor('inference')), target);
  const program = deduplicateKernels([bake(lowered, initializeParameters(source, 1))])[0]!;
  const plan = planMemory(program, target);
  const inputs = program.buffers.filter(({ role }) => role === 'input');
  const bindings = Object.fromEntries(
    inputs.map(({ publicName, length }) => [
      publicName!,
      Float32Array.from({ length }, (_, i) => Math.sin(i)),
    ]),
  );
  const gpu = await runningDevice();
  const machine = createGpuMachine(gpu, program, plan, bindings);
  const calls = program.phases.flatMap((phase) => phase.calls);
  const time = async (some: readonly KernelCall[]): Promise<number> => {
    const before = performance.now();
    machine.run(some);
    await gpu.queue.onSubmittedWorkDone();
    return performance.now() - before;
  };
  console.log(`${machine.shaders.length} shaders, first run ${(await time(calls)).toFixed(0)} ms`);
  if (flags.includes('--calls')) for (const call of calls) await report(call, time);
  for (let round = 0; round < ROUNDS; round++) console.log(`${(await time(calls)).toFixed(1)} ms`);
  process.exit(0);
}

async function report(call: KernelCall, time: (calls: readonly KernelCall[]) => Promise<number>) {
  const ms = Math.min(await time([call]), await time([call]), await time([call]));
  const rate = (2 * call.multiplyAdds) / ms / 1e6;
  console.log(
    `${ms.toFixed(2).padStart(8)} ms ${rate.toFixed(2).padStart(6)} GFLOP/s  ${call.result.padEnd(20)} ${call.label.slice(0, 44).padEnd(44)} ${call.schedule}`,
  );
}

await main();
