/**
 * The two memories of a trainer whose calls return when all is done. A plan names the arrays of what goes in and comes out;
 * a target opens each memory, and its phases run there.
 */
import type { Named, NumberArray } from '../arrays.ts';
import type { Scalars } from './hyperparameters.ts';
import type { NamedParameter } from './parameters.ts';
import type { HalvesPlan, ParameterGradient, Placed, ScalarPlaces, StepPlan, TrainingPlan } from './plan.ts';
import type { HalvesPart, StepPart, TrainingParts } from './trainer.ts';

/** Runs kernels. The site is what the target hands to every phase of a memory. */
export type SitePhase<Site> = (site: Site) => void;

/** Places are names of arrays. */
export type ImmediatePlan<StepSite, HalvesSite> = TrainingPlan<
  StepPlan<string, SitePhase<StepSite>>,
  HalvesPlan<string, SitePhase<HalvesSite>>
>;

export interface TrainingMemory<Site> {
  /** By the places of the plan. */
  readonly arrays: object;
  readonly site: Site;
}

/** How a target opens its memory. */
export interface TrainingBackend<StepSite, HalvesSite> {
  readonly parameters: () => readonly NamedParameter[];
  readonly step: () => TrainingMemory<StepSite>;
  /** Called once. After it the arrays of `parameters` and `step` are to be asked for again. */
  readonly halves: () => TrainingMemory<HalvesSite>;
}

/** What a step is given, and what it returns. */
interface Exchange {
  given: Named<NumberArray>;
  /** The loss, and by name the outputs: arrays of the memory, or of micro-batches arrays of their own. */
  readonly result: Record<string, NumberArray | number> & { loss: number };
}

interface OpenedHalves extends HalvesPart {
  readonly inputs: Named<NumberArray>;
  readonly outputs: Named<NumberArray>;
  readonly outputGradients: Named<NumberArray>;
  readonly gradients: { readonly inputs: Named<NumberArray>; readonly parameters: Named<NumberArray> };
  /** What the update reads. */
  readonly toApply: Named<NumberArray>;
}

export interface Memories {
  readonly exchange: Exchange;
  readonly parts: TrainingParts;
  /** Opens them where they are not. */
  readonly halves: () => OpenedHalves;
}

export function openMemories<StepSite, HalvesSite>(
  plan: ImmediatePlan<StepSite, HalvesSite>,
  backend: TrainingBackend<StepSite, HalvesSite>,
): Memories {
  const exchange: Exchange = { given: {}, result: { loss: 0 } };
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
    const run = (): void => {
      for (const name in inputs) inputs[name]!.set(exchange.given[name]!);
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

/** The outputs of all micro-batches; when the memory is opened again they stay the arrays that they are. */
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

/** With micro-batches the update reads the sums of gradients. */
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

/** Micro-batch `part` of the examples of a step. */
function takePart(examples: NumberArray, part: number, out: NumberArray): void {
  const first = part * out.length;
  for (let i = 0; i < out.length; i++) out[i] = examples[first + i]!;
}
