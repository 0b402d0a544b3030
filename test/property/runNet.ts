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
import { planMemory } from '../../compiler/program/memoryPlan.ts';
import { withStep } from '../../compiler/program/step.ts';
import {
  HALVES,
  phaseCalls,
  TRAIN_STEP,
  type Buffer,
  type Program,
  type Timeline,
} from '../../compiler/program/types.ts';
import type { Backend } from '../support/backends.ts';
import { createMachine } from '../support/machine.ts';
import { checkPlan } from './checkPlan.ts';

/** By name: outputs, and `new <parameter>` for what a step has changed. */
export type Results = Readonly<Record<string, ArrayLike<number>>>;

const keepAll = (): boolean => true;

/** With `prepare` run at load, as in packages that train. */
export function runInference(graph: Graph, backend: Backend, bindings: Bindings): Results {
  const [program] = deduplicateKernels([lower(graph, backend.target)]);
  return run(backend, program!, HALVES, keepAll, bindings);
}

/** With weights folded and packed at compile time, as in packages for inference only. */
export function runBaked(graph: Graph, backend: Backend, bindings: Bindings): Results {
  const data = new Map(Object.entries(bindings).map(([name, numbers]) => [name, Float32Array.from(numbers)]));
  return run(
    backend,
    bake(deduplicateKernels([lower(graph, backend.target)])[0]!, data),
    HALVES,
    keepAll,
    bindings,
  );
}

/** The halves one after the other, which leave every gradient behind. */
export function runHalves(graph: Graph, backend: Backend, bindings: Bindings): Results {
  const [program] = deduplicateKernels([lower(graph, backend.target, trainingPhases(graph))]);
  return run(backend, program!, HALVES, keepAll, bindings);
}

/** The step in one, which keeps no gradients. */
export function runStep(graph: Graph, backend: Backend, bindings: Bindings): Results {
  const [program] = deduplicateKernels([withStep(lower(graph, backend.target, trainingPhases(graph)))]);
  return run(backend, program!, TRAIN_STEP, ({ publicName = '' }) => !isGradientName(publicName), bindings);
}

function run(
  backend: Backend,
  program: Program,
  timeline: Timeline,
  isKept: (output: Buffer) => boolean,
  bindings: Bindings,
): Results {
  const plan = planMemory(program, { timeline, isKept });
  const calls = runCalls(program, timeline);
  checkPlan(program, plan, calls, isKept);
  const machine = createMachine(program, plan, bindings, backend.machine);
  for (const call of [...phaseCalls(program, 'prepare'), ...calls]) machine.run(call);
  const results = program.buffers.flatMap((buffer): [string, KernelArray][] => {
    const { id, role, publicName = '' } = buffer;
    if (role === 'output' && isKept(buffer)) return [[publicName, machine.view(id).slice()]];
    return role === 'parameter' ? [[`new ${publicName}`, machine.view(id)]] : [];
  });
  return Object.fromEntries(results);
}

/** What `Results` of the graph are by name: its outputs, and parameters behind a step. */
export function expectedResults(graph: Graph, values: readonly ArrayLike<number>[]): Results {
  const updated = new Map(graph.updates.map(({ target, value }) => [target, value]));
  const parameters = graph.nodes.filter((node): node is Node<'parameter'> => node.op === 'parameter');
  return Object.fromEntries([
    ...graph.outputs.map(({ name, value }) => [name, values[value]!] as const),
    ...parameters.map(({ id, attrs }) => [`new ${attrs.name}`, values[updated.get(id) ?? id]!] as const),
  ]);
}
