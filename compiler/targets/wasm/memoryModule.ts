/** `memory.ts` of a wasm package: addresses and lifetimes of buffers, and views of inputs and outputs. */
import { describeBuffer, ownConstants, placedBuffers, type PlacedBuffer } from '../../emit/buffers.ts';
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

const WEIGHTS: Readonly<Record<ModuleProgram['weights'], string>> = {
  file: 'Weights are read from the weight file to their addresses.',
  prepared: 'Weights are computed from the parameters by `prepare`.',
  staged: 'Weights are read from the weight file, or computed from it by `prepare`.',
  shared: 'The weights are those of ../memory.ts.',
};

/** `trainingEnd` is where the memory of a training step ends, in a package that trains. */
export function memorySource(
  one: ModuleProgram,
  layout: ProgramLayout,
  trainingEnd: number | undefined,
): string {
  const { program, plan, folder, weights, timeline } = one;
  const placed = placedBuffers(program, plan, timeline);
  const header = docComment([
    `The memory layout of ${program.name}: addresses in the kernels' memory, in bytes.`,
    `Activations share ${formatBytes(plan.arenaBytes)} from ${layout.arena} on; at most ${formatBytes(plan.lowerBoundBytes)} are in use at a time.`,
    WEIGHTS[weights],
  ]);
  return moduleSource(
    header,
    folder === '' ? pagesSource(layout.end, trainingEnd) : '',
    addressesSource('m', 'The activations.', placed, layout.arena),
    folder === 'training/' ? addressTypeSource('Addresses', 'm') : '',
    weightsSource(one, layout),
    viewsSource('Memory', 'm', placed),
  );
}

/** The memory of a trainer's halves: the buffers of `memory.ts` and more, at other addresses. */
export function halvesSource(program: Program, plan: MemoryPlan, { halves, end }: ProgramLayout): string {
  const placed = placedBuffers(program, plan, HALVES);
  const header = docComment([
    'The memory layout for separate calls of forward, backward and update: every gradient is kept until the update. It',
    `takes ${formatBytes(plan.arenaBytes)} after all other buffers. The memory grows by it when it is first needed.`,
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
  return `${pages}\n/** The size of the memory in pages of 64 KiB when the model is trained: training's memory follows that of inference. */\nexport const TRAINING_PAGES = ${pagesFor(trainingEnd)};\n`;
}

const addressesSource = (name: string, doc: string, placed: readonly PlacedBuffer[], start: number): string =>
  recordSource(
    name,
    [doc],
    placed.map(({ buffer, offset, text }) => documented(text, `${buffer.name}: ${start + offset},`)),
  );

const addressTypeSource = (type: string, name: string): string =>
  `/** The type of these addresses. Phases run with the addresses of a step or with those of its halves. */
export type ${type} = { readonly [Name in keyof typeof ${name}]: number };\n`;

function weightsSource({ program, weights }: ModuleProgram, layout: ProgramLayout): string {
  const buffers = [...layout.weights.keys()].map((id) => program.buffers[id]!);
  if (buffers.length === 0) return '';
  return moduleSource(
    weightPlacesSource(weights, buffers, ({ id }) => String(layout.weights.get(id))),
    weights === 'file'
      ? weightArraysSource(buffers, 'The array that each tensor of the weight file fills.', weightAddress)
      : constantsSource(ownConstants(program).filter(({ id }) => layout.weights.has(id))),
  );
}

const weightAddress = ({ name }: Buffer): string => `w.${name}`;

/** Writes the program's constants, which are small. */
function constantsSource(constants: readonly Buffer[]): string {
  if (constants.length === 0) return '';
  return functionSource(
    'export function writeConstants(buffer: ArrayBuffer): void',
    ['Writes the constants to their places.'],
    constants.map((one) => `${viewText(one, weightAddress(one))}.set([${numbersText(one)}]);`),
  );
}

/** Views of the inputs, and of the outputs that are kept until the end of a run. */
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
    interfaceSource(type, fields, ['Inputs and outputs as arrays.']),
    functionSource(
      `export function create${type}(buffer: ArrayBuffer): ${type}`,
      [
        "Creates views of the kernels' memory. When the memory grows they become empty and must be created again.",
      ],
      [`return ${block(views)};`],
    ),
  );
}
