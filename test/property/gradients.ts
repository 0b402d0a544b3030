/**
 * A whole network's gradients, by autodiff and by differences of its loss, both by the f64 interpreter: along a
 * direction in which all weights and inputs move at once.
 */
import fc from 'fast-check';
import { sizeOf, type Graph, type Node } from '../../compiler/ir/types.ts';
import { inputGradientName, parameterGradientName } from '../../compiler/autodiff/trainingGraph.ts';
import { evaluateGraph, type Bindings } from '../../compiler/ops/evaluate.ts';
import { listing } from '../support/graphs.ts';
import { randomNumbers, seedOf } from '../support/numbers.ts';
import type { Effort } from './properties.ts';
import { bindingsOf, lossGraph, randomNets, stepGraph } from './randomNets.ts';

/** Differences of doubles: what is lost to rounding is 1e-16 / STEP, to curvature STEP^2. */
const STEP = 2 ** -17;

/**
 * Gradients hold constants such as 2 / 9 as f32, off by up to 2^-24 of themselves; there are less than sixteen in
 * a row. What differences lose is far below.
 */
const TOLERANCE = 16 * 2 ** -24;

interface Moving {
  readonly name: string;
  readonly gradient: string;
  /** Every element by a different amount up to 1. */
  readonly direction: readonly number[];
}

/** Weights and the network's own inputs. */
function movingLeaves(graph: Graph): Moving[] {
  return graph.nodes.flatMap((node: Node) => {
    const isWeight = node.op === 'parameter' && node.attrs.role === 'weight';
    const isInput = node.op === 'input' && /^[xz]$/.test(node.attrs.name);
    if (!isWeight && !isInput) return [];
    const { name } = node.attrs as { name: string };
    const random = randomNumbers(seedOf(`direction of ${name}`));
    const direction = Array.from({ length: sizeOf(node.type.shape) }, () => 2 * random() - 1);
    return [{ name, direction, gradient: (isWeight ? parameterGradientName : inputGradientName)(name) }];
  });
}

function lossAt(graph: Graph, bindings: Bindings, moving: readonly Moving[], by: number): number {
  const moved = moving.map(({ name, direction }) => {
    const from = bindings[name]!;
    return [name, direction.map((along, i) => from[i]! + by * along)] as const;
  });
  return evaluateGraph(graph, { ...bindings, ...Object.fromEntries(moved) }).outputs['loss']![0]!;
}

export function checkGradients(effort: Effort): void {
  fc.assert(
    fc.property(randomNets, (net) => {
      const [forward, joint] = [lossGraph(net), stepGraph(net)];
      const bindings = bindingsOf(joint);
      const moving = movingLeaves(forward);
      const { outputs } = evaluateGraph(joint, bindings);
      const terms = moving.flatMap(({ gradient, direction }) =>
        direction.map((along, i) => along * (outputs[gradient]?.[i] ?? 0)),
      );
      const expected = terms.reduce((sum, term) => sum + term, 0);
      const magnitude = terms.reduce((sum, term) => sum + Math.abs(term), 0);
      const slope = (step: number): number =>
        (lossAt(forward, bindings, moving, step) - lossAt(forward, bindings, moving, -step)) / (2 * step);
      const [coarse, fine] = [slope(STEP), slope(STEP / 2)];
      const allowed = TOLERANCE * Math.max(1, magnitude) + Math.abs(coarse - fine);
      // Between the steps lies a kink: of a ReLU, a maximum, a limit.
      fc.pre(Math.abs(coarse - fine) < 1e-5);
      if (Math.abs(fine - expected) <= allowed) return;
      throw new Error(`autodiff says ${expected}, differences say ${fine}\n${listing(forward)}`);
    }),
    effort,
  );
}
