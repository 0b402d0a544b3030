/**
 * The TypeScript target's files: `kernels.ts`, `memory.ts` and one file a phase, as ts-morph structures. It
 * reads programs and plans only.
 */
import { Project, type SourceFile } from 'ts-morph';
import { formatBytes, formatCount } from '../../program/bytes.ts';
import { distinctKernels } from '../../program/deduplicate.ts';
import type { MemoryPlan, Placement } from '../../program/memoryPlan.ts';
import { runCalls } from '../../program/liveness.ts';
import { ARRAYS, commentText, docComment, printKernelFunction } from './printer.ts';
import type { Buffer, KernelCall, PhaseName, Program } from '../../program/types.ts';

/** A file's text in parts; `isPrinted` when only their long lines still need formatting. */
export interface EmittedFile {
  readonly parts: readonly string[];
  readonly isPrinted: boolean;
}

export function typescriptModule(program: Program, plan: MemoryPlan): ReadonlyMap<string, EmittedFile> {
  const project = new Project({ useInMemoryFileSystem: true });
  const write = (name: string, fill: (file: SourceFile) => string): [string, EmittedFile] => {
    const file = project.createSourceFile(name);
    const header = fill(file);
    return [name, { parts: [header, file.getFullText()], isPrinted: false }];
  };
  return new Map([
    ['kernels.ts', kernelsFile(program)],
    write('memory.ts', (file) => writeMemory(file, program, plan)),
    ...program.phases.map((phase) =>
      write(`${phase.name}.ts`, (file) => writePhase(file, program, phase.name, phase.calls)),
    ),
  ]);
}

function kernelsFile(program: Program): EmittedFile {
  const header = docComment([
    `The kernels of ${program.name}. Every shape is a constant; arrays are flat, channels last unless a comment`,
    'says otherwise. Sums are kept in doubles and rounded once, when they are stored.',
  ]);
  return { parts: [header, ...distinctKernels(program).map(printKernelFunction)], isPrinted: true };
}

const lifetimeText = ({ lifetime: { from, to } }: Placement, calls: number): string => {
  const first = from < 0 ? 'the start' : `call ${from}`;
  return `from ${first} to ${to >= calls ? 'the end' : `call ${to}`}`;
};

const shapeText = (buffer: Buffer): string => `${buffer.element}[${buffer.layout.shape.join(',')}]`;

/** `the [O / 4][KH][KW][I][4]` is for kernels; here the layout's name is enough. */
const layoutText = (buffer: Buffer): string =>
  buffer.layout.name === 'rowMajor' ? '' : `, ${buffer.layout.name}`;

function writeMemory(file: SourceFile, program: Program, plan: MemoryPlan): string {
  const placed = [...plan.placements.values()].sort((a, b) => a.buffer - b.buffer);
  const constants = program.buffers.filter((buffer) => buffer.role === 'constant' && buffer.data);
  const calls = runCalls(program).length;
  file.addImportDeclaration({
    isTypeOnly: true,
    moduleSpecifier: './runtime.js',
    namedImports: ['WeightTensor'],
  });
  const header = docComment([
    `Where the numbers of ${program.name} lie. Activations share one arena of ${formatBytes(plan.arenaBytes)};`,
    `at no moment are more than ${formatBytes(plan.lowerBoundBytes)} alive. Weights are views of the weight file, packed as`,
    'the kernels read them.',
  ]);
  file.addVariableStatement({
    isExported: true,
    declarationKind: 'const' as never,
    declarations: [{ name: 'ARENA_BYTES', initializer: String(plan.arenaBytes) }],
  });
  file.addInterface({
    name: 'Memory',
    isExported: true,
    properties: placed.map((placement) => {
      const buffer = program.buffers[placement.buffer]!;
      return {
        name: buffer.name,
        type: ARRAYS[buffer.element],
        isReadonly: true,
        docs: [`${shapeText(buffer)}${layoutText(buffer)}, ${lifetimeText(placement, calls)}`],
      };
    }),
  });
  file.addFunction({
    name: 'createMemory',
    isExported: true,
    returnType: 'Memory',
    docs: ['One arena; the offsets are in bytes.'],
    statements: [
      'const arena = new ArrayBuffer(ARENA_BYTES);',
      `return {\n${placed.map((placement) => memoryView(program.buffers[placement.buffer]!, placement)).join('\n')}\n};`,
    ],
  });
  writeWeights(file, constants);
  return header;
}

const memoryView = (buffer: Buffer, { offset }: Placement): string =>
  `${buffer.name}: new ${ARRAYS[buffer.element]}(arena, ${offset}, ${buffer.length}),`;

/** The name of a constant in the weight file: PyTorch's where the numbers are PyTorch's. */
export const weightName = (buffer: Buffer): string => buffer.publicName ?? buffer.name;

function writeWeights(file: SourceFile, constants: readonly Buffer[]): void {
  file.addInterface({
    name: 'Weights',
    isExported: true,
    properties: constants.map((buffer) => ({
      name: buffer.name,
      type: ARRAYS[buffer.element],
      isReadonly: true,
      docs: [commentText(`${shapeText(buffer)}${layoutText(buffer)}`)],
    })),
  });
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

const PHASE_DOCS: Readonly<Record<PhaseName, string>> = {
  prepare: 'Folds and packs what the other phases read from the parameters.',
  forward: 'The forward pass, a line a kernel: the input is read from and the outputs are left in `memory`.',
  loss: 'The loss and its gradient with respect to the outputs.',
  backward: 'The backward pass: gradients of everything that is trained.',
  inputGradient: 'The gradient of the inputs, for callers that want it; a training step does not run it.',
  update: 'The optimizer step.',
};

function writePhase(
  file: SourceFile,
  program: Program,
  name: PhaseName,
  calls: readonly KernelCall[],
): string {
  const used = [...new Set(calls.map((call) => call.kernel.name))].sort();
  file.addImportDeclaration({ namedImports: used, moduleSpecifier: './kernels.js' });
  file.addImportDeclaration({
    isTypeOnly: true,
    namedImports: ['Memory', 'Weights'],
    moduleSpecifier: './memory.js',
  });
  const total = calls.reduce((sum, call) => sum + call.multiplyAdds, 0);
  file.addFunction({
    name,
    isExported: true,
    parameters: [
      { name: 'm', type: 'Memory' },
      { name: 'w', type: 'Weights' },
    ],
    returnType: 'void',
    statements: calls.flatMap((call) => [`// ${commentText(callComment(call))}`, callText(program, call)]),
  });
  return docComment([
    PHASE_DOCS[name],
    `${calls.length} kernel calls, ${formatCount(total)} multiply-adds. \`m\` holds the activations, \`w\` the weights.`,
  ]);
}

const callComment = (call: KernelCall): string =>
  `${call.label}: ${call.result}${call.multiplyAdds ? `, ${formatCount(call.multiplyAdds)} multiply-adds` : ''}`;

function callText(program: Program, call: KernelCall): string {
  const args = call.args.map((id) => {
    const buffer = program.buffers[id]!;
    return `${buffer.role === 'constant' ? 'w' : 'm'}.${buffer.name}`;
  });
  return `${call.kernel.name}(${args.join(', ')});`;
}
