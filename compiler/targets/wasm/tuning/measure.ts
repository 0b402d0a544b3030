/**
 * Measures the ways to compute a convolution on this machine. Each is compiled alone, with activations around it, and
 * run until V8 has optimized it. The result is valid for this machine.
 */
import { channelsLast } from '../../../kernel/layout.ts';
import { lower } from '../../../lowering/lower.ts';
import type { ScheduleRequest, ScheduleRule, Target } from '../../../lowering/target.ts';
import { conv2d } from '../../../ops/conv2d.ts';
import { graphBuilder } from '../../../ops/infer.ts';
import { constant, input } from '../../../ops/leaves.ts';
import { neg } from '../../../ops/neg.ts';
import { bake } from '../../../program/bake.ts';
import { deduplicateKernels } from '../../../program/deduplicate.ts';
import { planMemory } from '../../../program/memoryPlan.ts';
import type { Program } from '../../../program/types.ts';
import { sizeOf } from '../../../ir/types.ts';
import type { AssembleNow } from '../../../emit/host.ts';
import { printModule } from '../assemble.ts';
import { kernelPasses } from '../passes/index.ts';
import { moduleKernels } from '../variants.ts';
import type { ConvWay } from '../schedules/conv2d/conv2d.ts';
import { layOutMemory, pagesFor } from '../memoryLayout.ts';

/** Long enough for V8 to optimize, and for some dozen calls of the convolutions that matter. */
const WARM_UP_MS = 150;
const MEASURED_MS = 150;
const LEAST_CALLS = 5;

/** The milliseconds per call of each way: the lower quartile, which other work on the machine disturbs least. */
export function measureWays(
  ways: readonly ConvWay[],
  request: ScheduleRequest<'conv2d'>,
  relaxed: boolean,
  assemble: AssembleNow,
): number[] {
  const programs = ways.map(({ schedule }) => convolutionAlone(schedule, request));
  const texts = programs.map((program) =>
    printModule('tuning', moduleKernels([program], { relaxed }), { relaxed }),
  );
  const modules = texts.map(assemble);
  return programs.map((program, i) => measure(instantiate(program, modules[i]!)));
}

function measure(run: () => void): number {
  const start = performance.now();
  while (performance.now() - start < WARM_UP_MS) run();
  const times: number[] = [];
  const begun = performance.now();
  while (performance.now() - begun < MEASURED_MS || times.length < LEAST_CALLS) {
    const before = performance.now();
    run();
    times.push(performance.now() - before);
  }
  return times.sort((a, b) => a - b)[times.length >> 2]!;
}

/**
 * A program with the convolution and a bias. Its operands have the layouts of activations, its weights arbitrary
 * numbers.
 */
function convolutionAlone(
  schedule: ScheduleRule<'conv2d'>,
  { attrs, inputs }: ScheduleRequest<'conv2d'>,
): Program {
  const target: Target = {
    name: 'wasm',
    activationLayout: ({ shape }) => channelsLast(shape),
    schedules: { [conv2d.name]: schedule },
    kernelPasses,
  };
  const g = graphBuilder('tuning');
  const [x, weight] = inputs;
  const given = g.node(input.name, [], { name: 'x', type: x! });
  const image = x!.shape[1]! > 4 ? g.node(neg.name, [given]) : given;
  const filters = g.node(constant.name, [], { type: weight!, data: anyNumbers(sizeOf(weight!.shape)) });
  const bias = { dtype: 'f32' as const, shape: [weight!.shape[0]!] };
  const biases = g.node(constant.name, [], { type: bias, data: anyNumbers(bias.shape[0]!) });
  const result = g.node(conv2d.name, [image, filters, biases], attrs);
  const graph = g.finish([{ name: 'y', value: g.node(neg.name, [result]) }]);
  return bake(deduplicateKernels([lower(graph, target)])[0]!, new Map());
}

/** Numbers without denormals or overflow. */
const anyNumbers = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => ((i % 31) - 15) / 16);

/** A function that runs the convolution, which is the call with the most multiply-adds. */
function instantiate(program: Program, bytes: Uint8Array): () => void {
  const call = program.phases
    .flatMap(({ calls }) => calls)
    .reduce((most, one) => (one.multiplyAdds > most.multiplyAdds ? one : most));
  const plan = planMemory(program, { isQuick: true });
  const one = {
    program,
    plan,
    folder: '' as const,
    weights: 'file' as const,
    timeline: ['forward'] as const,
  };
  const layout = layOutMemory([one], []);
  const { weights, arena } = layout.programs.get(one)!;
  const memory = new WebAssembly.Memory({ initial: pagesFor(layout.bytes) });
  new Float32Array(memory.buffer).fill(0.5);
  const module = new WebAssembly.Module(bytes as BufferSource);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernel = exports[call.kernel.name] as (...addresses: number[]) => void;
  const addresses = call.args.map((id) => weights.get(id) ?? arena + plan.placements.get(id)!.offset);
  return () => kernel(...addresses);
}
