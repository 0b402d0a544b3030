/**
 * A graph through the back end and on poisoned memory: lowered, deduplicated, planned, the plan held to the calls,
 * and executed as the target does.
 */
import type { Graph, Node } from '../../compiler/ir/types.ts';
import type { KernelArray } from '../../compiler/kernel/javascript.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { trainingPhases } from '../../compiler/autodiff/phases.ts';
import { isGradientName } from '../../compiler/autodiff/trainingGraph.ts';
import { bake } from '../../compiler/program/bake.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import { withStep } from '../../compiler/program/step.ts';
import {
  HALVES,
  phaseCalls,
  TRAIN_STEP,
  type Buffer,
  type KernelCall,
  type Program,
  type Timeline,
} from '../../compiler/program/types.ts';
import { planMemory, type MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import type { Backend } from '../support/backends.ts';
import { runningDevice } from '../support/gpu.ts';
import { createGpuMachine, withoutErrors } from '../support/gpuMachine.ts';
import { createMachine } from '../support/machine.ts';
import { checkPlan } from './checkPlan.ts';

/** Numbers by name: outputs, and `new <parameter>` for what a step has changed. */
export type Results = Readonly<Record<string, ArrayLike<number>>>;

const keepAll = (): boolean => true;

/** A graph's program with the plan that its calls were held to. */
export interface Prepared {
  readonly program: Program;
  readonly plan: MemoryPlan;
  readonly timeline: Timeline;
  readonly calls: readonly KernelCall[];
  readonly isKept: (output: Buffer) => boolean;
}

/** A way through the back end. */
export type Prepare = (graph: Graph, target: Target, bindings: Bindings) => Prepared;

/** With `prepare` run at load, as in packages that train. */
export const prepareInference: Prepare = (graph, target) =>
  prepared(deduplicateKernels([lower(graph, target)])[0]!, target, HALVES, keepAll);

/** With weights folded and packed at compile time, as in packages for inference only. */
export const prepareBaked: Prepare = (graph, target, bindings) => {
  const data = new Map(Object.entries(bindings).map(([name, numbers]) => [name, Float32Array.from(numbers)]));
  return prepared(bake(deduplicateKernels([lower(graph, target)])[0]!, data), target, HALVES, keepAll);
};

/** The halves one after the other, which keep every gradient. */
export const prepareHalves: Prepare = (graph, target) =>
  prepared(
    deduplicateKernels([lower(graph, target, { phaseOf: trainingPhases(graph) })])[0]!,
    target,
    HALVES,
    keepAll,
  );

/** The step in one, which keeps no gradients. */
export const prepareStep: Prepare = (graph, target) => {
  const [program] = deduplicateKernels([withStep(lower(graph, target, { phaseOf: trainingPhases(graph) }))]);
  return prepared(program!, target, TRAIN_STEP, ({ publicName = '' }) => !isGradientName(publicName));
};

function prepared(
  program: Program,
  { alignment }: Target,
  timeline: Timeline,
  isKept: (output: Buffer) => boolean,
): Prepared {
  const plan = planMemory(program, { timeline, isKept, alignment });
  const calls = runCalls(program, timeline);
  checkPlan(program, plan, calls, isKept);
  return { program, plan, timeline, calls: [...phaseCalls(program, 'prepare'), ...calls], isKept };
}

const namesOf = ({ program, isKept }: Prepared) =>
  program.buffers.flatMap((buffer): { name: string; buffer: Buffer }[] => {
    const { role, publicName = '' } = buffer;
    if (role === 'output' && isKept(buffer)) return [{ name: publicName, buffer }];
    return role === 'parameter' ? [{ name: `new ${publicName}`, buffer }] : [];
  });

/** Runs a prepared net in this process. */
export function execute(one: Prepared, backend: Backend, bindings: Bindings): Results {
  const machine = createMachine(one.program, one.plan, bindings, backend.machine);
  for (const call of one.calls) machine.run(call);
  return Object.fromEntries(namesOf(one).map(({ name, buffer }) => [name, machine.view(buffer.id).slice()]));
}

export async function executeOnGpu(one: Prepared, bindings: Bindings): Promise<Results> {
  const gpu = await runningDevice();
  return withoutErrors(gpu, async () => {
    const machine = createGpuMachine(gpu, one.program, one.plan, bindings, one.timeline);
    machine.run(one.calls);
    const named = namesOf(one);
    const found = await machine.read((buffer) => named.some((wanted) => wanted.buffer === buffer));
    await machine.checkCanaries();
    machine.destroy();
    return Object.fromEntries(
      named.map(({ name, buffer }): [string, KernelArray] => [name, found.get(buffer.id)!]),
    );
  });
}

type Run = (graph: Graph, backend: Backend, bindings: Bindings) => Results;

const running =
  (prepare: Prepare): Run =>
  (graph, backend, bindings) =>
    execute(prepare(graph, backend.target, bindings), backend, bindings);

export const runInference = running(prepareInference);
export const runHalves = running(prepareHalves);

/** What `Results` of the graph are by name: its outputs, and parameters after a step. */
export function expectedResults(graph: Graph, values: readonly ArrayLike<number>[]): Results {
  const updated = new Map(graph.updates.map(({ target, value }) => [target, value]));
  const parameters = graph.nodes.filter((node): node is Node<'parameter'> => node.op === 'parameter');
  return Object.fromEntries([
    ...graph.outputs.map(({ name, value }) => [name, values[value]!] as const),
    ...parameters.map(({ id, attrs }) => [`new ${attrs.name}`, values[updated.get(id) ?? id]!] as const),
  ]);
}
