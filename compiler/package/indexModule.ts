/**
 * `index.ts`: the module's API. Shapes and sizes are literals in the types; arguments are checked before
 * anything runs.
 */
import { plural } from '../diagnostics/diagnostic.ts';
import { formatBytes, formatCount } from '../program/bytes.ts';
import {
  functionSource,
  importsSource,
  interfaceSource,
  moduleSource,
  type ImportText,
} from '../emit/declarations.ts';
import { docComment } from '../emit/text.ts';
import { expectedTypes, tensorFields, typesLiteral, typeTest } from '../emit/api/tensors.ts';
import { publicBuffers } from '../emit/api/publicBuffers.ts';
import { hasPhase, type Api, type ForwardText } from '../emit/api/types.ts';
import { imageImports, imageSource, labelsSource, manyLabelsSource } from './imageApi.ts';
import { TRAINING_OPTIONS } from '../emit/api/trainingOptions.ts';
import { classifierOf, fitExports } from './fitModule.ts';
import { loadOptions, loadSource, optionCheck, sourceImports } from './loadFunction.ts';
import { weightsLiteral } from '../emit/weights.ts';
import { totalsOf } from './totals.ts';
import { wholeTargets } from '../emit/api/trainingSite.ts';
import { isInline, takesOthers, type PackageOptions } from '../emit/model.ts';
import type { TargetedModel } from '../emit/target.ts';

export function indexModule(model: TargetedModel, host: Api, options: PackageOptions): string {
  const inline = isInline(options, 'weights');
  const types = loadOptions(host, inline);
  return moduleSource(
    headerOf(model, host),
    importsSource(importsOf(model, host, sourceImports(model, inline))),
    infoSource(model),
    labelsSource(model),
    host.calls === 'promised' ? host.types(model, types) : typesSource(model, types),
    host.calls === 'promised' ? '' : forwardSource(model, host.forward(model)),
    loadSource(model, host, inline),
    imageSource(model),
    manyLabelsSource(model),
    fitExports(model),
  );
}

function headerOf(model: TargetedModel, { calls }: Api): string {
  const totals = totalsOf(model);
  const outputs = Object.keys(model.outputs).join(', ');
  const inputs = Object.keys(model.inputs).join(', ');
  const sizes = `${formatCount(model.parameterCount)} parameters, ${formatCount(totals.multiplyAdds)} multiply-adds`;
  const targets = Object.keys(model.training?.targets ?? {})
    .map((name) => `, ${name}`)
    .join('');
  const wait = calls === 'promised' ? 'await ' : '';
  const training = [
    '',
    `    const trainer = await load({ training: true, learningRate: 0.01 });`,
    `    const { loss } = ${wait}trainer.trainStep({ ${inputs}${targets} });`,
  ];
  return docComment([
    `${model.name}, compiled by cnnc from ${model.source}.`,
    `${sizes}, ${plural(totals.kernelCalls, 'kernel call')}, arena ${formatBytes(model.plan.arenaBytes)}.`,
    '',
    '    const model = await load();',
    `    const { ${outputs} } = ${wait}model.forward({ ${inputs} });`,
    ...(model.training ? training : []),
  ]);
}

function importsOf(model: TargetedModel, host: Api, source: readonly ImportText[]): ImportText[] {
  const trains = model.training !== undefined;
  const own = [...host.indexImports(model), ...source];
  const runtime = own.filter(({ from }) => from === './runtime.js').flatMap(({ names }) => names);
  return [
    { from: './forward.js', names: ['forward as runForward'] },
    ...own.filter(({ from }) => from !== './runtime.js'),
    ...((trains || model.canonical) && hasPhase(model, 'prepare')
      ? [{ from: './prepare.js', names: ['prepare'] }]
      : []),
    ...(trains ? [{ from: './training/trainer.js', names: ['Trainer'], isTypeOnly: true }] : []),
    ...(classifierOf(model)
      ? [{ from: './training/fit.js', names: ['FitOptions', 'FitResult'], isTypeOnly: true }]
      : []),
    {
      from: './runtime.js',
      names: [
        ...(host.calls === 'immediate' ? ['checkInputs'] : []),
        optionCheck(model),
        ...runtime,
        ...(trains ? ['type Hyperparameters'] : []),
        ...imageImports(model),
      ],
    },
  ];
}

const literal = (value: unknown): string => JSON.stringify(value);

function infoSource(model: TargetedModel): string {
  const totals = totalsOf(model);
  const { training } = model;
  const trains = training
    ? `training: { optimizer: '${training.optimizer}', targets: ${typesLiteral(wholeTargets(training))}, arenaBytes: ${training.plan.arenaBytes} },`
    : '';
  return `/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: ${literal(model.name)},
  target: '${model.target.name}',
  inputs: ${typesLiteral(model.inputs)},
  outputs: ${typesLiteral(model.outputs)},
  parameters: ${model.parameterCount},
  multiplyAdds: ${totals.multiplyAdds},
  arenaBytes: ${model.plan.arenaBytes},
  weightBytes: ${totals.weightBytes},
  ${weightsLiteral(model)},
  kernels: ${totals.kernelCalls},
  ${trains}
} as const;
`;
}

const LOAD_WEIGHTS = `  /**
   * Replaces the weights by those of a safetensors file with the model's names and shapes, such as a state dict of PyTorch
   * or what \`exportWeights()\` of a trainer returns. Throws if the file does not fit; the weights then stay as they were.
   * The results of the last call are overwritten.
   */
  loadWeights(bytes: Uint8Array | ArrayBuffer): void;
`;

const modelType = (model: TargetedModel): string =>
  `export interface Model {
  readonly info: typeof info;
  /**
   * Runs the network. The next call overwrites the returned arrays; pass \`out\` to get the results in your own
   * arrays.
   */
  forward(inputs: Inputs, out?: Outputs): Outputs;
${takesOthers(model) ? LOAD_WEIGHTS : ''}  /** Does nothing: this target has nothing to release. All targets have this method. */
  close(): void;
}
`;

const typesSource = (model: TargetedModel, loadOptions: string): string =>
  moduleSource(
    interfaceSource('Inputs', tensorFields(model.inputs)),
    interfaceSource('Outputs', tensorFields(model.outputs)),
    loadOptions,
    modelType(model),
    model.training ? TRAINING_OPTIONS : '',
  );

/** `createForward` and the types that it checks arguments with. */
function forwardSource(model: TargetedModel, forward: ForwardText): string {
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
function callText(model: TargetedModel, { begin, run }: ForwardText, results: string): string {
  const call = literal(`${model.name}.forward`);
  const copies = (role: 'input' | 'output', copy: (inside: string, outside: string) => string): string =>
    publicBuffers(model, role)
      .map(({ name, publicName }) => copy(`memory.${name}`, publicName!))
      .join('\n');
  return `return (inputs, out) => {
    if (${typeTest('inputs', model.inputs)}) checkInputs(${call}, inputTypes, inputs);
    if (out && (${typeTest('out', model.outputs, false)})) checkInputs(${call}, outputTypes, out, 'out');
    ${begin(results)}${copies('input', (inside, outside) => `${inside}.set(inputs.${outside});`)}
    ${run}
    if (!out) return results;
    ${copies('output', (inside, outside) => `out.${outside}.set(${inside});`)}
    return out;
  };`;
}
