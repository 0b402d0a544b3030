/**
 * `index.ts`: the module's face. Shapes and sizes are literals in the types; everything is checked before
 * anything runs; nothing is allocated per call.
 */
import { Project, type SourceFile } from 'ts-morph';
import { plural } from '../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import type { Buffer } from '../program/types.ts';
import { docComment } from '../targets/typescript/printer.ts';
import { phaseStorage } from '../targets/typescript/storage.ts';
import { expectedTypes, tensorProperties, typeTest, type TensorTypes } from './face.ts';
import { LOAD_OPTIONS, writeLoad, writeTrainingFace } from './loadFunction.ts';
import { totalsOf } from './totals.ts';
import type { CompiledModel } from './types.ts';

export function indexModule(model: CompiledModel): string {
  const file = new Project({ useInMemoryFileSystem: true }).createSourceFile('index.ts');
  writeImports(file, model);
  writeInfo(file, model);
  writeFace(file, model);
  writeForward(file, model);
  writeLoad(file, model);
  if (model.preprocess) writePreprocess(file, model);
  if (classifies(model)) writeTopK(file, model);
  return `${headerOf(model)}\n${file.getFullText()}`;
}

function headerOf(model: CompiledModel): string {
  const totals = totalsOf(model);
  const outputs = Object.keys(model.outputs).join(', ');
  const inputs = Object.keys(model.inputs).join(', ');
  const sizes = `${formatCount(model.parameterCount)} parameters, ${formatCount(totals.multiplyAdds)} multiply-adds`;
  const targets = Object.keys(model.training?.targets ?? {})
    .map((name) => `, ${name}`)
    .join('');
  const training = [
    '',
    `    const trainer = await load({ training: true, learningRate: 0.01 });`,
    `    const { loss } = trainer.trainStep({ ${inputs}${targets} });`,
  ];
  return docComment([
    `${model.name}, compiled by cnnc from ${model.source}.`,
    `${sizes}, ${plural(totals.kernelCalls, 'kernel call')}, arena ${formatBytes(model.plan.arenaBytes)}.`,
    '',
    '    const model = await load();',
    `    const { ${outputs} } = model.forward({ ${inputs} });`,
    ...(model.training ? training : []),
  ]);
}

function writeImports(file: SourceFile, model: CompiledModel): void {
  const trains = model.training !== undefined;
  const hasWeights = trains || phaseStorage(model.program, 'forward').includes('w');
  const runtime = ['checkInputs', ...(hasWeights ? ['loadBytes'] : [])];
  if (trains) runtime.push('readHyperparameters', 'readWeights', 'type Hyperparameters');
  else if (hasWeights) runtime.push('parseSafetensors');
  if (model.preprocess) runtime.push('preprocess as preprocessPixels');
  if (classifies(model)) runtime.push('topK as rank', 'type Ranked');
  const named = (moduleSpecifier: string, namedImports: string[], isTypeOnly = false) =>
    file.addImportDeclaration({ moduleSpecifier, namedImports, isTypeOnly });
  named('./forward.js', ['forward as runForward']);
  const isMade = trains ? hasPhase(model, 'prepare') : hasWeights;
  const weights = isMade ? [trains ? 'createWeights' : 'bindWeights', 'type Weights'] : [];
  named('./memory.js', ['createMemory', ...weights]);
  if (trains) {
    named('./parameters.js', ['createParameters', 'nameParameters', 'type Parameters']);
    if (hasPhase(model, 'prepare')) named('./prepare.js', ['prepare']);
    named('./training/trainer.js', ['Trainer'], true);
  }
  named('./runtime.js', runtime);
}

export const hasPhase = (model: CompiledModel, name: string): boolean =>
  model.program.phases.some((phase) => phase.name === name);

const literal = (value: unknown): string => JSON.stringify(value);

const record = (types: TensorTypes): string => {
  const entries = Object.entries(types);
  return `{ ${entries.map(([name, { dtype, shape }]) => `${name}: { dtype: '${dtype}', shape: [${shape.join(', ')}] }`).join(', ')} }`;
};

