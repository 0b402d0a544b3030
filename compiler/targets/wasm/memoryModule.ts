/** `memory.ts` of a wasm package: addresses with lifetimes, and views of what goes in and comes out. */
import { describeBuffer, placedBuffers, type PlacedBuffer } from '../../emit/buffers.ts';
import {
  block,
  documented,
  functionSource,
  interfaceSource,
  moduleSource,
  recordSource,
} from '../../emit/declarations.ts';
import { ARRAYS, docComment } from '../../emit/text.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { numbersText, viewText, weightArraysSource, weightPlacesSource } from '../../emit/weights.ts';
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
    `Activations share ${formatBytes(plan.arenaBytes)} from ${layout.arena} on; at most ${formatBytes(plan.lowerBoundBytes)} are in use at a time.`,
    weights === 'file'
      ? 'Weights are read from the weight file to their places.'
      : 'Weights are what `prepare` makes from the parameters.',
  ]);
  return moduleSource(
    header,
    folder === '' ? pagesSource(layout.end, trainingEnd) : '',
    addressesSource('m', 'The activations.', placed, layout.arena),
    folder === '' ? '' : addressTypeSource('Addresses', 'm'),
    weightsSource(one, layout),
    viewsSource('Memory', 'm', placed),
  );
}

/** The memory of a trainer's halves: the same numbers as `memory.ts` has and more, elsewhere. */
export function halvesSource(program: Program, plan: MemoryPlan, { halves, end }: ProgramLayout): string {
  const placed = placedBuffers(program, plan, HALVES);
  const header = docComment([
    'Where the numbers lie when forward, backward and update are called by themselves: every gradient is kept until',
    `the update. They take ${formatBytes(plan.arenaBytes)} after all other numbers; the memory grows when they are first needed.`,
  ]);
  const pages = pagesFor(halves + plan.arenaBytes) - pagesFor(end);
  return moduleSource(
    header,
    `/** Pages of 64 KiB that the memory grows by when a half of a step is first called. */\nexport const HALVES_PAGES = ${pages};\n`,
    addressesSource('h', 'The activations and gradients.', placed, halves),
    addressTypeSource('HalvesAddresses', 'h'),
    viewsSource('HalvesMemory', 'h', placed),
  );
}

function pagesSource(end: number, trainingEnd: number | undefined): string {
  const pages = `/** Size of the memory in pages of 64 KiB. */\nexport const MEMORY_PAGES = ${pagesFor(end)};\n`;
  if (trainingEnd === undefined) return pages;
  return `${pages}\n/** The same when the model is trained: the memory of training follows that of inference. */\nexport const TRAINING_PAGES = ${pagesFor(trainingEnd)};\n`;
}

const addressesSource = (name: string, doc: string, placed: readonly PlacedBuffer[], start: number): string =>
  recordSource(
    name,
    [doc],
    placed.map(({ buffer, offset, text }) => documented(text, `${buffer.name}: ${start + offset},`)),
  );

const addressTypeSource = (type: string, name: string): string =>
  `/** The same names, each with an address: phases run on the memory of a step and on that of its halves. */
export type ${type} = { readonly [Name in keyof typeof ${name}]: number };\n`;

function weightsSource({ program, weights }: ModuleProgram, layout: ProgramLayout): string {
  const buffers = [...layout.weights.keys()].map((id) => program.buffers[id]!);
  if (buffers.length === 0) return '';
  return moduleSource(
    weightPlacesSource(weights, buffers, ({ id }) => String(layout.weights.get(id))),
    weights === 'file'
      ? weightArraysSource(buffers, 'Where each tensor of the weight file belongs.', weightAddress)
      : constantsSource(buffers.filter(({ role, data }) => role === 'constant' && data)),
  );
}

const weightAddress = ({ name }: Buffer): string => `w.${name}`;

/** The program's own numbers: one or a few each. */
function constantsSource(constants: readonly Buffer[]): string {
  if (constants.length === 0) return '';
  return functionSource(
    'export function writeConstants(buffer: ArrayBuffer): void',
    ['Writes the constants to their places.'],
    constants.map((one) => `${viewText(one, weightAddress(one))}.set([${numbersText(one)}]);`),
  );
}

/** Inputs, and outputs that are there when the run is done. */
function viewsSource(type: string, name: string, placed: readonly PlacedBuffer[]): string {
  const outside = placed
    .filter(({ buffer: { role }, isKept }) => role === 'input' || (role === 'output' && isKept))
    .map(({ buffer }) => buffer);
  const fields = outside.map((buffer) => ({
    name: buffer.name,
    type: ARRAYS[buffer.element],
    doc: describeBuffer(buffer),
  }));
  const views = outside.map((buffer) => `${buffer.name}: ${viewText(buffer, `${name}.${buffer.name}`)},`);
  return moduleSource(
    interfaceSource(type, fields, ['Inputs and outputs, as arrays.']),
    functionSource(
      `export function create${type}(buffer: ArrayBuffer): ${type}`,
      ["Views of the kernels' memory. They are empty after the memory has grown: make them again then."],
      [`return ${block(views)};`],
    ),
  );
}
