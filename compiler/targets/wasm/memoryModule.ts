/** `memory.ts` of a wasm package: addresses with lifetimes, and views of what goes in and comes out. */
import { describeBuffer, placedBuffers, weightName, type PlacedBuffer } from '../../emit/buffers.ts';
import { ARRAYS, commentText, docComment } from '../../emit/text.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { formatBytes } from '../../program/bytes.ts';
import type { MemoryPlan } from '../../program/memoryPlan.ts';
import { HALVES, type Buffer, type Program } from '../../program/types.ts';
import { pagesFor, type ProgramLayout } from './memoryLayout.ts';

/** `trainingEnd` in a package that trains: where its step's memory ends. */
export function memorySource(
  one: ModuleProgram,
  layout: ProgramLayout,
  trainingEnd: number | undefined,
): string {
  const { program, plan, folder, weights, timeline } = one;
  const placed = placedBuffers(program, plan, timeline);
  const header = docComment([
    `Where the numbers of ${program.name} lie: addresses in the kernels' memory, in bytes.`,
    `Activations share ${formatBytes(plan.arenaBytes)} from ${layout.arena} on; at no moment are more than ${formatBytes(plan.lowerBoundBytes)} alive.`,
    weights === 'file'
      ? 'Weights are read from the weight file to their places.'
      : 'Weights are what `prepare` makes from the parameters.',
  ]);
  return [
    header,
    ...(folder === '' ? [pagesSource(layout.end, trainingEnd)] : []),
    addressesSource('m', 'The activations.', placed, layout.arena),
    ...(folder === '' ? [] : [addressTypeSource('Addresses', 'm')]),
    weightsSource(one, layout),
    viewsSource('Memory', 'm', placed),
  ].join('\n');
}

/** The memory of a trainer's halves: the same numbers as `memory.ts` has and more, elsewhere. */
export function halvesSource(program: Program, plan: MemoryPlan, { halves, end }: ProgramLayout): string {
  const placed = placedBuffers(program, plan, HALVES);
  const header = docComment([
    'Where the numbers lie when forward, backward and update are called by themselves: every gradient is kept until',
    `the update. ${formatBytes(plan.arenaBytes)} behind all the rest, for which the memory grows when they are first needed.`,
  ]);
  const pages = pagesFor(halves + plan.arenaBytes) - pagesFor(end);
  return [
    header,
    `/** Of 64 KiB each, beyond those of a step. */\nexport const HALVES_PAGES = ${pages};\n`,
    addressesSource('h', 'The activations and gradients.', placed, halves),
    addressTypeSource('HalvesAddresses', 'h'),
    viewsSource('HalvesMemory', 'h', placed),
  ].join('\n');
}

function pagesSource(end: number, trainingEnd: number | undefined): string {
  const pages = `/** Of 64 KiB each. */\nexport const MEMORY_PAGES = ${pagesFor(end)};\n`;
  if (trainingEnd === undefined) return pages;
  return `${pages}\n/** With the memory of training behind it. */\nexport const TRAINING_PAGES = ${pagesFor(trainingEnd)};\n`;
}

const constantSource = (name: string, doc: string, lines: readonly string[]): string =>
  `/** ${doc} */\nexport const ${name} = {\n${lines.join('\n')}\n} as const;\n`;

const addressesSource = (name: string, doc: string, placed: readonly PlacedBuffer[], start: number): string =>
  constantSource(
    name,
    doc,
    placed.map(
      ({ buffer, offset, text }) => `/** ${commentText(text)} */\n${buffer.name}: ${start + offset},`,
    ),
  );

const addressTypeSource = (type: string, name: string): string =>
  `/** The same names at any addresses: phases run on the memory of a step and on that of its halves. */
export type ${type} = { readonly [Name in keyof typeof ${name}]: number };\n`;

function weightsSource({ program, weights }: ModuleProgram, layout: ProgramLayout): string {
  const buffers = [...layout.weights].map(([id, address]) => ({ buffer: program.buffers[id]!, address }));
  if (buffers.length === 0) return '';
  const lines = buffers.map(
    ({ buffer, address }) => `/** ${describeBuffer(buffer)} */\n${buffer.name}: ${address},`,
  );
  const doc =
    weights === 'file' ? 'The weights, packed as the kernels read them.' : 'Packed weights and constants.';
  const views = buffers.map(({ buffer }) => buffer);
  return [
    constantSource('w', doc, lines),
    weights === 'file' ? fileSource(views) : constantsSource(views),
  ].join('\n');
}

const viewSource = (buffer: Buffer, address: string): string =>
  `new ${ARRAYS[buffer.element]}(buffer, ${address}, ${buffer.length})`;

const arrayTypes = (buffers: readonly Buffer[]): string =>
  [...new Set(['f32' as const, ...buffers.map(({ element }) => element)])]
    .map((one) => ARRAYS[one])
    .join(' | ');

function fileSource(buffers: readonly Buffer[]): string {
  const type = arrayTypes(buffers);
  const lines = buffers.map(
    (buffer) => `[${JSON.stringify(weightName(buffer))}, ${viewSource(buffer, `w.${buffer.name}`)}],`,
  );
  return `/** Where each tensor of the weight file belongs. */
export function weightArrays(buffer: ArrayBuffer): Map<string, ${type}> {
  return new Map<string, ${type}>([\n${lines.join('\n')}\n]);
}\n`;
}

/** The program's own numbers: one or a few each. */
function constantsSource(buffers: readonly Buffer[]): string {
  const constants = buffers.filter(({ role, data }) => role === 'constant' && data);
  if (constants.length === 0) return '';
  const lines = constants.map(
    (buffer) => `${viewSource(buffer, `w.${buffer.name}`)}.set([${Array.from(buffer.data!).join(', ')}]);`,
  );
  return `/** Writes the constants to their places. */
export function writeConstants(buffer: ArrayBuffer): void {\n${lines.join('\n')}\n}\n`;
}

/** Inputs, and outputs that are there when the run is done. */
function viewsSource(type: string, name: string, placed: readonly PlacedBuffer[]): string {
  const outside = placed
    .filter(({ buffer: { role }, isKept }) => role === 'input' || (role === 'output' && isKept))
    .map(({ buffer }) => buffer);
  const properties = outside.map(
    (buffer) => `/** ${describeBuffer(buffer)} */\nreadonly ${buffer.name}: ${ARRAYS[buffer.element]};`,
  );
  const views = outside.map((buffer) => `${buffer.name}: ${viewSource(buffer, `${name}.${buffer.name}`)},`);
  return `/** What goes in and comes out, as arrays. */
export interface ${type} {\n${properties.join('\n')}\n}

/** Views of the kernels' memory; to be made anew when it has grown. */
export function create${type}(buffer: ArrayBuffer): ${type} {
  return {\n${views.join('\n')}\n};
}\n`;
}
