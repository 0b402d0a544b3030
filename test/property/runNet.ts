/**
 * A graph through the back end and on poisoned memory: lowered, deduplicated, planned, the plan held to the calls,
 * and executed in f32 by the JavaScript evaluator.
 */
import type { Graph, Node } from '../../compiler/ir/types.ts';
import { compileKernel, type KernelArray } from '../../compiler/kernel/javascript.ts';
import type { Kernel } from '../../compiler/kernel/types.ts';
import { lower } from '../../compiler/lowering/lower.ts';
import type { Target } from '../../compiler/lowering/target.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { trainingPhases } from '../../compiler/autodiff/phases.ts';
import { isGradientName } from '../../compiler/autodiff/trainingGraph.ts';
import { bake } from '../../compiler/program/bake.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import { planMemory, type MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import { withStep } from '../../compiler/program/step.ts';
import {
  HALVES,
  phaseCalls,
  TRAIN_STEP,
  type Buffer,
  type BufferId,
  type KernelCall,
  type Program,
  type Timeline,
} from '../../compiler/program/types.ts';
import { checkPlan } from './checkPlan.ts';

/** By name: outputs, and `new <parameter>` for what a step has changed. */
export type Results = Readonly<Record<string, ArrayLike<number>>>;

const keepAll = (): boolean => true;

/** With `prepare` run at load, as in packages that train. */
export function runInference(graph: Graph, target: Target, bindings: Bindings): Results {
  const [program] = deduplicateKernels([lower(graph, target)]);
  return run(program!, HALVES, keepAll, bindings);
}

/** With weights folded and packed at compile time, as in packages for inference only. */
export function runBaked(graph: Graph, target: Target, bindings: Bindings): Results {
  const data = new Map(Object.entries(bindings).map(([name, numbers]) => [name, Float32Array.from(numbers)]));
  return run(bake(deduplicateKernels([lower(graph, target)])[0]!, data), HALVES, keepAll, bindings);
}

/** The halves one after the other, which leave every gradient behind. */
export function runHalves(graph: Graph, target: Target, bindings: Bindings): Results {
  const [program] = deduplicateKernels([lower(graph, target, trainingPhases(graph))]);
  return run(program!, HALVES, keepAll, bindings);
}

/** The step in one, which keeps no gradients. */
export function runStep(graph: Graph, target: Target, bindings: Bindings): Results {
  const [program] = deduplicateKernels([withStep(lower(graph, target, trainingPhases(graph)))]);
  return run(program!, TRAIN_STEP, ({ publicName = '' }) => !isGradientName(publicName), bindings);
}

function run(
  program: Program,
  timeline: Timeline,
  isKept: (output: Buffer) => boolean,
  bindings: Bindings,
): Results {
  const plan = planMemory(program, { timeline, isKept });
  const calls = runCalls(program, timeline);
  checkPlan(program, plan, calls, isKept);
  const arrays = arraysOf(program, plan, bindings);
  const compiled = new Map<Kernel, ReturnType<typeof compileKernel>>();
  for (const call of [...phaseCalls(program, 'prepare'), ...calls]) execute(call, arrays, compiled);
  const results = program.buffers.flatMap((buffer): [string, KernelArray][] => {
    const { id, role, publicName = '' } = buffer;
    if (role === 'output' && isKept(buffer)) return [[publicName, arrays.get(id)!.slice()]];
    return role === 'parameter' ? [[`new ${publicName}`, arrays.get(id)!]] : [];
  });
  return Object.fromEntries(results);
}

function execute(
  { kernel, args }: KernelCall,
  arrays: ReadonlyMap<BufferId, KernelArray>,
  compiled: Map<Kernel, ReturnType<typeof compileKernel>>,
): void {
  const known = compiled.get(kernel) ?? compileKernel(kernel);
  compiled.set(kernel, known);
  known(...args.map((id) => arrays.get(id)!));
}

/** A quiet NaN's bits. */
const POISON = 0x7fc0dead;

function poisoned(bytes: number): ArrayBuffer {
  const memory = new ArrayBuffer(bytes);
  new Uint32Array(memory).fill(POISON);
  return memory;
}

const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

function arraysOf(
  program: Program,
  plan: MemoryPlan,
  bindings: Bindings,
): ReadonlyMap<BufferId, KernelArray> {
  const arena = poisoned(plan.arenaBytes);
  const views = program.buffers.map(({ id, element, length, role, publicName = '', data }) => {
    const place = plan.placements.get(id);
    const memory = place ? arena : poisoned(4 * length);
    const view = new ARRAYS[element](memory, place?.offset ?? 0, length);
    if (role === 'constant') view.set(data!);
    if (role === 'input' || role === 'parameter') view.set(bindings[publicName]!);
    return [id, view] as const;
  });
  return new Map(views);
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
