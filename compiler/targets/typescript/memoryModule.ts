/** `memory.ts`: where a program's numbers lie, with lifetimes; and how its weights come to be there. */
import type { SourceFile } from 'ts-morph';
import { constantsOf, describeBuffer, placedBuffers, readConstants, weightName } from '../../emit/buffers.ts';
import { ARRAYS, docComment } from '../../emit/text.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { formatBytes } from '../../program/bytes.ts';
import { preparedBuffers } from '../../program/liveness.ts';
import type { MemoryPlan } from '../../program/memoryPlan.ts';
import { HALVES, type Buffer, type Program, type Timeline } from '../../program/types.ts';

export interface MemoryModuleOptions {
  readonly weights: ModuleProgram['weights'];
  /** Path to the package's root: `./` or `../`. */
  readonly root: string;
  /** The phases that the plan is for. */
  readonly timeline: Timeline;
}

const properties = (buffers: readonly Buffer[], doc: (buffer: Buffer) => string) =>
  buffers.map((buffer) => ({
    name: buffer.name,
    type: ARRAYS[buffer.element],
    isReadonly: true,
    docs: [doc(buffer)],
  }));

/** Fills the file; returns its header. */
export function writeMemory(
  file: SourceFile,
  program: Program,
  plan: MemoryPlan,
  options: MemoryModuleOptions,
): string {
  writeArena(file, program, plan, { timeline: options.timeline, type: 'Memory' });
  if (options.weights === 'file') writeBoundWeights(file, program, options.root);
  else writePreparedWeights(file, program);
  const weights = {
    file: 'Weights are views of the weight file, packed as the kernels read them.',
    prepared: 'Weights are what `prepare` makes from the parameters.',
  };
  return docComment([
    `Where the numbers of ${program.name} lie. Activations share one arena of ${formatBytes(plan.arenaBytes)};`,
    `at no moment are more than ${formatBytes(plan.lowerBoundBytes)} alive.`,
    weights[options.weights],
  ]);
}

/** The memory of a trainer's halves: the same numbers as `memory.ts` has and more, elsewhere. */
export function writeHalvesMemory(file: SourceFile, program: Program, plan: MemoryPlan): string {
  writeArena(file, program, plan, { timeline: HALVES, type: 'HalvesMemory' });
  return docComment([
    'Where the numbers lie when forward, backward and update are called by themselves: every gradient is kept until',
    `the update. One arena of ${formatBytes(plan.arenaBytes)}, made when it is first needed.`,
  ]);
}

interface ArenaSite {
  readonly timeline: Timeline;
  /** Of the views: `Memory`. */
  readonly type: string;
}

function writeArena(
  file: SourceFile,
  program: Program,
  plan: MemoryPlan,
  { timeline, type }: ArenaSite,
): void {
  const placed = placedBuffers(program, plan, timeline);
  file.addVariableStatement({
    isExported: true,
    declarationKind: 'const' as never,
    declarations: [{ name: 'ARENA_BYTES', initializer: String(plan.arenaBytes) }],
  });
  const texts = new Map(placed.map(({ buffer, text }) => [buffer.id, text]));
  const buffers = placed.map(({ buffer }) => buffer);
  file.addInterface({
    name: type,
    isExported: true,
    properties: properties(buffers, (buffer) => texts.get(buffer.id)!),
  });
  const views = placed.map(
    ({ buffer, offset }) =>
      `${buffer.name}: new ${ARRAYS[buffer.element]}(arena, ${offset}, ${buffer.length}),`,
  );
  file.addFunction({
    name: `create${type}`,
    isExported: true,
    returnType: type,
    docs: ['One arena; the offsets are in bytes.'],
    statements: ['const arena = new ArrayBuffer(ARENA_BYTES);', `return {\n${views.join('\n')}\n};`],
  });
}

function writeBoundWeights(file: SourceFile, program: Program, root: string): void {
  const constants = constantsOf(program);
  if (constants.length === 0) return;
  file.addImportDeclaration({
    isTypeOnly: true,
    moduleSpecifier: `${root}runtime.js`,
    namedImports: ['WeightTensor'],
  });
  file.addInterface({ name: 'Weights', isExported: true, properties: properties(constants, describeBuffer) });
  const views = constants.map(
    (buffer) => `${buffer.name}: tensor(${JSON.stringify(weightName(buffer))}, ${buffer.length}),`,
  );
  file.addFunction({
    name: 'bindWeights',
    isExported: true,
    parameters: [{ name: 'file', type: 'ReadonlyMap<string, WeightTensor>' }],
    returnType: 'Weights',
    docs: [
      'Views of the weight file; nothing is copied. Throws when a tensor is missing or of another size.',
    ],
    statements: [
      `const tensor = (name: string, length: number): Float32Array => {
        const found = file.get(name);
        if (!found) throw new Error(\`the weight file has no tensor "\${name}": it does not belong to this model\`);
        if (found.data.length !== length) {
          throw new Error(\`the weight file's tensor "\${name}" has \${found.data.length} numbers, expected \${length}\`);
        }
        return found.data;
      };`,
      `return {\n${views.join('\n')}\n};`,
    ],
  });
}

/** Storage for what `prepare` writes, and the program's own constants. */
function writePreparedWeights(file: SourceFile, program: Program): void {
  const prepared = preparedBuffers(program);
  const constants = readConstants(program);
  const made = program.buffers.filter((buffer) => prepared.has(buffer.id));
  if (constants.length + made.length === 0) return;
  file.addInterface({
    name: 'Weights',
    isExported: true,
    properties: properties([...constants, ...made], describeBuffer),
  });
  const arrays = [
    ...constants.map(
      (buffer) => `${buffer.name}: ${ARRAYS[buffer.element]}.of(${Array.from(buffer.data!).join(', ')}),`,
    ),
    ...made.map((buffer) => `${buffer.name}: new ${ARRAYS[buffer.element]}(${buffer.length}),`),
  ];
  file.addFunction({
    name: 'createWeights',
    isExported: true,
    returnType: 'Weights',
    docs: ['Constants, and room for what `prepare` makes.'],
    statements: [`return {\n${arrays.join('\n')}\n};`],
  });
}
