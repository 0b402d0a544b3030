/** `memory.ts` of a WebGPU package: ranges and lifetimes of buffers in GPUBuffers, and the places of weights. */
import { placedBuffers, type PlacedBuffer } from '../../emit/buffers.ts';
import { documented, importsSource, list, moduleSource, recordSource } from '../../emit/declarations.ts';
import { ARRAYS, docComment } from '../../emit/text.ts';
import { rootOf, type ModuleProgram } from '../../emit/types.ts';
import { numbersText, weightArraysSource, weightPlacesSource } from '../../emit/weights.ts';
import { formatBytes } from '../../program/bytes.ts';
import type { MemoryPlan } from '../../program/memoryPlan.ts';
import { HALVES, type Buffer, type Program } from '../../program/types.ts';
import type { Region } from './bindings.ts';
import type { Dispatch } from './dispatches.ts';
import type { Regions, WebgpuProgramLayout } from './memoryLayout.ts';

const WEIGHTS: Readonly<Record<ModuleProgram['weights'], string>> = {
  file: 'Weights are written to their places once, from the weight file.',
  prepared: 'Weights are computed from the parameters by `prepare`.',
  staged: 'Weights are written from the weight file, or computed from it by `prepare`.',
  shared: 'The weights are those of ../memory.ts.',
};

/** Prints the file. `dispatches` are all that run on this memory. */
export function memorySource(
  one: ModuleProgram,
  layout: WebgpuProgramLayout,
  dispatches: readonly Dispatch[],
): string {
  const { program, plan, timeline, weights } = one;
  const header = docComment([
    `The memory layout of ${program.name}: ranges of GPUBuffers, in bytes.`,
    `Activations share an arena of ${formatBytes(plan.arenaBytes)}; at most ${formatBytes(plan.lowerBoundBytes)} are in use at a time.`,
    WEIGHTS[weights],
  ]);
  const constants = { from: `${rootOf(one)}runtime.js`, names: ['GpuConstant'], isTypeOnly: true };
  return moduleSource(
    header,
    importsSource(weights === 'file' || weights === 'shared' ? [] : [constants]),
    weights === 'shared' ? '' : sizesSource(layout, dispatches),
    activationsSource('m', 'The activations.', placedBuffers(program, plan, timeline), layout.regions),
    weightsSource(one, layout),
  );
}

/** The memory of a trainer's halves: the buffers of `memory.ts` and more, in a separate GPUBuffer. */
export function halvesSource(program: Program, plan: MemoryPlan, layout: WebgpuProgramLayout): string {
  const header = docComment([
    'The memory layout for separate calls of forward, backward and update: every gradient is kept until the update, in a',
    `GPUBuffer of ${formatBytes(plan.arenaBytes)} that is created when it is first needed.`,
  ]);
  return moduleSource(
    header,
    `/** The size of that buffer in bytes. */\nexport const HALVES_BYTES = ${layout.bytes.halves};\n`,
    activationsSource(
      'h',
      'The activations and gradients.',
      placedBuffers(program, plan, HALVES),
      layout.halves,
    ),
  );
}

function sizesSource({ bytes }: WebgpuProgramLayout, dispatches: readonly Dispatch[]): string {
  const binding = Math.max(0, ...dispatches.flatMap(({ ranges }) => ranges.map((range) => range.bytes)));
  return `/** Sizes of the GPUBuffers, and of the longest range that a kernel binds, in bytes. */
export const sizes = { arena: ${bytes.arena}, weights: ${bytes.weights}, binding: ${binding} } as const;\n`;
}

export const regionText = ({ space, offset, bytes }: Region): string =>
  `{ space: '${space}', offset: ${offset}, bytes: ${bytes} }`;

const activationsSource = (
  name: string,
  doc: string,
  placed: readonly PlacedBuffer[],
  regions: Regions,
): string =>
  recordSource(
    name,
    [doc],
    placed.map(({ buffer, text }) =>
      documented(text, `${buffer.name}: ${regionText(regions.get(buffer.id)!)},`),
    ),
  );

function weightsSource({ program, weights }: ModuleProgram, layout: WebgpuProgramLayout): string {
  if (weights === 'shared') return '';
  const buffers = layout.weights.map((id) => program.buffers[id]!);
  const places = buffers.length
    ? weightPlacesSource(weights, buffers, ({ id }) => regionText(layout.regions.get(id)!))
    : '';
  if (weights !== 'file') return moduleSource(places, constantsSource(buffers));
  if (buffers.length === 0) return '';
  const doc = "The array that each tensor of the weight file fills, in the weights' buffer.";
  return moduleSource(
    places,
    weightArraysSource(buffers, doc, ({ name }) => `w.${name}.offset`),
  );
}

/** The program's constants, which are small. */
function constantsSource(buffers: readonly Buffer[]): string {
  const entries = buffers
    .filter(({ role, data, publicName }) => role === 'constant' && data && publicName === undefined)
    .map((one) => `{ range: w.${one.name}, numbers: ${ARRAYS[one.element]}.of(${numbersText(one)}) },`);
  return `/** The program's constants and their places. */
export const constants: readonly GpuConstant[] = ${list(entries)};\n`;
}
