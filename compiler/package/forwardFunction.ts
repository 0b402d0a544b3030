/**
 * `createForward` in `index.ts`, for targets whose calls return their results: it checks the arguments, copies the inputs to
 * their places and runs the network. With several batches `forward` takes any number of images, and runtime/batches.ts
 * divides them among the programs.
 */
import { functionSource, list, moduleSource, type ImportText } from '../emit/declarations.ts';
import { publicBuffers } from '../emit/api/publicBuffers.ts';
import { expectedTypes, typeTest } from '../emit/api/tensors.ts';
import type { ForwardText } from '../emit/api/types.ts';
import { namedBatches } from '../emit/batches.ts';
import { imagesOf, type CompiledModel } from '../emit/model.ts';

/** The imports from `runtime.ts`. */
export const forwardImports = ({ batches }: CompiledModel): string[] =>
  batches ? ['batchProgram', 'forwardInBatches'] : ['checkInputs'];

/** The imports from the files of the programs for larger batches. */
export const batchImports = (model: CompiledModel, { batches }: ForwardText): ImportText[] =>
  namedBatches(model).flatMap(({ folder, suffix }) =>
    suffix === ''
      ? [{ from: './memory.js', names: model.batches ? batches.imports : [] }]
      : [
          { from: `${folder}forward.js`, names: [`forward as runForward${suffix}`] },
          { from: `${folder}memory.js`, names: [`createMemory as createMemory${suffix}`] },
        ],
  );

const literal = (value: unknown): string => JSON.stringify(value);

/** `createForward` and the types that it checks arguments with. */
export function forwardSource(model: CompiledModel, forward: ForwardText): string {
  if (model.batches) return batchedSource(model, forward);
  const results = publicBuffers(model, 'output').map(
    (buffer) => `${buffer.publicName}: memory.${buffer.name}`,
  );
  const doc =
    'Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network.';
  const parameters = forward.parameters.map(({ name, type }) => `${name}: ${type}`).join(', ');
  const resultsText = `{ ${results.join(', ')} }`;
  return moduleSource(
    `const inputTypes = ${expectedTypes(model.inputs)};\nconst outputTypes = ${expectedTypes(model.outputs)};\n`,
    functionSource(
      `function createForward(${parameters}): Model['forward']`,
      [doc],
      [...forward.setUp(resultsText), callText(model, forward, resultsText)],
    ),
  );
}

/** The function that `createForward` returns. */
function callText(model: CompiledModel, { begin, run }: ForwardText, results: string): string {
  const call = literal(`${model.name}.forward`);
  const copies = (role: 'input' | 'output', copy: (inside: string, outside: string) => string): string =>
    publicBuffers(model, role)
      .map(({ name, publicName }) => copy(`memory.${name}`, publicName!))
      .join('\n');
  return `return (inputs, out) => {
    if (${typeTest('inputs', model.inputs)}) checkInputs(${call}, inputTypes, inputs);
    if (out && (${typeTest('out', model.outputs, false)})) checkInputs(${call}, outputTypes, out, 'out');
    ${begin(results)}${copies('input', (inside, outside) => `${inside}.set(inputs.${outside});`)}
    ${run};
    if (!out) return results;
    ${copies('output', (inside, outside) => `out.${outside}.set(${inside});`)}
    return out;
  };`;
}

/** `createForward` of a package for several batches. */
function batchedSource(model: CompiledModel, { parameters, batches }: ForwardText): string {
  const { setUp, create, run } = batches;
  const programs = [...namedBatches(model)].reverse().map((one) => {
    const { images, program, suffix } = one;
    const runs = run(program, suffix);
    const places = (role: 'input' | 'output'): string =>
      `(memory) => [${publicBuffers(one, role).map(({ name }) => `memory.${name}`)}]`;
    return `batchProgram({
      images: ${images},
      create: () => ${create(suffix)},
      inputs: ${places('input')},
      outputs: ${places('output')},
      run: ${runs.includes('memory') ? '(memory)' : '()'} => ${runs},
    }),`;
  });
  const types = `const inputTypes = ${expectedTypes(model.inputs)};\nconst outputTypes = ${expectedTypes(model.outputs)};\n`;
  return moduleSource(
    `/** The types of ${imagesOf(model) === 1 ? 'one image' : `${imagesOf(model)} images`}. */\n${types}`,
    functionSource(
      `function createForward(${parameters.map(({ name, type }) => `${name}: ${type}`).join(', ')}): Model['forward']`,
      ['Creates `forward`: it checks the arguments and divides the images among the programs.'],
      [
        ...setUp,
        `return forwardInBatches<Inputs, Outputs>(${literal(`${model.name}.forward`)}, inputTypes, outputTypes, ${list(programs)});`,
      ],
    ),
  );
}
