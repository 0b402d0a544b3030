/** `memory.ts` of a WebGPU package: ranges of two GPUBuffers, with lifetimes, and where the weight file's tensors go. */
import { describeBuffer, placedBuffers, weightName, type PlacedBuffer } from '../../emit/buffers.ts';
import { ARRAYS, commentText, docComment } from '../../emit/text.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { BYTES_PER_ELEMENT, formatBytes } from '../../program/bytes.ts';
import type { Buffer } from '../../program/types.ts';
import type { Dispatch } from './dispatches.ts';
import type { WebgpuLayout } from './memoryLayout.ts';

/** `dispatches`: all that run on this memory. */
export function memorySource(
  { program, plan, timeline }: ModuleProgram,
  layout: WebgpuLayout,
  dispatches: readonly Dispatch[],
): string {
  const placed = placedBuffers(program, plan, timeline);
  const header = docComment([
    `Where the numbers of ${program.name} lie: ranges of two GPUBuffers, in bytes.`,
    `Activations share an arena of ${formatBytes(layout.bytes.arena)}; at no moment are more than ${formatBytes(plan.lowerBoundBytes)} alive.`,
    'Weights are written once, from the weight file to their places.',
  ]);
  return [
    header,
    sizesSource(layout, dispatches),
    activationsSource(placed),
    weightsSource(
      layout.weights.map((id) => program.buffers[id]!),
      layout,
    ),
  ].join('\n');
}

function sizesSource({ bytes }: WebgpuLayout, dispatches: readonly Dispatch[]): string {
  const binding = Math.max(0, ...dispatches.flatMap(({ ranges }) => ranges.map((range) => range.bytes)));
  return `/** Of the GPUBuffers, and of the longest range that a kernel binds; in bytes. */
export const sizes = { arena: ${bytes.arena}, weights: ${bytes.weights}, binding: ${binding} } as const;\n`;
}

const rangeText = (space: 'arena' | 'weights', offset: number, { length }: Buffer): string =>
  `{ space: '${space}', offset: ${offset}, bytes: ${length * BYTES_PER_ELEMENT} }`;

const constantSource = (name: string, doc: string, lines: readonly string[]): string =>
  `/** ${doc} */\nexport const ${name} = {\n${lines.join('\n')}\n} as const;\n`;

const activationsSource = (placed: readonly PlacedBuffer[]): string =>
  constantSource(
    'm',
    'The activations.',
    placed.map(
      ({ buffer, offset, text }) =>
        `/** ${commentText(text)} */\n${buffer.name}: ${rangeText('arena', offset, buffer)},`,
    ),
  );

function weightsSource(buffers: readonly Buffer[], { regions }: WebgpuLayout): string {
  if (buffers.length === 0) return '';
  const lines = buffers.map(
    (buffer) =>
      `/** ${describeBuffer(buffer)} */\n${buffer.name}: ${rangeText('weights', regions.get(buffer.id)!.offset, buffer)},`,
  );
  return [
    constantSource('w', 'The weights, packed as the kernels read them.', lines),
    fileSource(buffers),
  ].join('\n');
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
