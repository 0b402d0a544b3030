/** Runs a planned program: every call of every phase, in order, on poisoned memory at the plan's offsets. */
import type { KernelArray } from '../../compiler/kernel/javascript.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import type { MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import type { Program } from '../../compiler/program/types.ts';
import { createMachine, type MachineOptions } from './machine.ts';

export type Outputs = Readonly<Record<string, KernelArray>>;

/** Inputs and parameters by their public names, in row-major order, as are the outputs. */
export function runProgram(
  program: Program,
  plan: MemoryPlan,
  bindings: Bindings,
  options: MachineOptions = { target: 'typescript' },
): Outputs {
  const machine = createMachine(program, plan, bindings, options);
  for (const call of program.phases.flatMap(({ calls }) => calls)) machine.run(call);
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  return Object.fromEntries(outputs.map(({ id, publicName }) => [publicName!, machine.view(id).slice()]));
}