function writeInfo(file: SourceFile, model: CompiledModel): void {
  const totals = totalsOf(model);
  const { training } = model;
  const trains = training
    ? `training: { optimizer: '${training.optimizer}', targets: ${record(training.targets)}, arenaBytes: ${training.plan.arenaBytes} },`
    : '';
  file.addStatements(`
/** What was compiled; sizes in bytes. */
export const info = {
  name: ${literal(model.name)},
  target: 'typescript',
  inputs: ${record(model.inputs)},
  outputs: ${record(model.outputs)},
  parameters: ${model.parameterCount},
  multiplyAdds: ${totals.multiplyAdds},
  arenaBytes: ${model.plan.arenaBytes},
  weightBytes: ${totals.weightBytes},
  kernels: ${totals.kernelCalls},
  ${trains}
} as const;
`);
  if (model.labels) {
    file.addStatements(
      `\n/** The classes, in the order of the outputs. */\nexport const labels = ${literal(model.labels)} as const;`,
    );
  }
}

function writeFace(file: SourceFile, model: CompiledModel): void {
  file.addInterface({ name: 'Inputs', isExported: true, properties: tensorProperties(model.inputs) });
  file.addInterface({ name: 'Outputs', isExported: true, properties: tensorProperties(model.outputs) });
  file.addStatements(`\n${LOAD_OPTIONS}`);
  file.addStatements(`\nexport interface Model {
  readonly info: typeof info;
  /**
   * Runs the network. The arrays returned are overwritten by the next call; hand in \`out\` to keep results in
   * arrays of your own.
   */
  forward(inputs: Inputs, out?: Outputs): Outputs;
  /** Nothing to release on this target; here so that targets can be exchanged. */
  close(): void;
}`);
  if (model.training) writeTrainingFace(file);
}

/** The buffers behind the model's inputs or outputs, in the model's order. */
const facing = (model: CompiledModel, role: 'input' | 'output'): readonly Buffer[] => {
  const buffers = model.program.buffers.filter((buffer) => buffer.role === role);
  const names = Object.keys(role === 'input' ? model.inputs : model.outputs);
  return names.flatMap((name) => buffers.filter(({ publicName }) => publicName === name));
};

/** `createForward`: the network over given memory, with its arguments checked. */
function writeForward(file: SourceFile, model: CompiledModel): void {
  const call = literal(`${model.name}.forward`);
  const outputs = facing(model, 'output');
  const trains = model.training !== undefined;
  const storage = phaseStorage(model.program, 'forward');
  const variables = { m: 'memory', w: 'weights', p: 'parameters' } as const;
  const types = { m: '', w: 'Weights', p: 'Parameters' } as const;
  const parameters = storage
    .filter((one) => one !== 'm')
    .map((one) => ({ name: variables[one], type: types[one] }));
  file.addStatements(
    `\nconst inputTypes = ${expectedTypes(model.inputs)};\nconst outputTypes = ${expectedTypes(model.outputs)};`,
  );
  file.addFunction({
    name: 'createForward',
    parameters,
    returnType: "Model['forward']",
    docs: [
      trains
        ? 'The inference program over these parameters, in memory of its own.'
        : 'The network over these weights, in memory of its own.',
    ],
    statements: [
      'const memory = createMemory();',
      `const results: Outputs = { ${outputs.map((buffer) => `${buffer.publicName}: memory.${buffer.name}`).join(', ')} };`,
      `return (inputs, out) => {
        if (${typeTest('inputs', model.inputs)}) checkInputs(${call}, inputTypes, inputs);
        if (out && (${typeTest('out', model.outputs, false)})) checkInputs(${call}, outputTypes, out, 'out');
        ${facing(model, 'input')
          .map((buffer) => `memory.${buffer.name}.set(inputs.${buffer.publicName});`)
          .join('\n')}
        runForward(${storage.map((one) => variables[one]).join(', ')});
        if (!out) return results;
        ${outputs.map((buffer) => `out.${buffer.publicName}.set(memory.${buffer.name});`).join('\n')}
        return out;
      };`,
    ],
  });
}

function writePreprocess(file: SourceFile, model: CompiledModel): void {
  file.addStatements(`\nconst preprocessing = ${literal(model.preprocess)} as const;`);
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

/** The first output is one vector of scores for each image, as many as there are labels. */
function classifies({ outputs, labels }: CompiledModel): boolean {
  const [type] = Object.values(outputs);
  return type?.shape.length === 2 && (labels === undefined || labels.length === type.shape[1]);
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
      { name: 'scores', type: 'ArrayLike<number>' },
      { name: 'k', type: 'number' },
    ],
    returnType: 'Ranked[]',
    docs: ['The `k` most probable classes from the scores of one image, best first.'],
    statements: [
      options || model.labels ? `return rank(scores, k, ${labels}${options});` : 'return rank(scores, k);',
    ],
  });
}
