/**
 * Assigns each node to a phase of the training step, by the names of the graph's outputs: a node runs in the first
 * phase that needs it.
 */
import { isParameter } from '../ir/leaves.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';

/** The phases in the order in which they run. */
const ORDER = ['forward', 'loss', 'backward', 'inputGradient', 'accumulate', 'update'] as const;
export type TrainingPhase = (typeof ORDER)[number];

/** The phase whose result an output is, by the output's name. */
const phaseOfOutput = (name: string): TrainingPhase => {
  if (name === 'loss') return 'loss';
  if (!name.startsWith('gradient of ')) return 'forward';
  return name.startsWith('gradient of input ') ? 'inputGradient' : 'backward';
};

export function trainingPhases(graph: Graph): (node: Node) => TrainingPhase {
  const results = new Set(graph.outputs.map(({ name }) => name));
  const roots: Record<TrainingPhase, ValueId[]> = {
    forward: [],
    loss: [],
    backward: [],
    inputGradient: [],
    accumulate: [],
    update: [],
  };
  for (const { name, value } of graph.outputs) {
    // The backward pass begins with the gradient of an output, which is a result of the phase `loss`.
    const startsBackward = name.startsWith('gradient of ') && results.has(name.slice('gradient of '.length));
    roots[startsBackward ? 'loss' : phaseOfOutput(name)].push(value);
  }
  for (const { target, value } of graph.updates) {
    const node = graph.nodes[target]!;
    const role = isParameter(node) ? node.attrs.role : 'state';
    // Running statistics are updated by the forward pass that measured them.
    const phase = role === 'buffer' ? 'forward' : role === 'accumulator' ? 'accumulate' : 'update';
    roots[phase].push(value);
  }
  const phases = new Map<ValueId, TrainingPhase>();
  for (const phase of ORDER) claim(graph, roots[phase], phase, phases);
  return (node) => phases.get(node.id) ?? 'update';
}

function claim(
  graph: Graph,
  roots: readonly ValueId[],
  phase: TrainingPhase,
  phases: Map<ValueId, TrainingPhase>,
): void {
  const open = [...roots];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (phases.has(value)) continue;
    phases.set(value, phase);
    open.push(...graph.nodes[value]!.inputs);
  }
}
