/**
 * The properties that every random network must have; `nets.test.ts` checks some networks, `nets.slow.test.ts` many.
 */
import fc from 'fast-check';
import type { Graph } from '../../compiler/ir/types.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import type { Pass } from '../../compiler/passes/types.ts';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { ORDER } from '../../compiler/driver/trainingGraphs.ts';
import type { Backend } from '../support/backends.ts';
import { listing } from '../support/graphs.ts';
import { bindingsOf, inferenceGraph, randomNets, stepGraph, type Net } from './randomNets.ts';
import {
  execute,
  executeOnGpu,
  expectedResults,
  prepareBaked,
  prepareHalves,
  prepareInference,
  prepareStep,
  type Prepare,
  type Results,
} from './runNet.ts';
import { allowed, conditionOf, floorOf, maxDifference } from './tolerance.ts';

export interface Effort {
  readonly numRuns: number;
  readonly seed: number;
}

/** One way through the compiler. */
interface Variant {
  readonly name: string;
  readonly passes: readonly Pass[];
  readonly prepare: Prepare;
}

/** Every pass of a list off once, wherever it stands in it. */
const withoutEach = (passesWith: (disabled?: string) => readonly Pass[], prepare: Prepare): Variant[] =>
  [...new Set(passesWith().map(({ name }) => name))].map((name) => ({
    name: `without ${name}`,
    passes: passesWith(name),
    prepare,
  }));

const disabling = (name: string | undefined): ReadonlySet<string> =>
  new Set(name === undefined ? [] : [name]);

const inferencePasses = (disabled?: string): readonly Pass[] =>
  passesFor('inference', { disabled: disabling(disabled) });

const INFERENCE_VARIANTS: readonly Variant[] = [
  { name: 'baked', passes: inferencePasses(), prepare: prepareBaked },
  { name: 'with parameters', passes: inferencePasses(), prepare: prepareInference },
  { name: 'without any pass', passes: [], prepare: prepareInference },
  ...withoutEach(inferencePasses, prepareInference),
];

const stepPasses = (disabled?: string): readonly Pass[] => {
  const context = { order: ORDER, disabled: disabling(disabled) };
  return [...passesFor('training', context), ...passesFor('trainingTail', context)];
};

const TRAINING_VARIANTS: readonly Variant[] = [
  { name: 'halves', passes: stepPasses(), prepare: prepareHalves },
  { name: 'the step in one', passes: stepPasses(), prepare: prepareStep },
  { name: 'without any pass', passes: [], prepare: prepareHalves },
  ...withoutEach(stepPasses, prepareHalves),
];

/** Throws for the first variant of the first back end that computes something else, with the graph's listing. */
async function checkVariants(
  graph: Graph,
  backends: readonly Backend[],
  variants: readonly Variant[],
): Promise<void> {
  const bindings = bindingsOf(graph);
  const { values } = evaluateGraph(graph, bindings);
  const expected = expectedResults(graph, values);
  const floor = floorOf(values);
  let condition: ReadonlyMap<string, number> | undefined;
  const conditionFor = (name: string): number =>
    (condition ??= conditionOf(graph, bindings, expected)).get(name)!;
  const check = (actual: Results, backend: Backend): void => {
    for (const [name, numbers] of Object.entries(actual)) {
      const off = maxDifference(numbers, expected[name]!);
      // Most are within the floor; measuring the condition takes eight times as long as evaluating.
      if (off <= floor) continue;
      const limit = allowed(conditionFor(name), floor, backend);
      if (!(off <= limit)) throw new Error(`${name} is off by ${off}, allowed are ${limit}`);
    }
  };
  for (const backend of backends) {
    for (const { name, passes, prepare } of variants) {
      await explain(`${backend.name}, ${name}`, graph, async () => {
        const prepared = prepare(runPasses(graph, passes), backend.target, bindings);
        const isGpu = backend.target.name === 'webgpu';
        check(isGpu ? await executeOnGpu(prepared, bindings) : execute(prepared, backend, bindings), backend);
      });
    }
  }
}

async function explain(what: string, graph: Graph, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}\n${listing(graph)}`, { cause: error });
  }
}

/** A few of them for each net: all of them get their turn, and more nets are seen. */
const some = <T>(all: readonly T[], turn: number, count: number): readonly T[] =>
  Array.from({ length: Math.min(count, all.length) }, (_, i) => all[(turn + i) % all.length]!);

interface Kind {
  readonly graphOf: (net: Net) => Graph;
  readonly variants: readonly Variant[];
}

export const INFERENCE: Kind = { graphOf: inferenceGraph, variants: INFERENCE_VARIANTS };
export const TRAINING: Kind = { graphOf: stepGraph, variants: TRAINING_VARIANTS };

/** How many back ends and variants a net is taken through; default: all. */
export interface Share {
  readonly backends: readonly Backend[];
  readonly eachBackends?: number;
  readonly eachVariants?: number;
}

export async function checkNets({ graphOf, variants }: Kind, effort: Effort, share: Share): Promise<void> {
  const { backends, eachBackends = backends.length, eachVariants = variants.length } = share;
  await fc.assert(
    fc.asyncProperty(randomNets, fc.nat({ max: 9999 }), async (net, turn) => {
      // Not the same back end with the same variant every time.
      const taken = some(backends, Math.floor(turn / variants.length), eachBackends);
      await checkVariants(graphOf(net), taken, some(variants, turn, eachVariants));
    }),
    effort,
  );
}
