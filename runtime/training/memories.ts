/**
 * The two memories of a trainer whose calls return their results, not promises. A plan names the arrays of inputs,
 * outputs and gradients; a target opens each memory, and its phases run in it.
 */
import type { Named, NumberArray } from '../arrays.ts';
import type { Scalars } from './hyperparameters.ts';
import type { NamedParameter } from './parameters.ts';
import {
  leaveOut,
  type HalvesPlan,
  type ParameterGradient,
  type Placed,
  type ScalarPlaces,
  type StepPlan,
  type TrainingPlan,
} from './plan.ts';
import type { HalvesPart, StepPart, TrainingParts } from './trainer.ts';

/** A function that runs kernels. The site is the target's argument for all phases of one memory. */
export type SitePhase<Site> = (site: Site) => void;

/** A plan in which each place is the name of an array. */
export type ImmediatePlan<StepSite, HalvesSite> = TrainingPlan<
  StepPlan<string, SitePhase<StepSite>>,
  HalvesPlan<string, SitePhase<HalvesSite>>
>;

export interface TrainingMemory<Site> {
  /** The arrays by their places in the plan. */
  readonly arrays: object;
  readonly site: Site;
}

/** The functions that open a target's memory. */
export interface TrainingBackend<StepSite, HalvesSite> {
  readonly parameters: () => readonly NamedParameter[];
  readonly step: () => TrainingMemory<StepSite>;
  /** Called once. Afterwards `parameters` and `step` must be called again, because their arrays may be detached. */
  readonly halves: () => TrainingMemory<HalvesSite>;
}

/** A step's arguments and its result. */
interface Exchange {
  given: Named<NumberArray>;
  /** The number of examples that count. */
  count: number;
  /** The loss and the outputs by name: arrays of the memory, or with micro-batches arrays for the whole batch. */
  readonly result: Record<string, NumberArray | number> & { loss: number };
}

interface OpenedHalves extends HalvesPart {
  readonly inputs: Named<NumberArray>;
  readonly outputs: Named<NumberArray>;
  readonly outputGradients: Named<NumberArray>;
  readonly gradients: { readonly inputs: Named<NumberArray>; readonly parameters: Named<NumberArray> };
  /** The gradients that the update reads. */
  readonly toApply: Named<NumberArray>;
}

export interface Memories {
  readonly exchange: Exchange;
  readonly parts: TrainingParts;
  /** The halves; the first call opens them. */
  readonly halves: () => OpenedHalves;
}

export function openMemories<StepSite, HalvesSite>(
  plan: ImmediatePlan<StepSite, HalvesSite>,
  backend: TrainingBackend<StepSite, HalvesSite>,
): Memories {
  const exchange: Exchange = { given: {}, count: 0, result: { loss: 0 } };
  let memory = backend.step();
  let parameters = backend.parameters();
  let step = openStep(plan, memory, exchange);
  let opened: OpenedHalves | undefined;
  const open = (): OpenedHalves => {
    const halves = backend.halves();
    memory = backend.step();
    parameters = backend.parameters();
    step = openStep(plan, memory, exchange);
    return openHalves(plan.halves, halves, parameters);
  };
  const halves = (): OpenedHalves => (opened ??= open());
  const parts: TrainingParts = {
    name: plan.name,
    get parameters() {
      return parameters;
    },
    get step() {
      return step;
    },
    halves,
    prepare: () => runAll(plan.step.prepare, memory.site),
  };
  return { exchange, parts, halves };
}

function openStep<Site>(
  { step, microBatches }: TrainingPlan<StepPlan<string, SitePhase<Site>>, unknown>,
  { arrays, site }: TrainingMemory<Site>,
  exchange: Exchange,
): StepPart {
  const { result } = exchange;
  const inputs = namedArrays(step.inputs, arrays);
  const outputs = namedArrays(step.outputs, arrays);
  const scalars = openScalars(step, arrays);
  const loss = arrayOf(arrays, step.loss) as Float32Array;
  const { update } = step;
  if (!update) {
    Object.assign(result, outputs);
    const batch = step.inputs[0]!.shape[0]!;
    const run = (): void => {
      for (const name in inputs) inputs[name]!.set(exchange.given[name]!);
      if (exchange.count < batch) leaveOut(step.labels, inputs, exchange.count, batch);
      runAll(step.run, site);
    };
    return { ...scalars, loss, run };
  }
  const whole = wholeOutputs(outputs, microBatches, result);
  const run = (part: number): void => {
    for (const name in inputs) takePart(exchange.given[name]!, part, inputs[name]!);
    runAll(step.run, site);
    for (const name in outputs) whole[name]!.set(outputs[name]!, part * outputs[name]!.length);
  };
  return { ...scalars, loss, run, microBatches: { count: microBatches, update: () => update(site) } };
}

/** The outputs of all micro-batches. The arrays stay the same when the memory is opened again. */
function wholeOutputs(
  outputs: Named<NumberArray>,
  count: number,
  result: Exchange['result'],
): Named<NumberArray> {
  for (const name in outputs) result[name] ??= new Float32Array(count * outputs[name]!.length);
  return result as unknown as Named<NumberArray>;
}

function openHalves<Site>(
  plan: HalvesPlan<string, SitePhase<Site>>,
  { arrays, site }: TrainingMemory<Site>,
  parameters: readonly NamedParameter[],
): OpenedHalves {
  const gradients = namedArrays(plan.parameterGradients, arrays);
  return {
    ...openScalars(plan, arrays),
    inputs: namedArrays(plan.inputs, arrays),
    outputs: namedArrays(plan.outputs, arrays),
    outputGradients: namedArrays(plan.outputGradients, arrays),
    gradients: { inputs: namedArrays(plan.inputGradients, arrays), parameters: gradients },
    toApply: { ...gradients, ...sumsOf(plan.parameterGradients, parameters) },
    forward: () => runAll(plan.forward, site),
    backward: () => runAll(plan.backward, site),
    update: () => runAll(plan.update, site),
  };
}

/** The sums of gradients, which the update reads in a package with micro-batches. */
function sumsOf(
  gradients: readonly ParameterGradient<string>[],
  parameters: readonly NamedParameter[],
): Named<NumberArray> {
  const data = new Map(parameters.map((one) => [one.name, one.data]));
  return Object.fromEntries(gradients.flatMap(({ name, sum }) => (sum ? [[name, data.get(sum)!]] : [])));
}

function openScalars({ hyper, seed }: ScalarPlaces<string>, arrays: object): Scalars {
  const found = Object.entries(hyper).map(([name, place]) => [name, arrayOf(arrays, place)]);
  return {
    hyper: Object.fromEntries(found) as Named<Float32Array>,
    ...(seed && { seed: arrayOf(arrays, seed) as Uint32Array }),
  };
}

const arrayOf = (arrays: object, place: string): NumberArray => (arrays as Named<NumberArray>)[place]!;

const namedArrays = (tensors: readonly Placed<string>[], arrays: object): Named<NumberArray> =>
  Object.fromEntries(tensors.map(({ name, place }) => [name, arrayOf(arrays, place)]));

function runAll<Site>(phases: readonly SitePhase<Site>[], site: Site): void {
  for (let i = 0; i < phases.length; i++) phases[i]!(site);
}

/** Copies micro-batch `part` of a step's examples. */
function takePart(examples: NumberArray, part: number, out: NumberArray): void {
  const first = part * out.length;
  for (let i = 0; i < out.length; i++) out[i] = examples[first + i]!;
}
