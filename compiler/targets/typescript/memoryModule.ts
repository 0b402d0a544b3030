/** `memory.ts`: the places and lifetimes of a program's buffers, and the functions that create them. */
import { constantsOf, describeBuffer, placedBuffers, readConstants, weightName } from '../../emit/buffers.ts';
import {
  block,
  functionSource,
  importsSource,
  interfaceSource,
  moduleSource,
  type FieldText,
} from '../../emit/declarations.ts';
import { ARRAYS, docComment } from '../../emit/text.ts';
import { rootOf, type ModuleProgram } from '../../emit/types.ts';
import { numbersText } from '../../emit/weights.ts';
import { formatBytes } from '../../program/bytes.ts';
import { preparedBuffers } from '../../program/liveness.ts';
import type { MemoryPlan } from '../../program/memoryPlan.ts';
import { HALVES, type Buffer, type Program, type Timeline } from '../../program/types.ts';

const WEIGHTS: Readonly<Record<ModuleProgram['weights'], string>> = {
  file: 'Weights are views of the weight file, packed in the layouts that the kernels read.',
  prepared: 'Weights are computed from the parameters by `prepare`.',
  staged: 'Weights are read from the weight file, or computed from it by `prepare`.',
  shared: 'The weights are those of ../memory.ts.',
};

/** `sharedBytes` is the size of the arena if several programs use it. */
export function memorySource(one: ModuleProgram, sharedBytes?: number): string {
  const { program, plan, weights, timeline } = one;
  const header = docComment([
    `The memory layout of ${program.name}. Activations share one arena of ${formatBytes(plan.arenaBytes)};`,
    `at most ${formatBytes(plan.lowerBoundBytes)} are in use at a time.`,
    WEIGHTS[weights],
  ]);
  const arena = arenaSource(program, plan, { timeline, type: 'Memory', sharedBytes, weights });
  if (weights === 'shared') return moduleSource(header, arena);
  if (weights !== 'file') return moduleSource(header, arena, preparedWeightsSource(program));
  const bound = constantsOf(program);
  return moduleSource(
    header,
    bound.length === 0
      ? ''
      : importsSource([{ from: `${rootOf(one)}runtime.js`, names: ['WeightTensor'], isTypeOnly: true }]),
    arena,
    boundWeightsSource(bound, one.fixedBy),
  );
}

/** The memory of a trainer's halves: the buffers of `memory.ts` and more, at other places. */
export function halvesSource(program: Program, plan: MemoryPlan): string {
  const header = docComment([
    'The memory layout for separate calls of forward, backward and update: every gradient is kept until the',
    `update. One arena of ${formatBytes(plan.arenaBytes)}, which is created when it is first needed.`,
  ]);
  return moduleSource(header, arenaSource(program, plan, { timeline: HALVES, type: 'HalvesMemory' }));
}

interface ArenaSite {
  readonly timeline: Timeline;
  /** The name of the type of the views: `Memory`. */
  readonly type: string;
  readonly sharedBytes?: number | undefined;
  readonly weights?: ModuleProgram['weights'];
}

function arenaSource(program: Program, plan: MemoryPlan, site: ArenaSite): string {
  const { timeline, type, sharedBytes, weights } = site;
  const placed = placedBuffers(program, plan, timeline);
  const views = placed.map(
    ({ buffer, offset }) =>
      `${buffer.name}: new ${ARRAYS[buffer.element]}(arena, ${offset}, ${buffer.length}),`,
  );
  return moduleSource(
    weights === 'shared' ? '' : `export const ARENA_BYTES = ${sharedBytes ?? plan.arenaBytes};\n`,
    interfaceSource(
      type,
      placed.map(({ buffer, text }) => arrayField(buffer, text)),
    ),
    sharedBytes === undefined
      ? functionSource(
          `export function create${type}(): ${type}`,
          ['Creates the arena and its views; offsets are in bytes.'],
          ['const arena = new ArrayBuffer(ARENA_BYTES);', `return ${block(views)};`],
        )
      : functionSource(
          `export function create${type}(arena: ArrayBuffer): ${type}`,
          ['Creates the views of an arena that the programs of all batches share; offsets are in bytes.'],
          [`return ${block(views)};`],
        ),
  );
}

const arrayField = ({ name, element }: Buffer, doc: string): FieldText => ({
  name,
  type: ARRAYS[element],
  doc,
});

const weightsInterface = (buffers: readonly Buffer[]): string =>
  interfaceSource(
    'Weights',
    buffers.map((buffer) => arrayField(buffer, describeBuffer(buffer))),
  );

const findTensor = (more: string): string => `const tensor = (name: string, length: number): Float32Array => {
  const found = file.get(name);
  if (!found) throw new Error(\`the weight file has no tensor "\${name}": it does not belong to this model${more}\`);
  if (found.data.length !== length) {
    throw new Error(\`the weight file's tensor "\${name}" has \${found.data.length} numbers, expected \${length}${more}\`);
  }
  return found.data;
};`;

function boundWeightsSource(constants: readonly Buffer[], fixedBy: string | undefined): string {
  if (constants.length === 0) return '';
  const more = fixedBy
    ? `. The package was compiled with ${fixedBy}, so it only takes its own weight file`
    : '';
  const views = constants.map(
    (buffer) => `${buffer.name}: tensor(${JSON.stringify(weightName(buffer))}, ${buffer.length}),`,
  );
  return moduleSource(
    weightsInterface(constants),
    functionSource(
      'export function bindWeights(file: ReadonlyMap<string, WeightTensor>): Weights',
      ['Creates views of the weight file without a copy. Throws if a tensor is missing or has another size.'],
      [findTensor(more), `return ${block(views)};`],
    ),
  );
}

/** Arrays for the results of `prepare` and for tensors of the weight file, and the program's constants. */
function preparedWeightsSource(program: Program): string {
  const prepared = preparedBuffers(program);
  const constants = readConstants(program);
  const made = program.buffers.filter(({ id, role }) => prepared.has(id) && role !== 'staged');
  if (constants.length + made.length === 0) return '';
  const arrays = [
    ...constants.map((buffer) =>
      buffer.publicName === undefined
        ? `${buffer.name}: ${ARRAYS[buffer.element]}.of(${numbersText(buffer)}),`
        : emptyArray(buffer),
    ),
    ...made.map(emptyArray),
  ];
  return moduleSource(
    weightsInterface([...constants, ...made]),
    functionSource(
      'export function createWeights(): Weights',
      ['Creates the constants, and arrays for all other weights.'],
      [`return ${block(arrays)};`],
    ),
  );
}

const emptyArray = ({ name, element, length }: Buffer): string =>
  `${name}: new ${ARRAYS[element]}(${length}),`;
