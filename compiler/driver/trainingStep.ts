/**
 * The training half of a target: the graph of a step as a program of phases with its memory plans. If memory is
 * limited, each target chooses what is computed twice, because its lowering and its plan decide what fits.
 */
import { trainingPhases } from '../autodiff/phases.ts';
import { recompute } from '../autodiff/recompute/recompute.ts';
import { isGradientName } from '../autodiff/trainingGraph.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { lower } from '../lowering/lower.ts';
import type { Target } from '../lowering/target.ts';
import type { CompiledTraining } from '../emit/model.ts';
import { runCalls } from '../program/liveness.ts';
import { planMemory, type MemoryPlan } from '../program/memoryPlan.ts';
import { withStep } from '../program/step.ts';
import { HALVES, type Buffer, type Program } from '../program/types.ts';
import { fitMemory, tradeOffs, type TryOut } from './memoryBudget.ts';
import type { Settings } from './options.ts';
import { kernelPassOptions, numbered, type Recorder } from './recorder.ts';
import type { TrainingGraphs } from './trainingGraphs.ts';

/** A step without the numbers of the parameters, which are the same for all targets. */
export type TrainingStep = Omit<CompiledTraining, 'data'>;

export function compileTrainingStep(
  graphs: TrainingGraphs,
  target: Target,
  { training, disabledPasses }: Settings,
  recorder: Recorder,
): TrainingStep {
  const planner = createPlanner(graphs, target, disabledPasses, recorder);
  const { maxMemory } = training!;
  const { isForward, tryOut } = planner;
  const graph = maxMemory === undefined ? graphs.after : graphThatFits(graphs, planner, maxMemory, recorder);
  const { optimizer, microBatches, timeline, countsExamples, inputs, targets, parameters } = graphs;
  const { program, plan } = planner.planStep(graph);
  const halves = planner.planHalves(program);
  return {
    ...{
      graph,
      program,
      plan,
      halves,
      optimizer,
      microBatches,
      timeline,
      countsExamples,
      inputs,
      targets,
      parameters,
    },
    tradeOffs: () => tradeOffs(graphs.simplified, isForward, tryOut),
  };
}

interface PlannedStep {
  readonly program: Program;
  readonly plan: MemoryPlan;
}

interface Planner {
  readonly targetName: string;
  readonly isForward: (node: Node) => boolean;
  /** Builds the step that computes the dropped values again, and measures its cost. */
  readonly tryOut: TryOut;
  planStep(graph: Graph, isQuick?: boolean): PlannedStep;
  planHalves(program: Program): MemoryPlan;
}

function createPlanner(
  graphs: TrainingGraphs,
  target: Target,
  disabled: ReadonlySet<string>,
  recorder: Recorder,
): Planner {
  const { timer } = recorder;
  const { timeline, simplified } = graphs;
  const { alignment, name } = target;
  const phaseOf = trainingPhases(simplified);
  const isForward = (node: Node): boolean => phaseOf(node) === 'forward' || phaseOf(node) === 'loss';
  const options = kernelPassOptions(recorder, disabled);
  // A step keeps its outputs but not its gradients.
  const isKept = ({ publicName = '' }: Buffer): boolean => !isGradientName(publicName);
  const planStep: Planner['planStep'] = (graph, isQuick = false) => {
    const program = timer.time('lowering', name, () =>
      withStep(lower(graph, target, { ...options, phaseOf: trainingPhases(graph) })),
    );
    const plan = timer.time('memory plan', name, () =>
      planMemory(program, { timeline, isQuick, isKept, alignment }),
    );
    return { program, plan };
  };
  const tryOut: TryOut = (dropped) => {
    const graph = dropped.size === 0 ? graphs.after : graphs.finish(computingAgain(dropped, isForward));
    const { program, plan } = planStep(graph, dropped.size > 0);
    const multiplyAdds = runCalls(program, timeline).reduce((sum, call) => sum + call.multiplyAdds, 0);
    return { dropped, multiplyAdds, arenaBytes: plan.arenaBytes };
  };
  return {
    ...{ targetName: name, isForward, planStep, tryOut },
    planHalves: (program) =>
      timer.time('memory plan', name, () => planMemory(program, { timeline: HALVES, alignment })),
  };
}

const computingAgain =
  (dropped: ReadonlySet<ValueId>, isForward: (node: Node) => boolean) =>
  (graph: Graph): Graph =>
    recompute(graph, dropped, isForward);

/**
 * The graph after recomputation, if memory is limited. The target's name is in the names of its stages, because each
 * target has different ones.
 */
function graphThatFits(
  graphs: TrainingGraphs,
  { targetName, isForward, tryOut }: Planner,
  bytes: number,
  recorder: Recorder,
): Graph {
  const { simplified } = graphs;
  const { dropped } = fitMemory(simplified, isForward, { bytes, name: simplified.name }, tryOut);
  if (dropped.size === 0) return graphs.after;
  const note = numbered(recorder, `training-${targetName}-`);
  note('simplified', simplified);
  return graphs.finish(computingAgain(dropped, isForward), note);
}
