/**
 * `index.ts`: the module's face. Shapes and sizes are literals in the types; everything is checked before
 * anything runs; nothing is allocated per call.
 */
import { Project, type SourceFile } from 'ts-morph';
import { formatType, sizeOf, type TensorType } from '../ir/types.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import { runCalls } from '../program/liveness.ts';
import type { Buffer } from '../program/types.ts';
import { ARRAYS, docComment } from '../targets/typescript/printer.ts';
import type { CompiledModel } from './types.ts';

export interface Totals {
  readonly multiplyAdds: number;
  readonly weightBytes: number;
  readonly kernelCalls: number;
}

export function totalsOf({ program }: CompiledModel): Totals {
  const calls = runCalls(program);
  const weights = program.buffers.filter((buffer) => buffer.role === 'constant' && buffer.data);
  return {
    multiplyAdds: calls.reduce((sum, call) => sum + call.multiplyAdds, 0),
    weightBytes: weights.reduce((sum, buffer) => sum + buffer.length * 4, 0),
    kernelCalls: calls.length,
  };
}

export function indexModule(model: CompiledModel): string {
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('index.ts');
  writeImports(file, model);
  writeInfo(file, model);
  writeFace(file, model);
  writeLoad(file, model);
  if (model.preprocess) writePreprocess(file, model);
  writeTopK(file, model);
  return `${headerOf(model)}\n${file.getFullText()}`;
}

function headerOf(model: CompiledModel): string {
  const totals = totalsOf(model);
  const outputs = Object.keys(model.outputs).join(', ');
  const sizes = `${formatCount(model.parameterCount)} parameters, ${formatCount(totals.multiplyAdds)} multiply-adds`;
  return docComment([
    `${model.name}, compiled by cnnc from ${model.source}.`,
    `${sizes}, ${totals.kernelCalls} kernel calls, arena ${formatBytes(model.plan.arenaBytes)}.`,
    '',
    '    const model = await load();',
    `    const { ${outputs} } = model.forward({ ${Object.keys(model.inputs).join(', ')} });`,
  ]);
}

function writeImports(file: SourceFile, model: CompiledModel): void {
  const runtime = ['checkInputs', 'loadBytes', 'parseSafetensors'];
  if (model.preprocess) runtime.push('preprocess as preprocessPixels');
  runtime.push('topK as rank', 'type Ranked');
  file.addImportDeclaration({
    moduleSpecifier: './forward.js',
    namedImports: [{ name: 'forward', alias: 'runForward' }],
  });
  file.addImportDeclaration({
    moduleSpecifier: './memory.js',
    namedImports: ['bindWeights', 'createMemory'],
  });
  file.addImportDeclaration({ moduleSpecifier: './runtime.js', namedImports: runtime });
}

const literal = (value: unknown): string => JSON.stringify(value);

const record = (types: Readonly<Record<string, TensorType>>): string =>
  `{ ${Object.entries(types)
    .map(([name, { dtype, shape }]) => `${name}: { dtype: '${dtype}', shape: [${shape.join(', ')}] }`)
    .join(', ')} }`;

function writeInfo(file: SourceFile, model: CompiledModel): void {
  const totals = totalsOf(model);
  file.addVariableStatement({
    isExported: true,
    declarationKind: 'const' as never,
    docs: ['What was compiled; sizes in bytes.'],
    declarations: [
      {
        name: 'info',
        initializer: `{
  name: ${literal(model.name)},
  target: 'typescript',
  inputs: ${record(model.inputs)},
  outputs: ${record(model.outputs)},
  parameters: ${model.parameterCount},
  multiplyAdds: ${totals.multiplyAdds},
  arenaBytes: ${model.plan.arenaBytes},
  weightBytes: ${totals.weightBytes},
  kernels: ${totals.kernelCalls},
} as const`,
      },
    ],
  });
  if (model.labels) {
    file.addVariableStatement({
      isExported: true,
      declarationKind: 'const' as never,
      docs: ['The classes, in the order of the outputs.'],
      declarations: [{ name: 'labels', initializer: `${literal(model.labels)} as const` }],
    });
  }
}

const describeTensor = (type: TensorType): string =>
  `${formatType(type)}, row-major: ${sizeOf(type.shape)} numbers`;

const tensorProperties = (types: Readonly<Record<string, TensorType>>) =>
  Object.entries(types).map(([name, type]) => ({
    name,
    type: ARRAYS[type.dtype],
    isReadonly: true,
    docs: [describeTensor(type)],
  }));

