/** `memory.ts` of a WebGPU package: ranges of GPUBuffers, with lifetimes, and how weights come to be there. */
import { describeBuffer, placedBuffers, weightName, type PlacedBuffer } from '../../emit/buffers.ts';
import { ARRAYS, commentText, docComment } from '../../emit/text.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { formatBytes } from '../../program/bytes.ts';
import type { MemoryPlan } from '../../program/memoryPlan.ts';
import { HALVES, type Buffer, type Program } from '../../program/types.ts';
import type { Region } from './bindings.ts';
import type { Dispatch } from './dispatches.ts';
import type { Regions, WebgpuProgramLayout } from './memoryLayout.ts';

/** `dispatches`: all that run on this memory. */
export function memorySource(
  one: ModuleProgram,
  layout: WebgpuProgramLayout,
  dispatches: readonly Dispatch[],
): string {
  const { program, plan, timeline, weights } = one;
  const header = docComment([
    `Where the numbers of ${program.name} lie: ranges of GPUBuffers, in bytes.`,
    `Activations share an arena of ${formatBytes(plan.arenaBytes)}; at no moment are more than ${formatBytes(plan.lowerBoundBytes)} alive.`,
    weights === 'file'
      ? 'Weights are written once, from the weight file to their places.'
      : 'Weights are what `prepare` makes from the parameters.',
  ]);
  const root = one.folder === '' ? './' : '../';
  return [
    header,
    ...(weights === 'file' ? [] : [`import type { GpuConstant } from '${root}runtime.js';\n`]),
    sizesSource(layout, dispatches),
    activationsSource('m', 'The activations.', placedBuffers(program, plan, timeline), layout.regions),
    weightsSource(one, layout),
  ].join('\n');
}

/** The memory of a trainer's halves: the same numbers as `memory.ts` has and more, in a buffer of their own. */
export function halvesSource(program: Program, plan: MemoryPlan, layout: WebgpuProgramLayout): string {
  const header = docComment([
    'Where the numbers lie when forward, backward and update are called by themselves: every gradient is kept until',
    `the update, in a GPUBuffer of ${formatBytes(plan.arenaBytes)} that is made when they are first needed.`,
  ]);
  return [
    header,
    `/** Of that buffer. */\nexport const HALVES_BYTES = ${layout.bytes.halves};\n`,
    activationsSource(
      'h',
      'The activations and gradients.',
      placedBuffers(program, plan, HALVES),
      layout.halves,
    ),
  ].join('\n');
}

function sizesSource({ bytes }: WebgpuProgramLayout, dispatches: readonly Dispatch[]): string {
  const binding = Math.max(0, ...dispatches.flatMap(({ ranges }) => ranges.map((range) => range.bytes)));
  return `/** Of the GPUBuffers, and of the longest range that a kernel binds; in bytes. */
export const sizes = { arena: ${bytes.arena}, weights: ${bytes.weights}, binding: ${binding} } as const;\n`;
}

export const regionText = ({ space, offset, bytes }: Region): string =>
  `{ space: '${space}', offset: ${offset}, bytes: ${bytes} }`;

const constantSource = (name: string, doc: string, lines: readonly string[]): string =>
  `/** ${doc} */\nexport const ${name} = {\n${lines.join('\n')}\n} as const;\n`;

const activationsSource = (
  name: string,
  doc: string,
  placed: readonly PlacedBuffer[],
  regions: Regions,
): string =>
  constantSource(
    name,
    doc,
    placed.map(
      ({ buffer, text }) =>
        `/** ${commentText(text)} */\n${buffer.name}: ${regionText(regions.get(buffer.id)!)},`,
    ),
  );

function weightsSource({ program, weights }: ModuleProgram, layout: WebgpuProgramLayout): string {
  const buffers = layout.weights.map((id) => program.buffers[id]!);
  const isFile = weights === 'file';
  if (buffers.length === 0) return isFile ? '' : constantsSource([]);
  const lines = buffers.map(
    (buffer) =>
      `/** ${describeBuffer(buffer)} */\n${buffer.name}: ${regionText(layout.regions.get(buffer.id)!)},`,
  );
  const doc = isFile ? 'The weights, packed as the kernels read them.' : 'Packed weights and constants.';
  return [constantSource('w', doc, lines), isFile ? fileSource(buffers) : constantsSource(buffers)].join(
    '\n',
  );
}

function fileSource(buffers: readonly Buffer[]): string {
  const elements = [...new Set(['f32' as const, ...buffers.map(({ element }) => element)])];
  const type = elements.map((one) => ARRAYS[one]).join(' | ');
  const lines = buffers.map(
    (one) =>
      `[${JSON.stringify(weightName(one))}, new ${ARRAYS[one.element]}(buffer, w.${one.name}.offset, ${one.length})],`,
  );
  return `/** Where each tensor of the weight file belongs in the buffer of the weights. */
export function weightArrays(buffer: ArrayBuffer): Map<string, ${type}> {
  return new Map<string, ${type}>([\n${lines.join('\n')}\n]);
}\n`;
}

/** The program's own numbers: one or a few each. */
function constantsSource(buffers: readonly Buffer[]): string {
  const lines = buffers
    .filter(({ role, data }) => role === 'constant' && data)
    .map(
      ({ name, element, data }) =>
        `{ range: w.${name}, numbers: ${ARRAYS[element]}.of(${Array.from(data!).join(', ')}) },`,
    );
  return `/** The program's own numbers, and where they belong. */
export const constants: readonly GpuConstant[] = [${lines.join('\n')}];\n`;
}