function writeFace(file: SourceFile, model: CompiledModel): void {
  file.addInterface({ name: 'Inputs', isExported: true, properties: tensorProperties(model.inputs) });
  file.addInterface({ name: 'Outputs', isExported: true, properties: tensorProperties(model.outputs) });
  file.addInterface({
    name: 'LoadOptions',
    isExported: true,
    properties: [
      {
        name: 'weights',
        hasQuestionToken: true,
        isReadonly: true,
        type: 'URL | string | Uint8Array | ArrayBuffer',
        docs: ['Where the weights are, or their bytes. Default: `weights.safetensors` beside this file.'],
      },
    ],
  });
  file.addInterface({
    name: 'Model',
    isExported: true,
    properties: [{ name: 'info', isReadonly: true, type: 'typeof info' }],
    methods: [
      {
        name: 'forward',
        parameters: [
          { name: 'inputs', type: 'Inputs' },
          { name: 'out', type: 'Outputs', hasQuestionToken: true },
        ],
        returnType: 'Outputs',
        docs: [
          'Runs the network. The arrays returned are overwritten by the next call; hand in `out` to keep results in arrays of your own.',
        ],
      },
      {
        name: 'close',
        returnType: 'void',
        docs: ['Nothing to release on this target; here so that targets can be exchanged.'],
      },
    ],
  });
}

/** The buffers behind the model's inputs or outputs, by public name. */
export function facing(
  model: CompiledModel,
  role: 'input' | 'output',
): readonly (Buffer & { publicName: string })[] {
  return model.program.buffers.filter(
    (buffer): buffer is Buffer & { publicName: string } => buffer.role === role,
  );
}

function writeLoad(file: SourceFile, model: CompiledModel): void {
  const inputs = facing(model, 'input');
  const outputs = facing(model, 'output');
  const call = literal(`${model.name}.forward`);
  const wrong = (from: string, types: Readonly<Record<string, TensorType>>, optional = '') =>
    Object.entries(types)
      .map(
        ([name, type]) =>
          `!(${from}${optional}.${name} instanceof ${ARRAYS[type.dtype]}) || ${from}.${name}.length !== ${sizeOf(type.shape)}`,
      )
      .join(' || ');
  file.addStatements(
    `const inputTypes = ${expectedTypes(model.inputs)};\nconst outputTypes = ${expectedTypes(model.outputs)};`,
  );
  file.addFunction({
    name: 'load',
    isExported: true,
    isAsync: true,
    parameters: [{ name: 'options', type: 'LoadOptions', initializer: '{}' }],
    returnType: 'Promise<Model>',
    docs: [
      "Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's.",
    ],
    statements: [
      "const source = options.weights ?? new URL('./weights.safetensors', import.meta.url);",
      'const weights = bindWeights(parseSafetensors(await loadBytes(source)));',
      'const memory = createMemory();',
      `const results: Outputs = { ${outputs.map((buffer) => `${buffer.publicName}: memory.${buffer.name}`).join(', ')} };`,
      `const forward = (inputs: Inputs, out?: Outputs): Outputs => {
        if (${wrong('inputs', model.inputs, '?')}) checkInputs(${call}, inputTypes, inputs);
        if (out && (${wrong('out', model.outputs)})) checkInputs(${call}, outputTypes, out, 'out');
        ${inputs.map((buffer) => `memory.${buffer.name}.set(inputs.${buffer.publicName});`).join('\n')}
        runForward(memory, weights);
        if (!out) return results;
        ${outputs.map((buffer) => `out.${buffer.publicName}.set(memory.${buffer.name});`).join('\n')}
        return out;
      };`,
      'return { info, forward, close: () => {} };',
    ],
  });
}

const expectedTypes = (types: Readonly<Record<string, TensorType>>): string =>
  `[${Object.entries(types)
    .map(
      ([name, { dtype, shape }]) =>
        `{ name: ${literal(name)}, shape: [${shape.join(', ')}], dtype: '${dtype}' }`,
    )
    .join(', ')}] as const`;

function writePreprocess(file: SourceFile, model: CompiledModel): void {
  file.addStatements(`const preprocessing = ${literal(model.preprocess)} as const;`);
  file.addFunction({
    name: 'preprocess',
    isExported: true,
    parameters: [
      { name: 'pixels', type: 'Uint8Array | Uint8ClampedArray' },
      { name: 'width', type: 'number' },
      { name: 'height', type: 'number' },
      { name: 'out', type: 'Float32Array', hasQuestionToken: true },
    ],
    returnType: 'Float32Array',
    docs: ["From an image's pixels (gray, RGB or RGBA, 8 bit, interleaved) to the network's input."],
    statements: ['return preprocessPixels(pixels, width, height, preprocessing, out);'],
  });
}

/** A softmax at the end already makes probabilities; `topK` must not apply another one. */
function endsInSoftmax(model: CompiledModel): boolean {
  const [output] = model.graph.outputs;
  return output !== undefined && model.graph.nodes[output.value]?.op === 'softmax';
}

function writeTopK(file: SourceFile, model: CompiledModel): void {
  const options = endsInSoftmax(model) ? ', { probabilities: true }' : '';
  const labels = model.labels ? 'labels' : 'undefined';
  file.addFunction({
    name: 'topK',
    isExported: true,
    parameters: [
      { name: 'logits', type: 'ArrayLike<number>' },
      { name: 'k', type: 'number' },
    ],
    returnType: 'Ranked[]',
    docs: ['The `k` most probable classes of one image, best first.'],
    statements: [
      options || model.labels ? `return rank(logits, k, ${labels}${options});` : 'return rank(logits, k);',
    ],
  });
}
